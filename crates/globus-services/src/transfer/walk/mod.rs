//! [`Walk`]: all that is in a directory and below it, as a stream.

mod cursor;
mod entry;
mod fetch;
mod listing;
mod trail;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use self::cursor::Directory;
pub use self::cursor::WalkCursor;
pub use self::entry::{WalkEntry, WalkError};
use self::fetch::Fetches;
use self::listing::Listing;
use super::TransferClient;
use super::requests::OperationLs;
use crate::OneOrMany;
use crate::model::CollectionId;

impl TransferClient {
    /// Lists a directory and all that is below it, as a stream of entries, breadth first.
    ///
    /// Several directories are listed at once ([8](Walk::concurrency), unless set): entries of one directory stay together
    /// and in order, directories come as they are answered. What is kept in memory is which directories are still to be listed, and
    /// for each of those under way a page: whoever reads slowly is waited for.
    ///
    /// A directory that cannot be listed is an `Err` in the stream, and the walk goes on, unless [told otherwise](Walk::end_on_error).
    /// Symbolic links to directories are not followed, unless [asked to](Walk::follow_symlinks).
    ///
    /// ```no_run
    /// # async fn example(transfer: globus_services::transfer::TransferClient, id: &str) {
    /// let mut walk = transfer.walk(id, "/share/").max_depth(5).descend(|directory| directory.entry.name != ".git");
    /// while let Some(item) = walk.next().await {
    ///     match item {
    ///         Ok(found) => println!("{} {}", found.path(), found.entry.size.unwrap_or(0)),
    ///         Err(error) => eprintln!("{error}"),
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// [Service documentation](https://docs.globus.org/api/transfer/file_operations/#list_directory_contents).
    /// The errors are those of [`Self::operation_ls`]. Directories are listed in tasks of their own, so that needs a Tokio runtime.
    pub fn walk(&self, collection_id: impl Into<CollectionId>, path: impl Into<String>) -> Walk {
        let start = Directory { path: path.into().into(), depth: 0, given: 0, trail: None };
        Walk {
            frontier: [start].into(),
            current: None,
            fetches: Fetches::new(self.operation_ls(collection_id).limit(PAGE)),
            settings: Settings {
                concurrency: 8,
                max_depth: u32::MAX,
                follow_symlinks: false,
                end_on_error: false,
            },
            filter: None,
            descend: None,
            ended: false,
        }
    }
}

/// How many entries are asked for at once: a few MB.
const PAGE: u64 = 10_000;

type Choice = Box<dyn FnMut(&WalkEntry) -> bool + Send>;

/// [`TransferClient::walk`]. Settings come first, then the reading; dropping it ends all that is under way.
#[must_use = "a walk lists nothing until it is read"]
pub struct Walk {
    /// Directories to be listed, nearest to the start first.
    frontier: VecDeque<Directory>,
    /// The page that is being given.
    current: Option<Listing>,
    fetches: Fetches,
    settings: Settings,
    filter: Option<Choice>,
    descend: Option<Choice>,
    ended: bool,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    concurrency: usize,
    max_depth: u32,
    follow_symlinks: bool,
    end_on_error: bool,
}

impl Walk {
    /// How many directories are listed at once: 8 when not set, and at least 1. The service may limit how many it answers.
    pub fn concurrency(mut self, directories: usize) -> Self {
        self.settings.concurrency = directories.max(1);
        self
    }

    /// Gives nothing that is further below the start: with 1, only what is directly in it.
    pub fn max_depth(mut self, depth: u32) -> Self {
        self.settings.max_depth = depth;
        self
    }

    /// Gives only the entries that pass. Directories that do not are still gone into: see [`Self::descend`].
    pub fn filter(mut self, passes: impl FnMut(&WalkEntry) -> bool + Send + 'static) -> Self {
        self.filter = Some(Box::new(passes));
        self
    }

    /// Goes only into the directories that pass; they are given all the same.
    pub fn descend(mut self, passes: impl FnMut(&WalkEntry) -> bool + Send + 'static) -> Self {
        self.descend = Some(Box::new(passes));
        self
    }

    /// Follows symbolic links to directories, but none that leads back to where the way has been, or above it.
    pub fn follow_symlinks(mut self, follow: bool) -> Self {
        self.settings.follow_symlinks = follow;
        self
    }

    /// Ends with the first directory that cannot be listed. The [cursor](Self::cursor) then starts with it.
    pub fn end_on_error(mut self, end: bool) -> Self {
        self.settings.end_on_error = end;
        self
    }

    /// Has the service list only entries that pass one of these filters, as for [`TransferClient::operation_ls`]. A directory that does
    /// not pass is not gone into: add `type:dir` to see all.
    pub fn ls_filter(self, filter: impl OneOrMany) -> Self {
        self.listing(|ls| ls.filter(filter))
    }

    /// Whether entries whose name starts with a dot are listed; the service does by default.
    pub fn show_hidden(self, show: bool) -> Self {
        self.listing(|ls| ls.show_hidden(show))
    }

    /// The local account to act as, where the identity maps to several.
    pub fn local_user(self, user: impl Into<String>) -> Self {
        self.listing(|ls| ls.local_user(user))
    }

    /// How many entries of a directory are asked for at once: 10 000 when not set, and at least 1.
    pub fn page_size(self, entries: u64) -> Self {
        self.listing(|ls| ls.limit(entries.max(1)))
    }

    /// Changes the request with which directories are listed, for what has no setting here, such as its `with_…` methods.
    pub fn listing(mut self, change: impl FnOnce(OperationLs) -> OperationLs) -> Self {
        self.fetches.change(change);
        self
    }

    /// Goes on where another walk has got to, in place of the start.
    pub fn resume(mut self, cursor: WalkCursor) -> Self {
        self.frontier = cursor.directories.into();
        self
    }

    /// What is still to be given.
    pub fn cursor(&self) -> WalkCursor {
        let begun = self.current.iter().filter_map(Listing::rest);
        let directories = begun.chain(self.fetches.directories().chain(&self.frontier).cloned());
        WalkCursor { directories: directories.collect() }
    }

    /// The next entry, or a directory that could not be listed; `None` at the end.
    ///
    /// Cancel-safe: nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<WalkEntry, WalkError>> {
        std::future::poll_fn(|cx| self.poll_item(cx)).await
    }

    /// The next entry; `None` at the end. A directory that could not be listed is an error here as well, after which the walk can be
    /// read on.
    ///
    /// # Errors
    /// As for [`TransferClient::operation_ls`].
    pub async fn try_next(&mut self) -> Result<Option<WalkEntry>, WalkError> {
        self.next().await.transpose()
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<WalkEntry, WalkError>>> {
        loop {
            while let Some(entry) = self.current.as_mut().and_then(Listing::next) {
                self.note_directory(&entry);
                if self.filter.as_mut().is_none_or(|passes| passes(&entry)) {
                    return Poll::Ready(Some(Ok(entry)));
                }
            }
            if self.ended {
                return Poll::Ready(None);
            }
            if let Some(rest) = self.current.take().and_then(Listing::into_rest) {
                self.frontier.push_front(rest);
            }
            self.list_more();
            let Some((directory, page)) = ready!(self.fetches.poll_next(cx)) else {
                return Poll::Ready(None);
            };
            match page {
                Ok(page) => {
                    self.current = Some(Listing::new(directory, page, self.settings.follow_symlinks));
                }
                Err(error) => {
                    let failed =
                        WalkError { path: directory.path.to_string(), depth: directory.depth, error };
                    if self.settings.end_on_error {
                        self.end(directory);
                    }
                    return Poll::Ready(Some(Err(failed)));
                }
            }
        }
    }

    /// Takes `entry` down to be listed if it is a directory to go into.
    fn note_directory(&mut self, entry: &WalkEntry) {
        if entry.depth >= self.settings.max_depth {
            return;
        }
        let follow = self.settings.follow_symlinks;
        let Some(directory) = self.current.as_ref().and_then(|listing| listing.below(entry, follow)) else {
            return;
        };
        if self.descend.as_mut().is_none_or(|passes| passes(entry)) {
            self.frontier.push_back(directory);
            self.list_more();
        }
    }

    /// Pages that nobody has taken count as well: this is what makes the walk wait for its reader.
    fn list_more(&mut self) {
        while self.fetches.len() < self.settings.concurrency {
            let Some(directory) = self.frontier.pop_front() else { break };
            self.fetches.start(directory);
        }
    }

    /// Gives up, so that the cursor starts with `failed`.
    fn end(&mut self, failed: Directory) {
        self.ended = true;
        for directory in self.fetches.abort() {
            self.frontier.push_front(directory);
        }
        self.frontier.push_front(failed);
    }
}

impl Stream for Walk {
    type Item = Result<WalkEntry, WalkError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(cx)
    }
}

impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk")
            .field("settings", &self.settings)
            .field("to_be_listed", &self.frontier.len())
            .field("under_way", &self.fetches.len())
            .finish_non_exhaustive()
    }
}
