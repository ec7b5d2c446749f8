//! How bytes move from an open file to another, and how it is made sure that they arrived.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, ScopedJoinHandle};

use super::at;
use super::checksum::Sum;
use super::job::Stop;
use crate::transfer::fault::Fault;

/// Read into memory at a time: little enough to be near still when it is read back.
pub(super) const PIECE: usize = 128 * 1024;
/// What a thread takes of a file at a time. A copy that is interrupted goes no further.
const CHUNK: u64 = 1024 * 1024;

/// Two pieces to be compared, kept for all files of a job. They have their size as soon as they are used.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    ours: Vec<u8>,
    theirs: Vec<u8>,
}

impl Buffers {
    pub(super) fn get(&mut self) -> (&mut [u8], &mut [u8]) {
        self.ours.resize(PIECE, 0);
        self.theirs.resize(PIECE, 0);
        (&mut self.ours, &mut self.theirs)
    }
}

/// A copy that is going on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Copy<'a> {
    pub(super) input: &'a File,
    pub(super) output: &'a File,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    /// What was written is read back and compared.
    pub(super) verify: bool,
}

/// Who a copy is made for.
pub(super) trait Watch {
    /// Whether it must stop at once.
    fn is_interrupted(&self) -> bool;
    /// Hears how much has moved, and may make it wait.
    fn moved(&mut self, bytes: u64);
}

impl Copy<'_> {
    /// Moves at most a piece of the file; how much of it there was.
    pub(super) fn piece(
        &self,
        at: u64,
        size: u64,
        sum: Option<&mut Sum>,
        buffers: &mut Buffers,
    ) -> Result<u64, Fault> {
        let size = usize::try_from(size).unwrap_or(PIECE).min(PIECE);
        let (ours, theirs) = buffers.get();
        let read = at::read_most(self.input, &mut ours[..size], at);
        let read = read.map_err(|error| Fault::io(&error, "READ", self.from))?;
        let ours = &ours[..read];
        at::write_all(self.output, ours, at).map_err(|error| self.writing(&error))?;
        if let Some(sum) = sum {
            sum.update(ours);
        }
        if self.verify {
            self.read_back(ours, at, &mut theirs[..read])?;
        }
        Ok(read as u64)
    }

    fn read_back(&self, ours: &[u8], at: u64, theirs: &mut [u8]) -> Result<(), Fault> {
        at::read_all(self.output, theirs, at).map_err(|error| self.writing(&error))?;
        if ours == theirs { Ok(()) } else { Err(self.differs()) }
    }

    fn writing(&self, error: &io::Error) -> Fault {
        if error.kind() == ErrorKind::UnexpectedEof {
            self.differs()
        } else {
            Fault::io(error, "WRITE", self.to)
        }
    }

    fn differs(&self) -> Fault {
        let detail = "The destination differs from the source after the transfer";
        Fault::new("VERIFY_CHECKSUM", "WRITE", self.to, detail)
    }

    /// Moves a file piece by piece, none larger than `most`; how much of it there was.
    pub(super) fn in_order(
        &self,
        size: u64,
        most: u64,
        mut sum: Option<&mut Sum>,
        buffers: &mut Buffers,
        watch: &mut impl Watch,
    ) -> Result<u64, Stop> {
        let mut at = 0;
        while at < size {
            if watch.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let more = self.piece(at, most.min(size - at), sum.as_deref_mut(), buffers)?;
            if more == 0 {
                break;
            }
            at += more;
            watch.moved(more);
        }
        Ok(at)
    }

    /// Moves a file by several threads, each of which takes the next chunk; how much of it there was.
    pub(super) fn together(
        &self,
        size: u64,
        threads: usize,
        buffers: &mut Buffers,
        watch: &mut impl Watch,
    ) -> Result<u64, Stop> {
        let shared =
            Shared { size, next: AtomicU64::new(0), moved: AtomicU64::new(0), stop: AtomicBool::new(false) };
        let mut told = 0;
        let mut tell = |watch: &mut dyn Watch| {
            let moved = shared.moved.load(Ordering::Relaxed);
            watch.moved(moved - std::mem::replace(&mut told, moved));
        };
        let done = thread::scope(|scope| {
            let help = || shared.chunks(self, &mut Buffers::default(), || true);
            // Where no thread is to be had, there is one less.
            let helpers: Vec<ScopedJoinHandle<'_, _>> =
                (1..threads).filter_map(|_| thread::Builder::new().spawn_scoped(scope, help).ok()).collect();
            let mut interrupted = false;
            let mut done = shared.chunks(self, buffers, || {
                tell(watch);
                interrupted = watch.is_interrupted();
                !interrupted
            });
            for helper in helpers {
                let broken = |_| Err(Fault::new("ENDPOINT_ERROR", "WRITE", self.to, "A thread broke off"));
                done = done.and(helper.join().unwrap_or_else(broken));
            }
            match done {
                Ok(()) if interrupted => Err(Stop::Interrupted),
                done => done.map_err(Stop::from),
            }
        });
        tell(watch);
        done.map(|()| shared.moved.into_inner())
    }
}

/// What the threads that move a file know of each other.
struct Shared {
    size: u64,
    /// Where the next chunk begins.
    next: AtomicU64,
    moved: AtomicU64,
    /// One of them has a reason to go no further.
    stop: AtomicBool,
}

impl Shared {
    /// Takes one chunk after another, as long as it may.
    fn chunks(
        &self,
        copy: &Copy<'_>,
        buffers: &mut Buffers,
        mut may_go_on: impl FnMut() -> bool,
    ) -> Result<(), Fault> {
        let mut go_on = || !self.stop.load(Ordering::Relaxed) && may_go_on();
        let mut result = Ok(());
        while result.is_ok() && go_on() {
            let at = self.next.fetch_add(CHUNK, Ordering::Relaxed);
            if at >= self.size {
                return Ok(());
            }
            let end = (at + CHUNK).min(self.size);
            result = self.chunk(copy, at, end, buffers);
        }
        self.stop.store(true, Ordering::Relaxed);
        result
    }

    fn chunk(&self, copy: &Copy<'_>, mut at: u64, end: u64, buffers: &mut Buffers) -> Result<(), Fault> {
        while at < end {
            let more = copy.piece(at, end - at, None, buffers)?;
            if more == 0 {
                // The file has become shorter: there is nothing more behind.
                self.stop.store(true, Ordering::Relaxed);
                break;
            }
            at += more;
            self.moved.fetch_add(more, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
