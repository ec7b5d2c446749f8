//! Whether a file need not be copied.

use std::fs::File;
use std::io::Seek as _;

use super::copy::{Goal, Source};
use super::job::{Job, Stop};
use crate::transfer::fault::Fault;

impl Job {
    /// Each level looks at what the levels below it look at, and at more.
    pub(super) fn is_up_to_date(&mut self, source: &mut Source, goal: &Goal, to: &str) -> Result<bool, Stop> {
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
                let (mut there, _) =
                    goal.place.dir.file(&goal.place.name).map_err(|error| Fault::io(&error, "READ", to))?;
                let same = !self.contents_differ(&mut source.file, &mut there, to)?;
                self.tally.counters.bytes_checksummed += source.meta.size;
                rewind(&mut source.file, to)?;
                Ok(same)
            }
        }
    }
}

fn rewind(file: &mut File, path: &str) -> Result<(), Fault> {
    file.rewind().map_err(|error| Fault::io(&error, "READ", path))
}
