//! Moving the bytes of one file, and making sure that they arrived.

use std::fs::File;
use std::io::{self, Read as _};
use std::time::{Duration, Instant};

use sha2::digest::DynDigest;

use super::at;
use super::job::{Job, Stop};
use crate::transfer::fault::Fault;

/// Moved and compared at a time: little enough to be near still when it is looked at.
const LOOK: usize = 64 * 1024;
/// With a rate, the bar shall move ten times a second.
const STEPS_PER_SECOND: u64 = 10;
const NAP: Duration = Duration::from_millis(20);

/// Two places to read into, kept for all files of a job.
#[derive(Debug)]
pub(super) struct Buffers {
    ours: Vec<u8>,
    theirs: Vec<u8>,
}

impl Default for Buffers {
    fn default() -> Self {
        Self { ours: vec![0; LOOK], theirs: vec![0; LOOK] }
    }
}

/// A copy that is going on.
#[derive(Clone, Copy)]
pub(super) struct Copy<'a> {
    pub(super) input: &'a File,
    pub(super) output: &'a File,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
}

type Digest<'a> = Option<&'a mut Box<dyn DynDigest>>;

impl Job {
    /// Moves so many bytes, or fewer if the file has become shorter; how many that were.
    ///
    /// What is verified is read back from the destination and compared with the source: that says more than a checksum, and
    /// costs less.
    pub(super) fn bytes(&mut self, copy: Copy<'_>, size: u64, mut digest: Digest<'_>) -> Result<u64, Stop> {
        let rate = self.app.settings.transfer_rate;
        let step = rate.map_or(LOOK as u64, |rate| (rate / STEPS_PER_SECOND).clamp(1, LOOK as u64));
        let mut at = 0;
        while at < size {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let more = self.look(copy, at, step.min(size - at), digest.as_deref_mut())?;
            if more == 0 {
                break;
            }
            at += more;
            self.tally.counters.bytes_transferred += more;
            self.tell_if_due();
            if let Some(rate) = rate {
                self.wait_for(more, rate);
            }
        }
        Ok(at)
    }

    /// Moves at most as much as there is room for.
    fn look(&mut self, copy: Copy<'_>, at: u64, most: u64, digest: Digest<'_>) -> Result<u64, Stop> {
        let Buffers { ours, theirs } = &mut self.buffers;
        let most = usize::try_from(most).unwrap_or(LOOK).min(LOOK);
        let read = at::read(copy.input, &mut ours[..most], at);
        let size = read.map_err(|error| Fault::io(&error, "READ", copy.from))?;
        let (ours, theirs) = (&ours[..size], &mut theirs[..size]);
        let writing = |error: io::Error| Fault::io(&error, "WRITE", copy.to);
        at::write_all(copy.output, ours, at).map_err(writing)?;
        if let Some(digest) = digest {
            digest.update(ours);
        }
        if self.options.verify {
            at::read_all(copy.output, theirs, at).map_err(writing)?;
            if ours != theirs {
                return Err(differs(copy.to).into());
            }
        }
        Ok(size as u64)
    }

    /// Waits until the bytes have had their time.
    fn wait_for(&mut self, bytes: u64, rate: u64) {
        let due = self.app.pace.take(bytes, rate);
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
        loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let Buffers { ours, theirs } = &mut self.buffers;
            let read = left.read(ours).map_err(failed)?;
            if read == 0 {
                return Ok(false);
            }
            let theirs = &mut theirs[..read];
            if right.read_exact(theirs).is_err() || ours[..read] != *theirs {
                return Ok(true);
            }
            self.tell_if_due();
        }
    }
}

fn differs(to: &str) -> Fault {
    Fault::new("VERIFY_CHECKSUM", "WRITE", to, "The destination differs from the source after the transfer")
}
