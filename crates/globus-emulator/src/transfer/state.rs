//! Everything Transfer remembers.

use std::path::Path;

use super::bookmarks::Bookmark;
use super::collection::Collection;
use super::manager::AdminCancel;
use super::pause::PauseRule;
use super::task::{Status, Task};
use super::task_table::Tasks;
use super::v2::{AccessPoint, Tunnel};
use crate::store::{Table, tables};

tables! {
    pub(crate) struct TransferState {
        pub(crate) collections: Table<Collection>,
        pub(crate) tasks: Tasks,
        /// The task that each submission id of an identity led to, by identity and submission id.
        pub(crate) submissions: Table<String>,
        /// The collections an identity used, the last one last.
        pub(crate) recent: Table<Vec<String>>,
        pub(crate) bookmarks: Table<Bookmark>,
        pub(crate) pause_rules: Table<PauseRule>,
        pub(crate) admin_cancels: Table<AdminCancel>,
        pub(crate) access_points: Table<AccessPoint>,
        pub(crate) tunnels: Table<Tunnel>,
    }
}

impl TransferState {
    /// Whether tasks are running on a collection.
    pub(crate) fn is_in_use(&self, id: &str) -> bool {
        self.running().any(|task| task.touches(id))
    }

    /// Whether tasks of an identity are running on a collection.
    pub(crate) fn uses(&self, identity: &str, id: &str) -> bool {
        self.running().any(|task| task.owner_id == identity && task.touches(id))
    }

    fn running(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter(|task| task.status == Status::Active)
    }

    /// After all directories were moved together.
    pub(crate) fn move_roots(&mut self, from: &Path, to: &Path) {
        let below =
            |collection: &Collection| collection.root.as_ref().is_some_and(|root| root.starts_with(from));
        self.collections.change_where(below, |collection| {
            let root = collection.root.take();
            collection.root =
                root.map(|root| root.strip_prefix(from).map_or(root.clone(), |rest| to.join(rest)));
        });
    }
}
