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
        self.lock(file, suffix, limit, resource_server).await
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
        files::create_private_dir(files::parent(&path)).map_err(unlockable)?;
        let file = files::open_private(&path).map_err(unlockable)?;
        Ok(Self { path, file, taken: false })
    }

    fn again(mut self) -> Result<Self, StorageError> {
        match self.file.try_lock() {
            Ok(()) => self.taken = true,
            Err(TryLockError::WouldBlock) => {}
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
}
