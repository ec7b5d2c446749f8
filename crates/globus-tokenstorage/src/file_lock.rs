//! Locks between processes: advisory locks of the operating system, which end with their holder.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;

use crate::lock::{Deadline, NamedLocks, key};
use crate::{StorageError, StorageErrorKind, blocking, files};

const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

/// A lock on a file, and the place at the head of the line of this process.
#[derive(Debug)]
pub(crate) struct FileLock {
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
    /// The lock that a writer of the file holds: `<file>.lock`.
    #[cfg(feature = "json")]
    pub(crate) async fn for_writing(&self, file: &Path, limit: Duration) -> Result<FileLock, StorageError> {
        self.lock(file, ".lock".to_owned(), limit, "the token file").await
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
        let suffix = format!(".locks/{:016x}", fnv1a(key(namespace, resource_server).as_bytes()));
        self.lock(file, suffix, limit, &resource_server.escape_debug().to_string()).await
    }

    async fn lock(
        &self,
        file: &Path,
        suffix: String,
        limit: Duration,
        what: &str,
    ) -> Result<FileLock, StorageError> {
        let deadline = Deadline::after(limit);
        let turn = self.queue.lock(suffix.clone(), what, deadline).await?;
        let path = file.to_owned();
        let mut opened = blocking::run(move || Attempt::open(&path, &suffix)?.again()).await?;
        let mut pause = FIRST_PAUSE;
        while !opened.taken {
            if deadline.has_passed() {
                return Err(deadline.error(&format!("{what} ({})", opened.path.display())));
            }
            blocking::pause(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
            opened = blocking::run(move || opened.again()).await?;
        }
        Ok(FileLock { _file: opened.file, _turn: turn })
    }
}

struct Attempt {
    path: PathBuf,
    file: File,
    taken: bool,
}

impl Attempt {
    fn open(file: &Path, suffix: &str) -> Result<Self, StorageError> {
        let unlockable = |err| files::unlockable(file, err);
        let resolved = files::resolve(file).map_err(unlockable)?;
        if resolved.is_dir() {
            return Err(unlockable(io::ErrorKind::IsADirectory.into()));
        }
        let path = files::beside(&resolved, suffix);
        Ok(Self { file: Self::open_lock(&path)?, path, taken: false })
    }

    fn open_lock(path: &Path) -> Result<File, StorageError> {
        files::create_private_dir(files::parent(path))
            .and_then(|()| files::open_own(path))
            .map_err(|err| files::unlockable(path, err))
    }

    /// Tries once to take the lock. A file that was removed or replaced while it was waited for is opened anew: its lock
    /// keeps nobody out any more.
    fn again(mut self) -> Result<Self, StorageError> {
        for _ in 0..files::MOST_TRIES {
            match self.file.try_lock() {
                Ok(()) if files::is_at(&self.file, &self.path) => {
                    self.taken = true;
                    return Ok(self);
                }
                Ok(()) => self.file = Self::open_lock(&self.path)?,
                Err(TryLockError::WouldBlock) => return Ok(self),
                Err(TryLockError::Error(err)) => {
                    return Err(StorageError::new(
                        StorageErrorKind::Unwritable,
                        format!(
                            "cannot lock {}: its file system has no locks; keep the token file on one that has",
                            self.path.display()
                        ),
                    )
                    .with_path(self.path)
                    .with_source(err));
                }
            }
        }
        Ok(self)
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
    #[test]
    fn the_lock_of_a_file_that_was_removed_is_not_taken_for_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("tokens.json");
        let attempt = || Attempt::open(&path, ".locks/1").unwrap();
        let first = attempt().again().unwrap();
        let waiting = attempt().again().unwrap();
        assert!(first.taken && !waiting.taken);
        // Somebody tidies up; the next one makes the file anew and has its lock.
        std::fs::remove_dir_all(dir.path().join("tokens.json.locks")).unwrap();
        let second = attempt().again().unwrap();
        assert!(second.taken);
        drop(first);
        let waiting = waiting.again().unwrap();
        assert!(!waiting.taken);
        drop(second);
        assert!(waiting.again().unwrap().taken);
    }
}
