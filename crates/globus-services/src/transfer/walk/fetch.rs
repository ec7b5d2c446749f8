//! [`Fetches`]: the listings under way.

use std::future::IntoFuture;
use std::panic;
use std::task::{Context, Poll, ready};

use globus_transport::{Error, ErrorKind};
use tokio::task::{Id, JoinError, JoinSet};
use tracing::{Instrument, Span};

use super::cursor::Directory;
use crate::transfer::FileList;
use crate::transfer::requests::OperationLs;

/// Listings under way, each in a task of its own: they go on while nobody waits for them. Dropping this ends them.
pub(super) struct Fetches {
    request: OperationLs,
    tasks: JoinSet<Result<FileList, Error>>,
    /// What each task lists.
    directories: Vec<(Id, Directory)>,
}

impl Fetches {
    pub(super) fn new(request: OperationLs) -> Self {
        Self { request, tasks: JoinSet::new(), directories: Vec::new() }
    }

    pub(super) fn change(&mut self, change: impl FnOnce(OperationLs) -> OperationLs) {
        self.request = change(self.request.clone());
    }

    /// How many there are, those included that have come and were not taken.
    pub(super) fn len(&self) -> usize {
        self.directories.len()
    }

    pub(super) fn directories(&self) -> impl Iterator<Item = &Directory> {
        self.directories.iter().map(|(_, directory)| directory)
    }

    pub(super) fn start(&mut self, directory: Directory) {
        let mut request = self.request.clone();
        if !directory.path.is_empty() {
            request = request.path(&*directory.path);
        }
        if directory.given > 0 {
            request = request.offset(directory.given);
        }
        let task = self.tasks.spawn(request.into_future().instrument(Span::current()));
        self.directories.push((task.id(), directory));
    }

    /// Gives up all that are under way, and says which.
    pub(super) fn abort(&mut self) -> impl Iterator<Item = Directory> + use<> {
        self.tasks = JoinSet::new();
        std::mem::take(&mut self.directories).into_iter().map(|(_, directory)| directory)
    }

    /// The next that has come; `None` when there is none under way.
    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<(Directory, Result<FileList, Error>)>> {
        let Some(joined) = ready!(self.tasks.poll_join_next_with_id(cx)) else { return Poll::Ready(None) };
        let (id, answer) = match joined {
            Ok(joined) => joined,
            Err(gone) => (gone.id(), Err(ended(gone))),
        };
        let place = self.directories.iter().position(|(task, _)| *task == id);
        Poll::Ready(place.map(|place| (self.directories.swap_remove(place).1, answer)))
    }
}

fn ended(gone: JoinError) -> Error {
    match gone.try_into_panic() {
        // As if it had been polled in place.
        Ok(payload) => panic::resume_unwind(payload),
        Err(_) => Error::new(ErrorKind::Network, "the runtime in which the directory was listed has ended"),
    }
}
