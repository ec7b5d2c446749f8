//! [`PostgresTokenStorage`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::Secret;
use globus_tokenstorage::{
    EncryptedTokenStorage, EncryptionKeys, StorageError, StorageLock, TokenData, TokenStorage,
};

use crate::PostgresTokenStorageBuilder;
use crate::database::Database;
use crate::rows::Rows;

/// Keeps tokens in PostgreSQL, encrypted, for programs on many machines.
///
/// Clones, also those with another namespace, share their connections. Operations need a tokio runtime with network and time
/// (`enable_all`).
///
/// ```no_run
/// use globus_tokenstorage::{EncryptionKey, TokenStorage};
/// use globus_tokenstorage_postgres::PostgresTokenStorage;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let (url, key) = ("", "");
/// // such as postgres://portal:…@db.example.org/portal
/// let storage = PostgresTokenStorage::builder(url, EncryptionKey::from_base64(key)?).connect().await?;
/// let alice = storage.with_namespace("alice");
/// assert!(alice.get_token_data("transfer.api.globus.org").await?.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct PostgresTokenStorage {
    sealed: EncryptedTokenStorage<Rows>,
    keys: EncryptionKeys,
}

impl PostgresTokenStorage {
    /// For the database at this URL (`postgres://user:password@host/database?sslmode=…`), with tokens sealed by these keys.
    pub fn builder(url: impl Into<Secret>, keys: impl Into<EncryptionKeys>) -> PostgresTokenStorageBuilder {
        PostgresTokenStorageBuilder::new(url.into(), keys.into())
    }

    pub(crate) fn new(database: Database, namespace: &str, keys: EncryptionKeys) -> Self {
        let rows = Rows { database: Arc::new(database), locks: Arc::default(), namespace: namespace.into() };
        Self { sealed: EncryptedTokenStorage::new(rows, keys.clone()), keys }
    }

    /// A view of another namespace of the same database, over the same connections.
    #[must_use]
    pub fn with_namespace(&self, namespace: impl AsRef<str>) -> Self {
        let rows = Rows { namespace: namespace.as_ref().into(), ..self.sealed.inner().clone() };
        Self { sealed: EncryptedTokenStorage::new(rows, self.keys.clone()), keys: self.keys.clone() }
    }

    /// The namespace whose tokens this is.
    pub fn namespace(&self) -> &str {
        &self.sealed.inner().namespace
    }

    /// Seals every entry of the namespace that is not sealed with the current key, and says how many those were. Then the
    /// namespace needs no retired key any more.
    ///
    /// # Errors
    /// When an entry cannot be opened or written. Those before it are done.
    pub async fn reseal(&self) -> Result<usize, StorageError> {
        self.sealed.reseal().await
    }

    /// Whether the database can be reached, and its tables used: for the start of a service, or its health check.
    ///
    /// # Errors
    /// When it cannot; what to do is in the error.
    pub async fn check(&self) -> Result<(), StorageError> {
        // No resource server has this name.
        self.sealed.inner().get_token_data("").await.map(drop)
    }
}

impl fmt::Debug for PostgresTokenStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows = self.sealed.inner();
        f.debug_struct("PostgresTokenStorage")
            .field("namespace", &rows.namespace)
            .field("database", &rows.database)
            .field("keys", &self.keys)
            .finish()
    }
}

#[async_trait]
impl TokenStorage for PostgresTokenStorage {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.sealed.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.sealed.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.sealed.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.sealed.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        self.sealed.compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.sealed.lock(resource_server).await
    }

    fn namespace(&self) -> &str {
        &self.sealed.inner().namespace
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        Some(Arc::new(self.with_namespace(namespace)))
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        self.sealed.namespaces().await
    }
}
