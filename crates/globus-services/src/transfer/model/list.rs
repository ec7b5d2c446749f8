//! [`TransferList`]: how the service sends lists.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::model::{CollectionId, model};
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
        /// Where the next page starts; in lists that are read by markers.
        next_marker: Option<Value>,
        /// Where this page starts; in lists that are read by markers.
        marker: Option<Value>,
        /// The key of the last item; in lists that are read by keys.
        last_key: Option<Value>,
        /// The endpoint or collection that the list is about.
        endpoint: Option<CollectionId>,
        /// The kind of list.
        data_type as "DATA_TYPE": Option<String>,
    }
}

impl<T: DeserializeOwned + Send + 'static> Page for TransferList<T> {
    type Item = T;
}

impl<T: DeserializeOwned + Send + 'static> Paged<T> for TransferList<T> {
    fn info(&self) -> PageInfo {
        let next = PageInfo::next(self.next_marker.as_ref().or(self.last_key.as_ref()));
        PageInfo { has_next_page: self.has_next_page, total: self.total, ..next }
    }

    fn items_mut(&mut self) -> &mut Vec<T> {
        &mut self.data
    }
}

impl<T> IntoIterator for TransferList<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}
