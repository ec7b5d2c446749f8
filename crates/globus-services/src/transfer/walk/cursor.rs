//! [`WalkCursor`]: where a walk has got to.

use serde::{Deserialize, Serialize};

use super::trail::Trail;

/// Where a walk has got to, so that it can go on later, in another process if need be: it can be stored in any format that serde
/// knows.
///
/// It holds the directories that are to be listed, and for those that were given in part, how many of their entries were. Nothing is
/// lost and nothing comes twice, as long as the service lists a directory that is unchanged in the same order. It does not hold
/// filters and settings: give the walk that goes on the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkCursor {
    pub(super) directories: Vec<Directory>,
}

impl WalkCursor {
    /// Whether there is nothing more to list.
    pub fn is_at_end(&self) -> bool {
        self.directories.is_empty()
    }

    /// How many directories are to be listed, as far as they are known.
    pub fn len(&self) -> usize {
        self.directories.len()
    }

    /// The same as [`Self::is_at_end`].
    pub fn is_empty(&self) -> bool {
        self.is_at_end()
    }
}

/// A directory that is to be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Directory {
    pub(super) path: Box<str>,
    /// How far below the start.
    pub(super) depth: u32,
    /// How many of its entries were given.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) given: u64,
    /// Only in walks that follow links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trail: Option<Box<Trail>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}
