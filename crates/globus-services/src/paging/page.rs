//! What a page is, and how an operation pages.

use serde::de::DeserializeOwned;

/// A page of a list. The documents of this crate that come in pages implement it, and no other type can.
pub trait Page: sealed::Paged<Self::Item> {
    /// What the list is made of.
    type Item: Send + 'static;
}

/// What the paging engine asks of a page. It may come to ask for more, so no other crate implements it.
pub(crate) mod sealed {
    use super::{DeserializeOwned, PageInfo};

    #[expect(unnameable_types, reason = "no other crate shall implement it")]
    pub trait Paged<Item>: DeserializeOwned + Send + 'static {
        /// What the page says about itself and its successor.
        fn info(&self) -> PageInfo;

        /// The page's items.
        fn into_items(self) -> Vec<Item>;

        /// Drops the items after the first `count`.
        fn truncate(&mut self, count: usize);
    }
}

/// What a page says about itself and its successor. Which of it counts is the operation's rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(unnameable_types, reason = "it belongs to the sealed trait")]
pub struct PageInfo {
    /// How many items it holds.
    pub len: usize,
    /// Whether it says that there is another page.
    pub has_next_page: Option<bool>,
    /// How many items it says there are in all pages.
    pub total: Option<u64>,
}

/// How one operation pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paging {
    pub(crate) rule: Rule,
    /// How many items are asked for at once when the caller does not say.
    pub(crate) page_size: u64,
    /// Beyond how many items in all the service does not go.
    pub(crate) cap: Option<u64>,
}

/// How it is known whether there is a next page, and where it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// `limit` and `offset`; there is another page while `has_next_page` is true.
    OffsetHasNext,
    /// `limit` and `offset`; there is another page while the offset is below `total`.
    OffsetTotal,
}

impl Rule {
    /// Whether, by what the last page said, items remain after the first `seen` of the list.
    pub(crate) fn more(self, info: &PageInfo, seen: u64) -> Option<bool> {
        match self {
            Self::OffsetHasNext => info.has_next_page,
            Self::OffsetTotal => info.total.map(|total| seen < total),
        }
    }
}
