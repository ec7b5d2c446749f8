//! [`Place`]: what storages in files have in common.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::file_lock::FileLocks;
use crate::lock::DEFAULT_LOCK_TIMEOUT;
use crate::{DEFAULT_NAMESPACE, StorageError, StorageLock};

/// A file, the namespace in it that is looked at, and the locks that belong to the file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: Arc<Path>,
    pub(crate) namespace: Arc<str>,
    pub(crate) lock_timeout: Duration,
    pub(crate) locks: FileLocks,
}

impl Place {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path: path.into(),
            namespace: DEFAULT_NAMESPACE.into(),
            lock_timeout: DEFAULT_LOCK_TIMEOUT,
            locks: FileLocks::default(),
        }
    }

    pub(crate) fn with_namespace(&self, namespace: &str) -> Self {
        Self { namespace: namespace.into(), ..self.clone() }
    }

    pub(crate) async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        let lock =
            self.locks.for_key(&self.path, &self.namespace, resource_server, self.lock_timeout).await?;
        Ok(StorageLock::new(lock))
    }
}
