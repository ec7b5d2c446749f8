//! [`Paging`]: how one operation pages.

use super::PageInfo;
use super::cursor::Position;

/// How one operation pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    pub(super) step: Step,
    end: End,
    /// The parameter that says how many items a page may hold, and how many are asked for when the caller does not say.
    pub(super) size: Option<(&'static str, Option<u64>)>,
    /// Beyond how many items in all the service does not go.
    pub(super) cap: Option<u64>,
}

/// How the next page is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// By the number of items before it, in `offset`.
    Offset,
    /// By what the last page named, in this parameter.
    Marker(&'static str),
    /// At the address that the last page gave (`links.next` in JSON:API).
    Link,
}

/// How the last page is recognised.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    /// `has_next_page` is false; it has to be there.
    NoNextPage,
    /// As many items as `total` says have come; it has to be there.
    Total,
    /// Nothing names a next page.
    NoMarker,
}

impl Paging {
    /// By `limit` and `offset`, so many items a page unless the caller says otherwise.
    pub(crate) const fn offset(end: End, page_size: u64) -> Self {
        Self { step: Step::Offset, end, size: Some(("limit", Some(page_size))), cap: None }
    }

    /// By what each page names as the start of the next, which goes into `parameter`.
    pub(crate) const fn marker(parameter: &'static str, end: End) -> Self {
        Self { step: Step::Marker(parameter), end, size: None, cap: None }
    }

    /// By the address of the next page, in each page.
    pub(crate) const fn link() -> Self {
        Self { step: Step::Link, end: End::NoMarker, size: None, cap: None }
    }

    /// The same where the service gives no more than so many items in all.
    pub(crate) const fn capped(mut self, items: u64) -> Self {
        self.cap = Some(items);
        self
    }

    /// The same where `parameter` says how many items a page may hold.
    pub(crate) const fn sized_by(mut self, parameter: &'static str) -> Self {
        self.size = Some((parameter, None));
        self
    }

    /// Where the next page starts, by what the last one said and the number of items up to its end; `None` after the last page.
    pub(super) fn next(self, info: PageInfo, seen: u64) -> Result<Option<Position>, &'static str> {
        let more = match self.end {
            End::NoNextPage => info.has_next_page.ok_or(UNSAID)?,
            End::Total => seen < info.total.ok_or(UNSAID)?,
            End::NoMarker => info.next.is_some(),
        };
        if !more {
            return Ok(None);
        }
        match (self.step, info.next) {
            (Step::Offset, _) => Ok(Some(Position::Offset(seen))),
            (Step::Marker(_), Some(marker)) => Ok(Some(Position::Marker(marker))),
            (Step::Link, Some(link)) => Ok(Some(Position::Link(link))),
            (_, None) => Err("the service says that there is another page, and not where; try again later"),
        }
    }
}

const UNSAID: &str =
    "the answer does not say whether there is another page; the service has changed, or is another";
