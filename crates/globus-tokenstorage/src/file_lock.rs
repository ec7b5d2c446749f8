//! Locks between processes: advisory locks of the operating system, which end with their holder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::lock::{Deadline, NamedLocks, key};
use crate::{StorageError, blocking, files};

const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// What comes after the name of the token file in that of the directory where keys have their lock files.
const KEYS: &str = ".locks/";

/// A locked file, and the place at the head of the line of this process. The lock ends when it is dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    /// Where the token file is that it belongs to.
    #[cfg(feature = "json")]
    located: PathBuf,
    _file: File,
    _turn: OwnedMutexGuard<()>,
}

/// The locks that belong to one token file.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileLocks {
    // The tasks of this process line up here, so that only one of them has to ask the operating system again and again.
    queue: Arc<NamedLocks>,
}

impl FileLocks {
    /// Does `work`, which blocks, under the lock that a writer of the file holds: `<file>.lock`. It is told where the file is.
    #[cfg(feature = "json")]
    pub(crate) async fn writing<T, W>(&self, file: &Path, limit: Duration, work: W) -> Result<T, StorageError>
    where
        T: Send + 'static,
        W: FnOnce(&Path) -> Result<T, StorageError> + Send + 'static,
    {
        let under_lock = |lock: FileLock| {
            let result = work(&lock.located);
            drop(lock);
            result
        };
        self.lock(file, ".lock".to_owned(), limit, "the token file", under_lock).await
    }

    /// The lock of one key: a file in `<file>.locks/` named by a hash. Two keys with the same hash share a lock, which costs
    /// time but nothing else.
    pub(crate) async fn for_key(
        &self,
        file: &Path,
        namespace: &str,
        resource_server: &str,
        limit: Duration,
    ) -> Result<FileLock, StorageError> {
        let suffix = format!("{KEYS}{:016x}", fnv1a(key(namespace, resource_server).as_bytes()));
        self.lock(file, suffix, limit, &resource_server.escape_debug().to_string(), Ok).await
    }

    /// The turn among the tasks of this process alone, for writers that lock the file in a way of their own.
    #[cfg(feature = "sqlite")]
    pub(crate) async fn turn(&self, deadline: Deadline) -> Result<OwnedMutexGuard<()>, StorageError> {
        self.queue.lock("turn".to_owned(), "the token file", deadline).await
    }

    /// Takes the lock and gives it to `work`, at one go where it is free: each change of threads costs more than the lock.
    /// `work` waits for nothing but the file.
    async fn lock<T, W>(
        &self,
        file: &Path,
        suffix: String,
        limit: Duration,
        what: &str,
        work: W,
    ) -> Result<T, StorageError>
    where
        T: Send + 'static,
        W: FnOnce(FileLock) -> Result<T, StorageError> + Send + 'static,
    {
        let deadline = Deadline::after(limit);
        let turn = self.queue.lock(suffix.clone(), what, deadline).await?;
        let mut attempt = Attempt { file: file.to_owned(), suffix, turn, work };
        let mut pause = FIRST_PAUSE;
        loop {
            let (lock, again) = match blocking::run_briefly(move || attempt.make()).await? {
                Tried::Done(result) => return Ok(result),
                Tried::Busy(lock, again) => (lock, again),
            };
            if deadline.has_passed() {
                return Err(deadline.error(&format!("{what} ({})", lock.display())));
            }
            blocking::pause(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
            attempt = again;
        }
    }
}

/// What there is to be done as soon as the lock is free. Each attempt looks anew where the file is, and whether it may be used.
struct Attempt<W> {
    file: PathBuf,
    suffix: String,
    turn: OwnedMutexGuard<()>,
    work: W,
}

enum Tried<T, W> {
    Done(T),
    /// With the lock that another has.
    Busy(PathBuf, Attempt<W>),
}

impl<W> Attempt<W> {
    fn make<T>(self) -> Result<Tried<T, W>, StorageError>
    where
        W: FnOnce(FileLock) -> Result<T, StorageError>,
    {
        let unlockable = |err| files::unlockable(&self.file, err);
        // What is refused gets no lock file beside it.
        let located = files::locate(&self.file).map_err(unlockable)?.path;
        let path = files::beside(&located, &self.suffix);
        if self.suffix.starts_with(KEYS) {
            make_directory_private(files::parent(&path)).map_err(unlockable)?;
        }
        let Some(file) = try_lock(&path).map_err(unlockable)? else { return Ok(Tried::Busy(path, self)) };
        let lock = FileLock {
            #[cfg(feature = "json")]
            located,
            _file: file,
            _turn: self.turn,
        };
        (self.work)(lock).map(Tried::Done)
    }
}

/// If it is there.
fn make_directory_private(dir: &Path) -> io::Result<()> {
    dir.metadata().map_or(Ok(()), |meta| files::make_private_at(dir, &meta))
}

/// Tries once to take a lock; `None` where another has it. A file that was removed or replaced meanwhile is opened anew: its lock
/// keeps nobody out any more.
fn try_lock(path: &Path) -> io::Result<Option<File>> {
    for _ in 0..files::MOST_TRIES {
        let (file, meta) = files::open_own(path)?;
        // Whoever may open it may hold its lock.
        files::make_private(&file, &meta)?;
        match file.try_lock() {
            Ok(()) if files::is_at(&meta, path) => return Ok(Some(file)),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => break,
            Err(TryLockError::Error(err)) => return Err(io::Error::new(io::ErrorKind::Unsupported, err)),
        }
    }
    Ok(None)
}

/// FNV-1a, 64 bits: the same in every process and version, unlike the hashes of the standard library.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[cfg(unix)]
    #[test]
    fn the_lock_of_a_file_that_was_removed_keeps_nobody_out() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("locks/1");
        let first = try_lock(&path).unwrap();
        assert!(first.is_some() && try_lock(&path).unwrap().is_none());
        // Somebody tidies up; the next one makes the file anew and has its lock.
        std::fs::remove_dir_all(dir.path().join("locks")).unwrap();
        let second = try_lock(&path).unwrap();
        assert!(second.is_some() && try_lock(&path).unwrap().is_none());
        drop(first);
        assert!(try_lock(&path).unwrap().is_none());
        drop(second);
        assert!(try_lock(&path).unwrap().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_was_replaced_before_it_was_locked_is_no_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let (open, meta) = files::open_own(&path).unwrap();
        open.try_lock().unwrap();
        assert!(files::is_at(&meta, &path));
        std::fs::rename(&path, dir.path().join("old")).unwrap();
        assert!(!files::is_at(&meta, &path));
        std::fs::write(&path, "").unwrap();
        assert!(!files::is_at(&meta, &path));
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("old", &path).unwrap();
        assert!(!files::is_at(&meta, &path));
    }

    #[cfg(all(unix, feature = "json"))]
    #[tokio::test]
    async fn while_a_lock_is_waited_for_its_file_may_come_to_be_elsewhere() {
        let dir = tempfile::tempdir().unwrap();
        let (path, elsewhere) = (dir.path().join("tokens.json"), dir.path().join("elsewhere"));
        let held = try_lock(&files::beside(&path, ".lock")).unwrap();
        let attempt = Attempt {
            file: path.clone(),
            suffix: ".lock".to_owned(),
            turn: Arc::new(tokio::sync::Mutex::new(())).lock_owned().await,
            work: |lock: FileLock| Ok(lock.located.clone()),
        };
        let Tried::Busy(lock, again) = attempt.make().unwrap() else { panic!("two have one lock") };
        assert_eq!(lock, files::beside(&path, ".lock"));
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        let Tried::Done(located) = again.make().unwrap() else { panic!("nobody has the other lock") };
        assert_eq!(located, elsewhere);
        assert!(files::beside(&elsewhere, ".lock").exists());
        drop(held);
    }
}
