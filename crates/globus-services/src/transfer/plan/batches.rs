//! [`Batches`]: items put together to submissions.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use globus_transport::{Error, ErrorKind};

use super::item::{Fingerprint, PlannedItem};
use super::journal::{PlanEntry, PlanJournal};
use crate::transfer::TransferData;

pub(super) type Items = Pin<Box<dyn Stream<Item = Result<PlannedItem, Error>> + Send>>;

/// How large a submission may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) items: u64,
    pub(super) bytes: u64,
}

/// The items of a plan, put together as they come.
pub(super) struct Batches {
    items: Items,
    /// What each submission starts from.
    template: TransferData,
    pub(super) limits: Limits,
    pub(super) journal: PlanJournal,
    /// How many items were taken.
    taken: u64,
    batch: Option<Batch>,
    /// An item that was too large for the last submission.
    held: Option<PlannedItem>,
    has_ended: bool,
}

/// Items for one submission.
pub(super) struct Batch {
    pub(super) data: TransferData,
    pub(super) first_item: u64,
    pub(super) items: u64,
    pub(super) bytes: u64,
    pub(super) fingerprint: Fingerprint,
    /// How many items it may have.
    most: u64,
    /// What the journal has of it.
    pub(super) known: Option<PlanEntry>,
}

/// After so many items others have their turn.
const A_TURN: usize = 1024;

impl Batches {
    pub(super) fn new(items: Items, template: TransferData, limits: Limits) -> Self {
        Self {
            items,
            template,
            limits,
            journal: PlanJournal::new(),
            taken: 0,
            batch: None,
            held: None,
            has_ended: false,
        }
    }

    /// Whether every submission would have them.
    pub(super) fn has_template_items(&self) -> bool {
        !self.template.is_empty()
    }

    /// The next submission; those of which the journal has the task are passed over.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Batch>, Error>> {
        for _ in 0..A_TURN {
            if self.batch.as_ref().is_some_and(|batch| batch.items >= batch.most)
                && let Some(batch) = self.close()?
            {
                return Poll::Ready(Ok(Some(batch)));
            }
            let Some(item) = ready!(self.poll_item(cx))? else {
                return Poll::Ready(self.close());
            };
            let batch = match &mut self.batch {
                Some(batch) => batch,
                none => none.insert(Batch::new(self.taken, &self.template, &self.journal, self.limits)),
            };
            let full = batch.known.is_none()
                && batch.items > 0
                && batch.bytes.saturating_add(item.bytes) > self.limits.bytes;
            if full {
                self.held = Some(item);
                return Poll::Ready(self.close());
            }
            batch.push(&item);
            self.taken += 1;
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<PlannedItem>, Error>> {
        if let Some(held) = self.held.take() {
            return Poll::Ready(Ok(Some(held)));
        }
        if self.has_ended {
            return Poll::Ready(Ok(None));
        }
        let item = ready!(self.items.as_mut().poll_next(cx)).transpose();
        self.has_ended = !matches!(item, Ok(Some(_)));
        Poll::Ready(item)
    }

    /// The submission that was put together; `None` when its task is known, or there is none.
    fn close(&mut self) -> Result<Option<Batch>, Error> {
        let Some(batch) = self.batch.take() else { return Ok(None) };
        let Some(known) = &batch.known else { return Ok(Some(batch)) };
        if (known.items, known.fingerprint) != (batch.items, batch.fingerprint.value()) {
            let why = format!(
                "the {} items from number {} on are not those that the journal is about; make the plan with the same items in the same order",
                known.items, known.first_item
            );
            return Err(Error::new(ErrorKind::Usage, why));
        }
        Ok(known.task_id.is_none().then_some(batch))
    }
}

impl Batch {
    fn new(first_item: u64, template: &TransferData, journal: &PlanJournal, limits: Limits) -> Self {
        let known = journal.at(first_item).cloned();
        let before_next = journal.next_after(first_item).map_or(u64::MAX, |next| next - first_item);
        let most = known.as_ref().map_or(limits.items.min(before_next), |known| known.items);
        let (bytes, fingerprint) = (0, Fingerprint::default());
        Self { data: template.clone(), first_item, items: 0, bytes, fingerprint, most, known }
    }

    fn push(&mut self, item: &PlannedItem) {
        self.items += 1;
        self.bytes = self.bytes.saturating_add(item.bytes);
        self.fingerprint.add(&item.item);
        if self.known.as_ref().is_none_or(|known| known.task_id.is_none()) {
            self.data.push_item(&item.item);
        }
    }
}
