//! [`TransferPlan`]: more items than one submission takes.

mod batches;
mod driver;
mod item;
mod journal;
mod source;
mod submissions;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use futures_core::Stream;
use globus_transport::Error;

use self::batches::{Batches, Items, Limits};
use self::driver::Driver;
pub use self::item::PlannedItem;
pub use self::journal::{PlanEntry, PlanJournal};
use self::source::{Given, Iterated, Mapped};
pub use self::submissions::{PlanSubmissions, PlannedSubmission};
use super::{TransferClient, TransferData};

impl TransferClient {
    /// Submits the items of a plan, as a stream of what was submitted.
    ///
    /// Nothing is sent until the stream is read. Each item is in exactly one submission, and each submission is sent under its own id,
    /// however often it is tried. After the first submission that fails, no other is begun; those that were under way come before
    /// the error.
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/task_submit/). See [`Self::submit_transfer`] for the errors. Submissions are sent in tasks of their own, so that needs a Tokio runtime.
    pub fn submit_plan(&self, plan: TransferPlan) -> PlanSubmissions {
        PlanSubmissions::new(Driver::new(self.clone(), plan))
    }
}

/// Any number of items, to be submitted in as many transfers as it takes.
///
/// Items are taken as they are needed and written as JSON at once: in memory are the submissions under way, and the one that is being
/// put together.
///
/// ```no_run
/// use globus_services::transfer::{TransferClient, TransferData, TransferItem, TransferPlan};
///
/// # async fn example(transfer: TransferClient, from: &str, to: &str) -> Result<(), globus_transport::Error> {
/// let data = TransferData::new(from, to).label("archive");
/// let items = (0..2_000_000).map(|i| TransferItem::new(format!("/run/part_{i}.h5"), format!("/archive/part_{i}.h5")));
/// let mut submissions = transfer.submit_plan(TransferPlan::from_iter(data, items).max_items(500_000));
/// while let Some(submission) = submissions.try_next().await? {
///     println!("{}: {} items", submission.response.task_id, submission.entry.items);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # After a crash
///
/// With [`record`](Self::record), each submission is written down before it is sent and when its task is known. A plan with the same
/// items in the same order goes on from there:
///
/// ```no_run
/// use std::fs::{File, OpenOptions};
/// use std::io::{BufRead, BufReader, Write};
///
/// use globus_services::transfer::{PlanJournal, TransferClient, TransferData, TransferItem, TransferPlan};
///
/// # async fn example(transfer: TransferClient, data: TransferData, items: Vec<TransferItem>) -> Result<(), Box<dyn std::error::Error>> {
/// let file = OpenOptions::new().create(true).append(true).open("plan.jsonl")?;
/// let lines = BufReader::new(File::open("plan.jsonl")?).lines();
/// let journal = lines.map(|line| Ok(serde_json::from_str(&line?)?)).collect::<Result<PlanJournal, std::io::Error>>()?;
///
/// let plan = TransferPlan::from_iter(data, items).resume(journal).record(move |entry| {
///     let mut file = file.try_clone();
///     async move {
///         writeln!(file.as_mut().map_err(|err| err.kind())?, "{}", serde_json::to_string(&entry)?)?;
///         file?.sync_data()
///     }
/// });
/// let mut submissions = transfer.submit_plan(plan);
/// while submissions.try_next().await?.is_some() {}
/// let tasks = submissions.journal().tasks();
/// # Ok(())
/// # }
/// ```
#[must_use = "a plan does nothing until it is submitted"]
pub struct TransferPlan {
    batches: Batches,
    in_flight: usize,
    live_tasks: usize,
    recorder: Option<Recorder>,
}

type Recorder = Box<dyn FnMut(PlanEntry) -> Recording + Send>;
type Recording = Pin<Box<dyn Future<Output = Result<(), Box<dyn std::error::Error + Send + Sync>>> + Send>>;

impl TransferPlan {
    /// A plan for the items of a stream. Each submission is made like `data`, which has none.
    pub fn from_stream<S>(data: TransferData, items: S) -> Self
    where
        S: Stream<Item: Into<PlannedItem>> + Send + 'static,
    {
        Self::new(data, Box::pin(Mapped::new(items, Given::item)))
    }

    /// The same for a stream that may fail: no submission is begun then, and the error comes last.
    pub fn from_try_stream<S, T, E>(data: TransferData, items: S) -> Self
    where
        S: Stream<Item = Result<T, E>> + Send + 'static,
        T: Into<PlannedItem> + 'static,
        E: Into<Error> + 'static,
    {
        Self::new(data, Box::pin(Mapped::new(items, Given::result)))
    }

    /// The same for items at hand, or made as they are needed.
    pub fn from_iter<I>(data: TransferData, items: I) -> Self
    where
        I: IntoIterator<Item: Into<PlannedItem>, IntoIter: Send + 'static>,
    {
        Self::new(data, Box::pin(Iterated(items.into_iter())))
    }

    fn new(data: TransferData, items: Items) -> Self {
        let limits = Limits { items: 100_000, bytes: u64::MAX };
        Self {
            batches: Batches::new(items, data, limits),
            in_flight: 2,
            live_tasks: usize::MAX,
            recorder: None,
        }
    }

    /// How many items a submission has at most: 100 000 when not set, and at least 1. What the service allows is not known here.
    pub fn max_items(mut self, items: u64) -> Self {
        self.batches.limits.items = items.max(1);
        self
    }

    /// How many bytes a submission moves at most, as far as the items [say](PlannedItem::bytes); no limit when not set. An item that
    /// is larger is submitted alone.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.batches.limits.bytes = bytes;
        self
    }

    /// How many submissions are sent at once: 2 when not set, and at least 1.
    pub fn in_flight(mut self, submissions: usize) -> Self {
        self.in_flight = submissions.max(1);
        self
    }

    /// How many tasks may be going on at once, at least 1: with as many, the next submission waits until one of them has ended. No limit
    /// when not set.
    pub fn live_tasks(mut self, tasks: usize) -> Self {
        self.live_tasks = tasks.max(1);
        self
    }

    /// Has `record` write down each submission: before it is sent, without a task, and again with it. When that fails, no further
    /// submission is begun.
    pub fn record<F, E>(mut self, mut record: impl FnMut(PlanEntry) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.recorder = Some(Box::new(move |entry| {
            let recording = record(entry);
            Box::pin(async move { recording.await.map_err(Into::into) })
        }));
        self
    }

    /// Goes on from what another plan with the same items has recorded. Submissions whose task is known are not sent; those of which it
    /// is not known whether they arrived are sent again under their id, so that no item is transferred twice. How items are
    /// divided may change for those that were not yet part of a submission.
    ///
    /// The service remembers submission ids for a limited time: do not wait for days.
    pub fn resume(mut self, journal: PlanJournal) -> Self {
        self.batches.journal = journal;
        self
    }
}

impl fmt::Debug for TransferPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransferPlan")
            .field("limits", &self.batches.limits)
            .field("in_flight", &self.in_flight)
            .field("live_tasks", &self.live_tasks)
            .finish_non_exhaustive()
    }
}
