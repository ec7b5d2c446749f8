//! [`JsonTokenStorage`]: tokens in one JSON file.

mod document;
mod file;
mod format;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use self::format::TokenFile;
use crate::place::Place;
use crate::{StorageError, StorageLock, TokenData, TokenStorage, blocking};

/// Keeps tokens in one JSON file, which the Python SDK can read and write too.
///
/// The file is readable by its user alone (mode 0600, also mended on reading; a directory that is made gets 0700) and is
/// replaced as a whole: a crash leaves the old content or the new. Writers take turns by an advisory lock on `<file>.lock`; readers never wait.
/// (The Python SDK takes no lock: let it not write at the same time.) A file that cannot be understood is an error and is
/// never written. Files of format 1.0 are read, and become 2.0 with the first write. On Windows the file gets the
/// permissions of its directory. With the tokens of more than some hundred users use SQLite, as each change writes them all.
///
/// Clones, also those with another namespace, share the file and one line of waiting writers.
///
/// ```
/// use globus_tokenstorage::{JsonTokenStorage, TokenStorage};
/// # let home = std::path::Path::new("/nonexistent");
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
///
/// let storage = JsonTokenStorage::new(home.join(".my-tokens.json"));
/// if !storage.file_exists() {
///     // Log in, then `storage.store_token_response(&tokens).await?`.
/// }
/// assert!(storage.get_token_data("transfer.api.globus.org").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JsonTokenStorage {
    place: Place,
    sync: bool,
    tidied: Arc<AtomicBool>,
}

impl JsonTokenStorage {
    /// A storage in the file at `path`. Nothing is read, and nothing made, before it is used.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { place: Place::new(path.into()), sync: true, tidied: Arc::default() }
    }

    /// A view of another namespace of the same file.
    #[must_use]
    pub fn with_namespace(&self, namespace: impl AsRef<str>) -> Self {
        Self { place: self.place.with_namespace(namespace.as_ref()), ..self.clone() }
    }

    /// The same with another limit on waiting for a lock; 60 s otherwise.
    #[must_use]
    pub fn with_lock_timeout(mut self, limit: Duration) -> Self {
        self.place.lock_timeout = limit;
        self
    }

    /// The same with or without waiting until new content has reached the disk before it takes the place of the old
    /// (`fdatasync`); with it unless switched off.
    ///
    /// With it, a power failure leaves one of the two, whole: the old only if it comes within seconds of the write, as with SQLite.
    /// Without it a write is much faster, and a power failure may leave a file with nothing in it. The death of the process
    /// does no harm either way.
    #[must_use]
    pub fn with_sync(mut self, sync: bool) -> Self {
        self.sync = sync;
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.place.path
    }

    /// The namespace whose tokens this is.
    pub fn namespace(&self) -> &str {
        &self.place.namespace
    }

    /// Whether the file is there. This asks the file system, and blocks for as long as that takes.
    pub fn file_exists(&self) -> bool {
        self.place.path.exists()
    }

    async fn read<T, F>(&self, read: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenFile<'_>, &str) -> Result<T, String> + Send + 'static,
    {
        let Place { path, namespace, .. } = self.place.clone();
        blocking::run_briefly(move || file::read(&path, &namespace, |tokens| read(tokens, &namespace))).await
    }

    /// Changes the file under its lock.
    async fn change<T, F>(&self, change: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenFile<'_>, &str) -> Result<T, String> + Send + 'static,
    {
        let Place { path, namespace, lock_timeout, locks } = self.place.clone();
        let (sync, tidied, file) = (self.sync, Arc::clone(&self.tidied), Arc::clone(&path));
        let work = move |located: &Path| {
            if !tidied.swap(true, Ordering::Relaxed) {
                file::tidy(located);
            }
            file::change(&file, located, &namespace, sync, |tokens| change(tokens, &namespace))
        };
        locks.writing(&path, lock_timeout, work).await
    }

    /// As [`change`](Self::change), where there is anything to change by what is read without the lock: a change that comes to
    /// nothing makes no files.
    async fn change_if<F>(&self, change: F) -> Result<bool, StorageError>
    where
        F: FnOnce(&mut TokenFile<'_>, &str) -> Result<bool, String> + Clone + Send + 'static,
    {
        let trial = change.clone();
        let (done, has_changed) = self
            .read(move |file, namespace| trial(file, namespace).map(|done| (done, file.has_changed())))
            .await?;
        if has_changed { self.change(change).await } else { Ok(done) }
    }
}

#[async_trait]
impl TokenStorage for JsonTokenStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        if tokens.is_empty() {
            return Ok(());
        }
        let tokens = tokens.clone();
        self.change(|file, namespace| file.store(namespace, tokens)).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.read(|file, namespace| file.tokens(namespace)).await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        let name = resource_server.to_owned();
        self.read(move |file, namespace| file.token(namespace, &name)).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        let name = resource_server.to_owned();
        self.change_if(move |file, namespace| file.remove(namespace, &name)).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        let (name, expected, new) = (resource_server.to_owned(), expected.cloned(), new.cloned());
        self.change_if(move |file, namespace| file.swap(namespace, &name, expected.as_ref(), new)).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.place.lock(resource_server).await
    }

    fn namespace(&self) -> &str {
        &self.place.namespace
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        Some(Arc::new(self.with_namespace(namespace)))
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        self.read(|file, _| file.namespaces()).await
    }
}
