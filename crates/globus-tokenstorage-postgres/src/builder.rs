//! [`PostgresTokenStorageBuilder`]: how to reach the database, and what to do there.

use std::fmt;
use std::time::Duration;

use globus_auth_core::Secret;
use globus_tokenstorage::{DEFAULT_NAMESPACE, EncryptionKeys, StorageError};

use crate::PostgresTokenStorage;
use crate::database::Database;
use crate::settings::{Limits, Roots, Settings};
use crate::url;

/// Collects the settings of a [`PostgresTokenStorage`]. What is not set has a default that works.
///
/// `Debug` shows neither the URL nor a password.
#[must_use = "a builder does nothing until `build` or `connect`"]
pub struct PostgresTokenStorageBuilder {
    url: Secret,
    keys: EncryptionKeys,
    password: Option<Secret>,
    namespace: String,
    roots: Option<Roots>,
    plaintext_allowed: bool,
    limits: Limits,
}

impl PostgresTokenStorageBuilder {
    pub(crate) fn new(url: Secret, keys: EncryptionKeys) -> Self {
        Self {
            url,
            keys,
            password: None,
            namespace: DEFAULT_NAMESPACE.to_owned(),
            roots: None,
            plaintext_allowed: false,
            limits: Limits::default(),
        }
    }

    /// The password, where it is not in the URL.
    pub fn with_password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// The namespace whose tokens this is; `DEFAULT` otherwise. [`PostgresTokenStorage::with_namespace`] makes views of others that
    /// share the connections.
    pub fn with_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// The certificate authorities (PEM) that the server's certificate may come from, instead of those that the platform
    /// trusts. `sslrootcert=<file>` in the URL does the same.
    pub fn with_ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(Roots::Pem(pem.into()));
        self
    }

    /// At most so many connections for reading and writing, at least one; 8 otherwise. One more serves all locks. They are made
    /// when they are needed.
    pub fn with_pool_size(mut self, connections: usize) -> Self {
        self.limits.connections = connections.max(1);
        self
    }

    /// How long an operation waits for a free connection; 10 s otherwise.
    pub fn with_pool_timeout(mut self, limit: Duration) -> Self {
        self.limits.wait = limit;
        self
    }

    /// How long an operation may take once it has a connection, or the making of one; 10 s otherwise.
    pub fn with_timeout(mut self, limit: Duration) -> Self {
        self.limits.operation = limit;
        self
    }

    /// How long to wait for the lock of a resource server while others have it; 60 s otherwise.
    pub fn with_lock_timeout(mut self, limit: Duration) -> Self {
        self.limits.lock = limit;
        self
    }

    /// Whether a server that is neither on this machine nor behind a Unix socket may be spoken to without TLS, where the URL
    /// says `sslmode=disable` or (the default) `prefer`. The password and who uses what are then readable on the way; the
    /// tokens stay encrypted. No otherwise.
    pub fn danger_allow_plaintext(mut self, allowed: bool) -> Self {
        self.plaintext_allowed = allowed;
        self
    }

    /// The storage. Nothing is read, and nobody is connected to, before it is used.
    ///
    /// # Errors
    /// When the URL cannot be used, or asks for what is refused. No error quotes it.
    pub fn build(self) -> Result<PostgresTokenStorage, StorageError> {
        let mut url = url::parse(self.url.expose())?;
        if let Some(password) = &self.password {
            url.config.password(password.expose());
        }
        let roots = self.roots.or(url.roots).unwrap_or(Roots::Platform);
        let settings = Settings::new(url.config, roots, self.plaintext_allowed, self.limits)?;
        Ok(PostgresTokenStorage::new(Database::new(settings), &self.namespace, self.keys))
    }

    /// The storage, with a first connection made and the tables created or brought up to date: what is wrong shows at once.
    ///
    /// # Errors
    /// As [`build`](Self::build), and when the server cannot be reached or the tables cannot be used.
    pub async fn connect(self) -> Result<PostgresTokenStorage, StorageError> {
        let storage = self.build()?;
        storage.check().await?;
        Ok(storage)
    }
}

impl fmt::Debug for PostgresTokenStorageBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresTokenStorageBuilder")
            .field("keys", &self.keys)
            .field("namespace", &self.namespace)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
