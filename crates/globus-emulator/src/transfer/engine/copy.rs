//! Copying one file.

use std::fs::{self, File, FileTimes, Metadata};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::job::{Job, Stop};
use super::scan::{readable, source, target};
use crate::transfer::fault::Fault;
use crate::transfer::files;

const CHUNK: usize = 256 * 1024;
/// With a rate, the bar shall move ten times a second.
const STEPS_PER_SECOND: u64 = 10;

impl Job {
    pub(crate) fn file(&mut self, from: &str, to: &str) -> Result<(), Stop> {
        let real = source(&self.source, from, true)?;
        let meta = readable(&real, from)?;
        let goal = target(&self.destination, to, true)?;
        if meta.is_dir() {
            return Err(Fault::new("IS_A_DIRECTORY", "READ", from, "The source is a directory").into());
        }
        if !meta.is_file() {
            return Err(Fault::new("PERMISSION_DENIED", "READ", from, "Not a regular file").into());
        }
        let there = goal.metadata().ok();
        if let Some(there) = &there {
            if there.is_dir() {
                return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, "The target is a directory").into());
            }
            if is_same_file(&real, &meta, &goal, there) {
                let detail = "Source and destination are the same file";
                return Err(Fault::new("INVALID_PATH", "WRITE", to, detail).into());
            }
            if !self.differs(&real, &meta, &goal, there)? {
                self.count(|counters| counters.files_skipped += 1);
                return Ok(());
            }
            if files::is_unwritable(there) {
                return Err(Fault::denied("WRITE", to).into());
            }
        }
        self.make_parent(&goal, to)?;
        self.bytes(&real, &goal, from, to)?;
        if self.options.verify {
            if self.contents_differ(&real, &goal)? {
                let detail = "The destination differs from the source after the transfer";
                return Err(Fault::new("VERIFY_CHECKSUM", "WRITE", to, detail).into());
            }
            self.count(|counters| counters.bytes_checksummed += meta.len());
        }
        if self.options.preserve_timestamp
            && let (Ok(modified), Ok(file)) = (meta.modified(), File::options().write(true).open(&goal))
        {
            file.set_times(FileTimes::new().set_modified(modified))
                .map_err(|error| Fault::io(&error, "WRITE", to))?;
        }
        let entry = json!({
            "DATA_TYPE": "successful_transfer",
            "source_path": from,
            "destination_path": to,
            "size": meta.len(),
            "checksum": null,
            "checksum_algorithm": null,
            "dynamic_checksum": null,
        });
        self.update(|task| {
            task.counters.files_transferred += 1;
            task.successes.push(entry);
        });
        Ok(())
    }

    /// Whether the file at the destination is to be replaced.
    fn differs(&self, real: &Path, meta: &Metadata, goal: &Path, there: &Metadata) -> Result<bool, Stop> {
        let size = meta.len() != there.len();
        Ok(match self.options.sync_level {
            None => true,
            Some(0) => false,
            Some(1) => size,
            // Whole seconds, as file servers compare them.
            Some(2) => size || files::modified_millis(meta) / 1000 > files::modified_millis(there) / 1000,
            Some(_) => size || self.contents_differ(real, goal)?,
        })
    }

    fn make_parent(&self, goal: &Path, to: &str) -> Result<(), Fault> {
        let Some(parent) = goal.parent() else { return Ok(()) };
        if parent.metadata().is_ok_and(|meta| files::is_unwritable(&meta)) {
            return Err(Fault::denied("WRITE", to));
        }
        fs::create_dir_all(parent).map_err(|error| Fault::io(&error, "WRITE", to))
    }

    fn bytes(&self, real: &Path, goal: &Path, from: &str, to: &str) -> Result<(), Stop> {
        let mut input = File::open(real).map_err(|error| Fault::io(&error, "READ", from))?;
        let mut output = File::create(goal).map_err(|error| Fault::io(&error, "WRITE", to))?;
        let rate = self.app().settings.transfer_rate;
        let chunk = rate
            .map_or(CHUNK, |rate| usize::try_from(rate / STEPS_PER_SECOND).unwrap_or(CHUNK).clamp(1, CHUNK));
        let mut buffer = vec![0; chunk];
        let started = Instant::now();
        let mut moved: u64 = 0;
        loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let read = input.read(&mut buffer).map_err(|error| Fault::io(&error, "READ", from))?;
            if read == 0 {
                return Ok(());
            }
            output.write_all(&buffer[..read]).map_err(|error| Fault::io(&error, "WRITE", to))?;
            moved += read as u64;
            self.count(|counters| counters.bytes_transferred += read as u64);
            if let Some(rate) = rate {
                self.keep_to(rate, moved, started);
            }
        }
    }

    /// Waits until as much time has passed as the bytes may take at least.
    fn keep_to(&self, rate: u64, moved: u64, started: Instant) {
        let due = Duration::from_secs_f64(moved as f64 / rate.max(1) as f64);
        while started.elapsed() < due && !self.is_interrupted() {
            std::thread::sleep((due - started.elapsed().min(due)).min(Duration::from_millis(50)));
        }
    }

    /// Compares byte by byte, which says more than a checksum.
    fn contents_differ(&self, left: &Path, right: &Path) -> Result<bool, Stop> {
        let failed = |error: std::io::Error| Fault::io(&error, "READ", &left.display().to_string());
        let (mut left, mut right) = (File::open(left).map_err(failed)?, File::open(right).map_err(failed)?);
        let (mut ours, mut theirs) = (vec![0; CHUNK], vec![0; CHUNK]);
        loop {
            if self.is_interrupted() {
                return Err(Stop::Interrupted);
            }
            let read = left.read(&mut ours).map_err(failed)?;
            if read == 0 {
                return Ok(right.read(&mut theirs[..1]).map_err(failed)? != 0);
            }
            if right.read_exact(&mut theirs[..read]).is_err() || ours[..read] != theirs[..read] {
                return Ok(true);
            }
        }
    }

    /// Makes a link that says the same as the one at the source.
    pub(crate) fn link(&self, from: &str, to: &str) -> Result<(), Fault> {
        let real = source(&self.source, from, false)?;
        let goal = target(&self.destination, to, false)?;
        let leads_to = fs::read_link(&real).map_err(|error| Fault::io(&error, "READ", from))?;
        self.make_parent(&goal, to)?;
        if goal.symlink_metadata().is_ok_and(|meta| !meta.is_dir()) {
            fs::remove_file(&goal).map_err(|error| Fault::io(&error, "WRITE", to))?;
        }
        symlink(&leads_to, &goal).map_err(|error| Fault::io(&error, "WRITE", to))
    }
}

#[cfg(unix)]
fn symlink(leads_to: &Path, at: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(leads_to, at)
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn is_same_file(_: &Path, left: &Metadata, _: &Path, right: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (left.dev(), left.ino()) == (right.dev(), right.ino())
}

#[cfg(not(unix))]
fn is_same_file(left: &Path, _: &Metadata, right: &Path, _: &Metadata) -> bool {
    left == right
}
