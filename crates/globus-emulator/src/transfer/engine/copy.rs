//! Copying one file: to a name aside, and only when all is there to its own name.

use std::ffi::OsString;
use std::fs::{File, FileTimes};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::checksum::{Check, hex};
use super::crew;
use super::job::{Job, Step, Stop};
use super::moving::Copy;
use crate::transfer::disk::{Dir, Meta, Place, Wanted};
use crate::transfer::fault::Fault;
use crate::transfer::success::Success;

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
    pub(super) fn file(&mut self, step: &Step, check: Option<&Check>) -> Result<(), Stop> {
        let source = self.open_source(&step.from)?;
        if self.is_quick(&source) {
            let place = self.destination.near(&step.to, Wanted::Make)?;
            if let Some(file) = place.dir.create_nameless()
                && self.copy(step, check, &source, Aside::nameless(file, Goal { place, meta: None }))?
            {
                return Ok(());
            }
        }
        let goal = self.find_goal(&source, &step.to)?;
        self.looks_first = goal.meta.is_some();
        if self.is_up_to_date(&source, &goal, &step.to)? {
            self.tally.counters.files_skipped += 1;
            return Ok(());
        }
        if goal.meta.is_some_and(|there| there.is_unwritable()) {
            return Err(Fault::denied("WRITE", &step.to).into());
        }
        let aside = self.aside(goal, &step.to)?;
        self.copy(step, check, &source, aside)?;
        Ok(())
    }

    /// Whether to copy a file before looking at what is there already. Most files are new where they go; whether one is, the system
    /// tells when it gets its name, and a small one that is not has cost little.
    fn is_quick(&self, source: &Source) -> bool {
        let is_small = self.is_small(source.meta.size);
        is_small && !self.looks_first && self.options.sync_level.is_none() && !self.done.is_resumed()
    }

    /// Copies a file and gives it its name; whether it could have it.
    fn copy(
        &mut self,
        step: &Step,
        check: Option<&Check>,
        source: &Source,
        aside: Aside,
    ) -> Result<bool, Stop> {
        let (from, to) = (step.from.as_str(), step.to.as_str());
        let mut sum = check.map(|check| check.algorithm.start());
        let verify = self.options.verify;
        let copy = Copy { input: &source.file, output: &aside.file, from, to, verify };
        let moved = self.bytes(copy, source.meta.size, sum.as_mut())?;
        let checksum = sum.map(|sum| hex(&sum.finalize()));
        unchanged(source, moved, from)?;
        if let Some(external) = check.and_then(|check| check.external.as_ref())
            && checksum.as_ref() != Some(external)
        {
            let detail =
                format!("The checksum is {}, not {external}", checksum.as_deref().unwrap_or("unknown"));
            return Err(Fault::new("EXTERNAL_CHECKSUM_MISMATCH", "READ", from, &detail).into());
        }
        let modified = self.options.preserve_timestamp.then_some(source.meta.modified);
        if !aside.finish(modified).map_err(|error| Fault::io(&error, "WRITE", to))? {
            return Ok(false);
        }
        if self.is_small(source.meta.size) {
            self.tally.counters.bytes_transferred += moved;
        }
        if self.options.verify {
            self.tally.counters.bytes_checksummed += moved;
        }
        self.tally.counters.files_transferred += 1;
        self.tally.successes.push(Success {
            item: step.item,
            source_path: step.from.clone(),
            destination_path: step.to.clone(),
            size: moved,
            checksum,
            checksum_algorithm: check.map(|check| check.algorithm.as_str().to_owned()),
        });
        Ok(true)
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
    fn aside(&self, goal: Goal, to: &str) -> Result<Aside, Stop> {
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
        Ok(Aside { goal, name: Some(name), file })
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
    pub(super) fn link(&mut self, step: &Step) -> Result<(), Stop> {
        let (from, to) = (step.from.as_str(), step.to.as_str());
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
    goal: Goal,
    /// In the directory of the goal, until it is finished; `None` for a file that has no name yet.
    name: Option<OsString>,
    file: File,
}

impl Aside {
    fn nameless(file: File, goal: Goal) -> Self {
        Self { goal, name: None, file }
    }

    /// Gives the file its name, in the place of what has it by now. One that had none before gets it only if it is free; whether
    /// it did.
    fn finish(mut self, modified: Option<(i64, u32)>) -> std::io::Result<bool> {
        if let Some(there) = &self.goal.meta {
            keep_mode(&self.file, there)?;
        }
        if let Some(modified) = modified {
            self.file.set_times(FileTimes::new().set_modified(time(modified)))?;
        }
        let Place { dir, name: goal, .. } = &self.goal.place;
        match &self.name {
            // Whatever is in the way will be found by looking.
            None => return Ok(dir.give_name(&self.file, goal).is_ok()),
            Some(name) => dir.replace(name, dir, goal)?,
        }
        self.name = None;
        Ok(true)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            // If it cannot be removed, the next attempt will say why.
            let _ = self.goal.place.dir.remove_file(name);
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
