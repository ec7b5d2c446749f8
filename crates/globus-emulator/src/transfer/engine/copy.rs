//! Copying one file.

use std::fs::{self, File, FileTimes, Metadata};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use super::job::{Job, Stop};
use super::scan::{readable, source, target};
use crate::lock::shared;
use crate::transfer::fault::Fault;
use crate::transfer::files;

const CHUNK: usize = 256 * 1024;
/// With a rate, the bar shall move ten times a second.
const STEPS_PER_SECOND: u64 = 10;

/// A file that is open to be read.
struct Source {
    real: PathBuf,
    meta: Metadata,
    file: File,
}

impl Job {
    /// Paths are looked up twice, each time with nothing renamed until the file is open: comparing and copying take too long
    /// to hold everybody up.
    pub(crate) fn file(&mut self, from: &str, to: &str) -> Result<(), Stop> {
        let mut source = self.open_source(from)?;
        if self.is_up_to_date(&mut source, to)? {
            self.count(|counters| counters.files_skipped += 1);
            return Ok(());
        }
        let mut goal = self.open_goal(&source, to)?;
        self.bytes(&mut source.file, &mut goal, from, to)?;
        if self.options.verify {
            rewind(&mut source.file, &mut goal, from)?;
            if self.contents_differ(&mut source.file, &mut goal, from)? {
                let detail = "The destination differs from the source after the transfer";
                return Err(Fault::new("VERIFY_CHECKSUM", "WRITE", to, detail).into());
            }
            self.count(|counters| counters.bytes_checksummed += source.meta.len());
        }
        if self.options.preserve_timestamp
            && let Ok(modified) = source.meta.modified()
        {
            goal.set_times(FileTimes::new().set_modified(modified))
                .map_err(|error| Fault::io(&error, "WRITE", to))?;
        }
        let entry = json!({
            "DATA_TYPE": "successful_transfer",
            "source_path": from,
            "destination_path": to,
            "size": source.meta.len(),
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

    fn open_source(&self, from: &str) -> Result<Source, Stop> {
        let app = self.app();
        let _still = shared(&app.tree);
        let real = source(&self.source, from, true)?;
        let meta = readable(&real, from)?;
        if meta.is_dir() {
            return Err(Fault::new("IS_A_DIRECTORY", "READ", from, "The source is a directory").into());
        }
        if !meta.is_file() {
            return Err(Fault::new("PERMISSION_DENIED", "READ", from, "Not a regular file").into());
        }
        let file = File::open(&real).map_err(|error| Fault::io(&error, "READ", from))?;
        Ok(Source { real, meta, file })
    }

    /// Whether the file at the destination need not be replaced.
    fn is_up_to_date(&self, source: &mut Source, to: &str) -> Result<bool, Stop> {
        let Some(level) = self.options.sync_level else { return Ok(false) };
        let mut there = {
            let app = self.app();
            let _still = shared(&app.tree);
            let goal = target(&self.destination, to, true)?;
            let Ok(there) = goal.metadata() else { return Ok(false) };
            check_goal(source, &goal, &there, to)?;
            let (ours, theirs) = (&source.meta, &there);
            let size = ours.len() != theirs.len();
            match level {
                0 => return Ok(true),
                1 => return Ok(!size),
                // Whole seconds, as file servers compare them.
                2 => {
                    let newer = files::modified_millis(ours) / 1000 > files::modified_millis(theirs) / 1000;
                    return Ok(!size && !newer);
                }
                _ if size => return Ok(false),
                _ => File::open(&goal).map_err(|error| Fault::io(&error, "READ", to))?,
            }
        };
        let same = !self.contents_differ(&mut source.file, &mut there, to)?;
        rewind(&mut source.file, &mut there, to)?;
        Ok(same)
    }

    /// Opens the file at the destination, and empties it.
    fn open_goal(&self, source: &Source, to: &str) -> Result<File, Stop> {
        let app = self.app();
        let _still = shared(&app.tree);
        let goal = target(&self.destination, to, true)?;
        if let Ok(there) = goal.metadata() {
            check_goal(source, &goal, &there, to)?;
            if files::is_unwritable(&there) {
                return Err(Fault::denied("WRITE", to).into());
            }
        }
        self.make_parent(&goal, to)?;
        let mut options = File::options();
        options.read(self.options.verify).write(true).create(true).truncate(true);
        Ok(options.open(&goal).map_err(|error| Fault::io(&error, "WRITE", to))?)
    }

    fn make_parent(&self, goal: &Path, to: &str) -> Result<(), Fault> {
        let Some(parent) = goal.parent() else { return Ok(()) };
        if parent.metadata().is_ok_and(|meta| files::is_unwritable(&meta)) {
            return Err(Fault::denied("WRITE", to));
        }
        fs::create_dir_all(parent).map_err(|error| Fault::io(&error, "WRITE", to))
    }

    fn bytes(&self, input: &mut File, output: &mut File, from: &str, to: &str) -> Result<(), Stop> {
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
    fn contents_differ(&self, left: &mut File, right: &mut File, path: &str) -> Result<bool, Stop> {
        let failed = |error: std::io::Error| Fault::io(&error, "READ", path);
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

/// What can be at the destination and must not be written.
fn check_goal(source: &Source, goal: &Path, there: &Metadata, to: &str) -> Result<(), Fault> {
    if there.is_dir() {
        return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, "The target is a directory"));
    }
    if !there.is_file() {
        return Err(Fault::new("PERMISSION_DENIED", "WRITE", to, "Not a regular file"));
    }
    if is_same_file(&source.real, &source.meta, goal, there) {
        let detail = "Source and destination are the same file";
        return Err(Fault::new("INVALID_PATH", "WRITE", to, detail));
    }
    Ok(())
}

fn rewind(left: &mut File, right: &mut File, path: &str) -> Result<(), Fault> {
    left.rewind().and_then(|()| right.rewind()).map_err(|error| Fault::io(&error, "READ", path))
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
