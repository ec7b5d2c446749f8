//! Moving the bytes of one file, and making sure that they arrived.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::time::{Duration, Instant};

use sha2::digest::DynDigest;

use super::job::{Job, Stop};
use crate::transfer::fault::Fault;

/// Moved by the system without coming by here, and then looked at while it is still near.
const CHUNK: u64 = 1024 * 1024;
/// Compared at a time.
const LOOK: usize = 128 * 1024;
/// With a rate, the bar shall move ten times a second.
const STEPS_PER_SECOND: u64 = 10;
const NAP: Duration = Duration::from_millis(20);

/// Two places to read into, kept for all files of a job.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    ours: Vec<u8>,
    theirs: Vec<u8>,
}

/// A copy that is going on.
pub(super) struct Copy<'a> {
    pub(super) input: &'a mut File,
    pub(super) output: &'a mut File,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) digest: Option<Box<dyn DynDigest>>,
}

impl Job {
    /// Moves everything there is from the one to the other; how many bytes that were.
    ///
    /// What is verified is read back from the destination and compared with the source, chunk by chunk: that says more than a
    /// checksum, and costs less.
    pub(super) fn bytes(&mut self, copy: &mut Copy<'_>, size: u64) -> Result<u64, Stop> {
        let rate = self.app().settings.transfer_rate;
        if rate.is_none() && size <= LOOK as u64 {
            return self.small(copy);
        }
        let chunk = rate.map_or(CHUNK, |rate| (rate / STEPS_PER_SECOND).clamp(1, CHUNK));
        let mut moved = 0;
        loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let more = io::copy(&mut (&mut *copy.input).take(chunk), copy.output)
                .map_err(|error| Fault::io(&error, "WRITE", copy.to))?;
            if more > 0 && (self.options.verify || copy.digest.is_some()) {
                self.look_at(copy, moved, more)?;
            }
            moved += more;
            self.tally.counters.bytes_transferred += more;
            self.tell_if_due();
            if let Some(rate) = rate {
                self.wait_for(more, rate);
            }
            if more < chunk {
                return Ok(moved);
            }
        }
    }

    /// A file that takes one step. What the system does for large ones costs more calls than there is to move.
    fn small(&mut self, copy: &mut Copy<'_>) -> Result<u64, Stop> {
        let Buffers { ours, theirs } = &mut self.buffers;
        ours.resize(LOOK + 1, 0);
        let size = copy.input.read(ours).map_err(|error| Fault::io(&error, "READ", copy.from))?;
        let ours = &ours[..size];
        let writing = |error: io::Error| Fault::io(&error, "WRITE", copy.to);
        copy.output.write_all(ours).map_err(writing)?;
        if let Some(digest) = &mut copy.digest {
            digest.update(ours);
        }
        if self.options.verify && size > 0 {
            theirs.resize(size, 0);
            copy.output.rewind().and_then(|()| copy.output.read_exact(theirs)).map_err(writing)?;
            if ours != theirs {
                return Err(differs(copy.to).into());
            }
        }
        self.tally.counters.bytes_transferred += size as u64;
        Ok(size as u64)
    }

    /// Reads a part of both files again.
    fn look_at(&mut self, copy: &mut Copy<'_>, start: u64, length: u64) -> Result<(), Stop> {
        let verify = self.options.verify;
        let Buffers { ours, theirs } = &mut self.buffers;
        let reading = |error: io::Error| Fault::io(&error, "READ", copy.from);
        let writing = |error: io::Error| Fault::io(&error, "WRITE", copy.to);
        copy.input.seek(SeekFrom::Start(start)).map_err(reading)?;
        if verify {
            copy.output.seek(SeekFrom::Start(start)).map_err(writing)?;
        }
        let mut left = usize::try_from(length).unwrap_or(usize::MAX);
        while left > 0 {
            let size = left.min(LOOK);
            ours.resize(size, 0);
            copy.input.read_exact(ours).map_err(|error| changed(&error, copy.from))?;
            if let Some(digest) = &mut copy.digest {
                digest.update(ours);
            }
            if verify {
                theirs.resize(size, 0);
                copy.output.read_exact(theirs).map_err(writing)?;
                if ours != theirs {
                    return Err(differs(copy.to).into());
                }
            }
            left -= size;
        }
        Ok(())
    }

    /// Waits until the bytes have had their time.
    fn wait_for(&mut self, bytes: u64, rate: u64) {
        let due = self.app().pace.take(bytes, rate);
        while !self.is_interrupted()
            && let Some(left) = due.checked_duration_since(Instant::now())
        {
            std::thread::sleep(left.min(NAP));
            self.tell_if_due();
        }
    }

    /// Compares byte by byte from where the files are; both have the same size.
    pub(super) fn contents_differ(
        &mut self,
        left: &mut File,
        right: &mut File,
        path: &str,
    ) -> Result<bool, Stop> {
        let failed = |error: io::Error| Fault::io(&error, "READ", path);
        let mut buffers = std::mem::take(&mut self.buffers);
        let Buffers { ours, theirs } = &mut buffers;
        let differ = loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            ours.resize(LOOK, 0);
            let read = left.read(ours).map_err(failed)?;
            if read == 0 {
                break false;
            }
            theirs.resize(read, 0);
            if right.read_exact(theirs).is_err() || ours[..read] != theirs[..] {
                break true;
            }
            self.tell_if_due();
        };
        self.buffers = buffers;
        Ok(differ)
    }
}

fn differs(to: &str) -> Fault {
    Fault::new("VERIFY_CHECKSUM", "WRITE", to, "The destination differs from the source after the transfer")
}

/// A file that ends earlier than it did a moment ago.
fn changed(error: &io::Error, from: &str) -> Fault {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        Fault::new("FILE_SIZE_CHANGED", "READ", from, "The file changed while it was transferred")
    } else {
        Fault::io(error, "READ", from)
    }
}
