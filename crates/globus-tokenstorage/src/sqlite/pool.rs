//! Connections, opened with care and kept for the next use.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, io, mem, process};

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::files;

/// More than these are closed after use.
const MOST_IDLE: usize = 4;

/// The largest entry, in bytes.
const LARGEST: i32 = 1024 * 1024;

/// Held while a database file is made or opened. A process that closes a file, whoever in it had opened it, thereby ends all
/// locks that SQLite has on that file: nobody may get as far as a lock while the one who made the file has it open.
static OPENING: Mutex<()> = Mutex::new(());

/// The connections of one storage that nobody uses for the moment.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Open>>);

/// A connection, and which file it leads to.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) db: Connection,
    /// `None` where it cannot be known, and the connection must not be kept.
    file: Option<FileId>,
    process: u32,
}

type FileId = (u64, u64);

impl Pool {
    /// A connection with the file at `path`, which must be there. A kept one leads there only until the file is replaced.
    pub(super) fn take(&self, path: &Path, meta: &fs::Metadata, wait: Duration) -> rusqlite::Result<Open> {
        let file = id(meta);
        let kept = file.and_then(|_| {
            let mut idle = guard(&self.0);
            // SQLite's connections do not survive a fork. Closing them in the child is as bad as using them.
            let (here, elsewhere) =
                mem::take(&mut *idle).into_iter().partition(|open: &Open| open.process == process::id());
            mem::forget::<Vec<Open>>(elsewhere);
            *idle = here;
            idle.retain(|open| open.file == file);
            idle.pop()
        });
        let open = match kept {
            Some(open) => open,
            None => Open { db: connect(path)?, file, process: process::id() },
        };
        open.db.busy_timeout(wait)?;
        Ok(open)
    }

    pub(super) fn put(&self, open: Open) {
        let mut idle = guard(&self.0);
        // One that can only read may have been opened before the file could be written.
        let is_good = open.file.is_some() && !open.db.is_readonly("main").unwrap_or(true);
        if is_good && idle.len() < MOST_IDLE {
            idle.push(open);
        }
    }
}

/// Makes an empty file, which SQLite takes for an empty database, unless there is one.
pub(super) fn create(path: &Path) -> io::Result<()> {
    files::create_private_dir(files::parent(path))?;
    let _opening = guard(&OPENING);
    match files::create_private(path) {
        Ok(file) => files::make_private(&file, &file.metadata()?),
        Err(err) if err.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(err) => Err(err),
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Neither `CREATE`, so that the mode of a new file is ours, nor `URI`, so that a path is only a path. Where the file
    // cannot be written, SQLite opens it for reading.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = {
        let _opening = guard(&OPENING);
        Connection::open_with_flags(path, flags)?
    };
    db.set_limit(Limit::SQLITE_LIMIT_LENGTH, LARGEST)?;
    // Otherwise a removed token stays readable in the file until something happens to be written over it.
    db.execute_batch("PRAGMA secure_delete = ON")?;
    Ok(db)
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it is not known")]
fn id(meta: &fs::Metadata) -> Option<FileId> {
    use std::os::unix::fs::MetadataExt;
    Some((meta.dev(), meta.ino()))
}

/// Elsewhere an open file can be neither removed nor replaced: it is not kept open.
#[cfg(not(unix))]
fn id(_: &fs::Metadata) -> Option<FileId> {
    None
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
