//! Copying one file: to a name aside, and only when all is there to its own name.

use std::ffi::OsString;
use std::fs::{File, FileTimes};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::bytes::Copy;
use super::checksum::{Check, hex};
use super::crew;
use super::job::{Job, Stop};
use crate::transfer::disk::{Dir, Meta, Place, Wanted};
use crate::transfer::fault::Fault;

/// A file that is open to be read.
pub(super) struct Source {
    pub(super) meta: Meta,
    pub(super) file: File,
}

/// Where a file shall come to be, and what is there already.
pub(super) struct Goal {
    pub(super) place: Place,
    pub(super) meta: Option<Meta>,
}

impl Job {
    pub(super) fn file(&mut self, from: &str, to: &str, check: Option<&Check>) -> Result<(), Stop> {
        let mut source = self.open_source(from)?;
        let goal = self.find_goal(&source, to)?;
        if self.is_up_to_date(&mut source, &goal, to)? {
            self.tally.counters.files_skipped += 1;
            return Ok(());
        }
        if goal.meta.is_some_and(|there| there.is_unwritable()) {
            return Err(Fault::denied("WRITE", to).into());
        }
        let aside = self.aside(&goal, to)?;
        let mut digest = check.map(|check| check.algorithm.start());
        let copy = Copy { input: &source.file, output: &aside.file, from, to };
        let moved = self.bytes(copy, source.meta.size, digest.as_mut())?;
        let checksum = digest.map(|digest| hex(&digest.finalize()));
        unchanged(&source, moved, from)?;
        if let Some(external) = check.and_then(|check| check.external.as_ref())
            && checksum.as_ref() != Some(external)
        {
            let detail =
                format!("The checksum is {}, not {external}", checksum.as_deref().unwrap_or("unknown"));
            return Err(Fault::new("EXTERNAL_CHECKSUM_MISMATCH", "READ", from, &detail).into());
        }
        if self.options.verify {
            self.tally.counters.bytes_checksummed += moved;
        }
        let modified = self.options.preserve_timestamp.then_some(source.meta.modified);
        aside.finish(&goal, modified).map_err(|error| Fault::io(&error, "WRITE", to))?;
        self.tally.counters.files_transferred += 1;
        self.tally.successes.push(json!({
            "DATA_TYPE": "successful_transfer",
            "source_path": from,
            "destination_path": to,
            "size": moved,
            "checksum": checksum,
            "checksum_algorithm": check.map(|check| check.algorithm.as_str()),
            "dynamic_checksum": null,
        }));
        Ok(())
    }

    fn open_source(&mut self, from: &str) -> Result<Source, Stop> {
        let mut place = self.source.near(from, Wanted::Read)?;
        let opened = match place.dir.file(&place.name) {
            Err(_) if is_link(&place) => {
                place = self.source.place(from, true, Wanted::Read)?;
                place.dir.file(&place.name)
            }
            other => other,
        };
        let (file, meta) = opened.map_err(|error| Fault::io(&error, "READ", from))?;
        if meta.is_dir() {
            return Err(Fault::new("IS_A_DIRECTORY", "READ", from, "The source is a directory").into());
        }
        if !meta.is_file() {
            return Err(Fault::new("PERMISSION_DENIED", "READ", from, "Not a regular file").into());
        }
        if meta.is_unreadable() {
            return Err(Fault::denied("READ", from).into());
        }
        Ok(Source { meta, file })
    }

    fn find_goal(&mut self, source: &Source, to: &str) -> Result<Goal, Stop> {
        let mut place = self.destination.near(to, Wanted::Make)?;
        let look = |place: &Place| match place.dir.meta(&place.name) {
            Ok(meta) => Ok(Some(meta)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::io(&error, "WRITE", to)),
        };
        let mut meta = look(&place)?;
        if meta.is_some_and(|meta| meta.is_link()) {
            place = self.destination.place(to, true, Wanted::Make)?;
            meta = look(&place)?;
        }
        if let Some(there) = &meta {
            check_goal(&source.meta, there, to)?;
        }
        Ok(Goal { place, meta })
    }

    /// A new file beside the goal.
    fn aside(&self, goal: &Goal, to: &str) -> Result<Aside, Stop> {
        let (dir, name) = (goal.place.dir.clone(), self.aside_name(self.number));
        self.clear_away(&dir);
        let made = match dir.create(&name) {
            // A thread has one file in the making: this one was left behind when the emulator was killed.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                dir.remove_file(&name).and_then(|()| dir.create(&name))
            }
            made => made,
        };
        let file = made.map_err(|error| Fault::io(&error, "WRITE", to))?;
        Ok(Aside { dir, name, file, is_done: false })
    }

    fn aside_name(&self, number: usize) -> OsString {
        match number {
            0 => format!(".globus-{}.part", self.task_id()).into(),
            _ => format!(".globus-{}-{number}.part", self.task_id()).into(),
        }
    }

    /// What helpers had in the making when the emulator was killed. A task that goes on has none.
    fn clear_away(&self, dir: &Dir) {
        if self.done.is_resumed() {
            for number in 1..crew::MOST {
                // Most often there is nothing.
                let _ = dir.remove_file(&self.aside_name(number));
            }
        }
    }

    /// Makes a link that says the same as the one at the source.
    pub(super) fn link(&mut self, from: &str, to: &str) -> Result<(), Stop> {
        let source = self.source.near(from, Wanted::Read)?;
        let reading = |error: std::io::Error| Fault::io(&error, "READ", from);
        let leads_to: PathBuf = match source.dir.link_target(&source.name).map_err(reading)? {
            Some(leads_to) => leads_to,
            None => {
                source.dir.meta(&source.name).map_err(reading)?;
                return Err(Fault::new("NOT_A_SYMLINK", "READ", from, "The source is not a symlink").into());
            }
        };
        let goal = self.destination.near(to, Wanted::Make)?;
        let writing = |error: std::io::Error| Fault::io(&error, "WRITE", to);
        if goal.dir.meta(&goal.name).is_ok_and(|there| there.is_dir()) {
            return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, "The target is a directory").into());
        }
        let name = self.aside_name(self.number);
        self.clear_away(&goal.dir);
        let made = match goal.dir.make_link(&leads_to, &name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                goal.dir.remove_file(&name).and_then(|()| goal.dir.make_link(&leads_to, &name))
            }
            made => made,
        };
        made.and_then(|()| goal.dir.replace(&name, &goal.dir, &goal.name)).map_err(writing)?;
        Ok(())
    }
}

fn is_link(place: &Place) -> bool {
    place.dir.link_target(&place.name).is_ok_and(|target| target.is_some())
}

/// What can be at the destination and must not be written.
fn check_goal(source: &Meta, there: &Meta, to: &str) -> Result<(), Fault> {
    if there.is_dir() {
        return Err(Fault::new("IS_A_DIRECTORY", "WRITE", to, "The target is a directory"));
    }
    if !there.is_file() {
        return Err(Fault::new("PERMISSION_DENIED", "WRITE", to, "Not a regular file"));
    }
    if source.identity == there.identity {
        let detail = "Source and destination are the same file";
        return Err(Fault::new("INVALID_PATH_NAME", "WRITE", to, detail));
    }
    Ok(())
}

/// A source that was written meanwhile has been copied neither as it was nor as it is.
fn unchanged(source: &Source, moved: u64, from: &str) -> Result<(), Fault> {
    let now = Dir::meta_of(&source.file).map_err(|error| Fault::io(&error, "READ", from))?;
    if moved == source.meta.size && now.size == moved && now.modified == source.meta.modified {
        return Ok(());
    }
    let detail =
        format!("The file changed while it was transferred ({} bytes, now {})", source.meta.size, now.size);
    let code = if now.size == source.meta.size { "VERIFY_CHECKSUM" } else { "FILE_SIZE_CHANGED" };
    Err(Fault::new(code, "READ", from, &detail))
}

/// A file in the making. It goes away unless it is finished.
struct Aside {
    dir: Dir,
    name: OsString,
    file: File,
    is_done: bool,
}

impl Aside {
    fn finish(mut self, goal: &Goal, modified: Option<(i64, u32)>) -> std::io::Result<()> {
        if let Some(there) = &goal.meta {
            keep_mode(&self.file, there)?;
        }
        if let Some(modified) = modified {
            self.file.set_times(FileTimes::new().set_modified(time(modified)))?;
        }
        self.dir.replace(&self.name, &goal.place.dir, &goal.place.name)?;
        self.is_done = true;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.is_done {
            // If it cannot be removed, the next attempt will say why.
            let _ = self.dir.remove_file(&self.name);
        }
    }
}

/// A file that is written anew keeps its permissions.
#[cfg(unix)]
fn keep_mode(file: &File, there: &Meta) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(there.mode & 0o777))
}

#[cfg(not(unix))]
fn keep_mode(_: &File, _: &Meta) -> std::io::Result<()> {
    Ok(())
}

fn time((seconds, nanos): (i64, u32)) -> SystemTime {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let whole = if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    whole.unwrap_or(UNIX_EPOCH) + Duration::from_nanos(u64::from(nanos))
}
