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

/// A lock file that is open, and the place at the head of the line of this process. The lock ends when it is dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    path: PathBuf,
    file: File,
    taken: bool,
    _turn: OwnedMutexGuard<()>,
}

/// The locks that belong to one token file.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileLocks {
    // The tasks of this process line up here, so that only one of them has to ask the operating system again and again.
    queue: Arc<NamedLocks>,
}

impl FileLocks {
    /// Does `work`, which blocks, under the lock that a writer of the file holds: `<file>.lock`.
    #[cfg(feature = "json")]
    pub(crate) async fn writing<T, W>(&self, file: &Path, limit: Duration, work: W) -> Result<T, StorageError>
    where
        T: Send + 'static,
        W: FnOnce() -> Result<T, StorageError> + Send + 'static,
    {
        let under_lock = |lock| {
            let result = work();
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
        let path = file.to_owned();
        let mut tried =
            blocking::run_briefly(move || FileLock::open(&path, &suffix, turn)?.then(work)).await?;
        let mut pause = FIRST_PAUSE;
        loop {
            let (lock, work) = match tried {
                Tried::Done(result) => return Ok(result),
                Tried::Busy(lock, work) => (lock, work),
            };
            if deadline.has_passed() {
                return Err(deadline.error(&format!("{what} ({})", lock.path.display())));
            }
            blocking::pause(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
            tried = blocking::run_briefly(move || lock.then(work)).await?;
        }
    }
}

enum Tried<T, W> {
    Done(T),
    Busy(FileLock, W),
}

impl FileLock {
    fn open(file: &Path, suffix: &str, turn: OwnedMutexGuard<()>) -> Result<Self, StorageError> {
        let unlockable = |err| files::unlockable(file, err);
        let located = files::locate(file).map_err(unlockable)?;
        // What will be refused anyway gets no lock file beside it.
        files::regular(&located).map_err(unlockable)?;
        let path = files::beside(&located, suffix);
        let dir = files::parent(&path);
        if suffix.starts_with(KEYS)
            && let Ok(meta) = dir.metadata()
        {
            files::make_private_at(dir, &meta).map_err(unlockable)?;
        }
        let file = Self::open_file(&path).map_err(unlockable)?;
        Ok(Self { path, file, taken: false, _turn: turn })
    }

    fn open_file(path: &Path) -> io::Result<File> {
        let file = files::open_own(path)?;
        // Whoever may open it may hold its lock.
        files::make_private(&file, &file.metadata()?)?;
        Ok(file)
    }

    fn then<T, W>(mut self, work: W) -> Result<Tried<T, W>, StorageError>
    where
        W: FnOnce(Self) -> Result<T, StorageError>,
    {
        self.attempt().map_err(|err| files::unlockable(&self.path, err))?;
        if self.taken { work(self).map(Tried::Done) } else { Ok(Tried::Busy(self, work)) }
    }

    /// Tries once to take the lock. A file that was removed or replaced while it was waited for is opened anew: its lock
    /// keeps nobody out any more.
    fn attempt(&mut self) -> io::Result<()> {
        for _ in 0..files::MOST_TRIES {
            match self.file.try_lock() {
                Ok(()) if files::is_at(&self.file, &self.path) => {
                    self.taken = true;
                    break;
                }
                Ok(()) => self.file = Self::open_file(&self.path)?,
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(err)) => return Err(io::Error::new(io::ErrorKind::Unsupported, err)),
            }
        }
        Ok(())
    }
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
    #[tokio::test]
    async fn the_lock_of_a_file_that_was_removed_is_not_taken_for_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.json");
        let open = async || {
            let turn = Arc::new(tokio::sync::Mutex::new(())).lock_owned().await;
            let mut lock = FileLock::open(&path, ".locks/1", turn).unwrap();
            lock.attempt().unwrap();
            lock
        };
        let (first, mut waiting) = (open().await, open().await);
        assert!(first.taken && !waiting.taken);
        // Somebody tidies up; the next one makes the file anew and has its lock.
        std::fs::remove_dir_all(dir.path().join("tokens.json.locks")).unwrap();
        let second = open().await;
        assert!(second.taken);
        drop(first);
        waiting.attempt().unwrap();
        assert!(!waiting.taken);
        drop(second);
        waiting.attempt().unwrap();
        assert!(waiting.taken);
    }
}
