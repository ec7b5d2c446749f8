//! What a page is.

use serde::de::DeserializeOwned;
use serde_json::Value;

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
        fn items_mut(&mut self) -> &mut Vec<Item>;
    }
}

/// What a page says about itself and its successor. Which of it counts is the operation's rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(unnameable_types, reason = "it belongs to the sealed trait")]
pub struct PageInfo {
    /// Whether it says that there is another page.
    pub has_next_page: Option<bool>,
    /// How many items it says there are in all pages.
    pub total: Option<u64>,
    /// Where it says that the next page starts: a marker, a key, or an address.
    pub next: Option<String>,
}

impl PageInfo {
    /// Of a page that names where the next one starts: by a text, or a number; `null` on the last.
    pub(crate) fn next(marker: Option<&Value>) -> Self {
        let next = match marker {
            None | Some(Value::Null) => None,
            Some(Value::String(marker)) => Some(marker.clone()),
            Some(marker) => Some(marker.to_string()),
        };
        Self { next, ..Self::default() }
    }
}
