//! [`Listing`]: a page of a directory, handed over entry by entry.

use std::sync::Arc;

use super::cursor::Directory;
use super::entry::{WalkEntry, join};
use super::trail::Trail;
use crate::transfer::{FileEntry, FileList};

/// A page of a directory.
#[derive(Debug)]
pub(super) struct Listing {
    directory: Directory,
    /// The directory's path, shared by its entries.
    path: Arc<str>,
    entries: std::vec::IntoIter<FileEntry>,
    /// Whether another page follows.
    more: bool,
}

impl Listing {
    pub(super) fn new(mut directory: Directory, page: FileList, follow_symlinks: bool) -> Self {
        if directory.path.is_empty() {
            // The collection's default directory: only the service knows which it is.
            directory.path = page.path.as_deref().unwrap_or("/").into();
        }
        if follow_symlinks && directory.trail.is_none() {
            let real = page.absolute_path.as_deref().unwrap_or(&directory.path);
            directory.trail = Some(Box::new(Trail::start(real)));
        }
        let end = directory.given.saturating_add(page.data.len() as u64);
        let more = !page.data.is_empty() && page.total.is_some_and(|total| total > end);
        Self { path: (&*directory.path).into(), entries: page.data.into_iter(), more, directory }
    }

    pub(super) fn next(&mut self) -> Option<WalkEntry> {
        let entry = self.entries.next()?;
        self.directory.given += 1;
        Some(WalkEntry { entry, depth: self.directory.depth + 1, directory: Arc::clone(&self.path) })
    }

    /// `entry` as a directory to be listed; `None` when it is none, or a link that is not to be followed.
    pub(super) fn below(&self, entry: &WalkEntry, follow_symlinks: bool) -> Option<Directory> {
        if !entry.entry.is_dir() {
            return None;
        }
        let name = &entry.entry.name;
        let trail = match (&entry.entry.link_target, follow_symlinks, &self.directory.trail) {
            (Some(_), false, _) => return None,
            (Some(target), true, Some(trail)) => Some(Box::new(trail.along_link(target)?)),
            (None, true, Some(trail)) => Some(Box::new(trail.down(name))),
            _ => None,
        };
        Some(Directory { path: join(&self.path, name).into(), depth: entry.depth, given: 0, trail })
    }

    /// What is left of the directory, as something to be listed.
    pub(super) fn rest(&self) -> Option<Directory> {
        (self.more || self.entries.len() > 0).then(|| self.directory.clone())
    }

    /// The next page, once this one is given to its end.
    pub(super) fn into_rest(self) -> Option<Directory> {
        self.more.then_some(self.directory)
    }
}
