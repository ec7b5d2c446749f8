//! Everything Transfer remembers.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::collection::Collection;
use super::task::Task;

#[derive(Debug, Default)]
pub(crate) struct TransferState {
    pub(crate) collections: BTreeMap<String, Collection>,
    pub(crate) tasks: BTreeMap<String, Task>,
    /// The task that each submission id of an identity led to.
    pub(crate) submissions: HashMap<(String, String), String>,
    /// The collections an identity used, the last one last.
    pub(crate) recent: HashMap<String, Vec<String>>,
    /// Bookmarks, with the identity they belong to.
    pub(crate) bookmarks: BTreeMap<String, (String, Value)>,
}
