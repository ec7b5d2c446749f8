//! Whether a file need not be copied.

use std::fs::File;

use super::at;
use super::copy::{Goal, Source};
use super::job::{Job, Stop};
use crate::transfer::fault::Fault;

impl Job {
    /// Each level looks at what the levels below it look at, and at more.
    pub(super) fn is_up_to_date(&mut self, source: &Source, goal: &Goal, to: &str) -> Result<bool, Stop> {
        let (Some(level), Some(there)) = (self.options.sync_level, &goal.meta) else { return Ok(false) };
        let (ours, theirs) = (&source.meta, there);
        let size = ours.size != theirs.size;
        match level {
            0 => Ok(true),
            1 => Ok(!size),
            // Whole seconds, as file servers compare them.
            2 => Ok(!size && ours.modified.0 <= theirs.modified.0),
            _ if size => Ok(false),
            _ => {
                let (there, _) =
                    goal.place.dir.file(&goal.place.name).map_err(|error| Fault::io(&error, "READ", to))?;
                let same = self.contents_equal(&source.file, &there, to)?;
                self.tally.counters.bytes_checksummed += source.meta.size;
                Ok(same)
            }
        }
    }

    fn contents_equal(&mut self, left: &File, right: &File, path: &str) -> Result<bool, Stop> {
        let mut at = 0;
        loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let (ours, theirs) = self.buffers.get();
            let read = |file, into| at::read_most(file, into, at).map_err(|e| Fault::io(&e, "READ", path));
            let (left, right) = (read(left, &mut *ours)?, read(right, &mut *theirs)?);
            if ours[..left] != theirs[..right] {
                return Ok(false);
            }
            if left < ours.len() {
                return Ok(true);
            }
            at += left as u64;
            self.tell_if_due();
        }
    }
}
