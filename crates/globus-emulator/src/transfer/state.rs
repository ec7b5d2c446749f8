//! Everything Transfer remembers.

use serde_json::Value;

use super::collection::Collection;
use super::task::Task;
use crate::store::{Table, tables};

tables! {
    pub(crate) struct TransferState {
        pub(crate) collections: Table<Collection>,
        pub(crate) tasks: Table<Task>,
        /// The task that each submission id of an identity led to, by identity and submission id.
        pub(crate) submissions: Table<String>,
        /// The collections an identity used, the last one last.
        pub(crate) recent: Table<Vec<String>>,
        /// Bookmarks, with the identity they belong to.
        pub(crate) bookmarks: Table<(String, Value)>,
    }
}
