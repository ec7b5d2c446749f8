//! [`TransferList`]: how the service sends lists.

use serde::de::DeserializeOwned;

use crate::model::model;
use crate::paging::{Page, PageInfo, Paged};

model! {
    /// A page of a list of the Transfer service.
    pub struct TransferList<T> {
        /// The items of this page.
        data as "DATA": Vec<T> = list,
        /// Whether another page follows; in lists that do not count their items.
        has_next_page: Option<bool>,
        /// How many items there are in all pages; in lists that count them.
        total: Option<u64>,
        /// How many items this page may hold.
        limit: Option<u64>,
        /// How many items of the list come before this page.
        offset: Option<u64>,
        /// How many items this page holds.
        length: Option<u64>,
        /// The kind of list.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl<T: DeserializeOwned + Send + 'static> Page for TransferList<T> {
    type Item = T;
}

impl<T: DeserializeOwned + Send + 'static> Paged<T> for TransferList<T> {
    fn info(&self) -> PageInfo {
        PageInfo { len: self.data.len(), has_next_page: self.has_next_page, total: self.total }
    }

    fn into_items(self) -> Vec<T> {
        self.data
    }

    fn truncate(&mut self, count: usize) {
        self.data.truncate(count);
    }
}

impl<T> IntoIterator for TransferList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}
