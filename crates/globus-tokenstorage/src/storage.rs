//! [`TokenStorage`]: what every storage can do.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::OAuthTokenResponse;

use crate::{StorageError, StorageErrorKind, StorageLock, TokenData};

/// The namespace of a storage that was given none, as in the Python SDK.
pub const DEFAULT_NAMESPACE: &str = "DEFAULT";

/// Keeps the tokens of one namespace, by resource server.
///
/// A storage may be shared by many tasks and, where it is a file, by many processes: no write may lose what another
/// wrote for another resource server, and no reader may see half a write. The `conformance` feature has a suite
/// that checks an implementation.
///
/// Every method is cancel-safe: a write whose future is dropped happens whole or not at all.
#[async_trait]
pub trait TokenStorage: fmt::Debug + Send + Sync {
    /// Stores each token under its resource server (the key), in one step. Others stay as they are.
    ///
    /// # Errors
    /// When they could not be stored; nothing has changed then.
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError>;

    /// All tokens of the namespace; none when nothing was ever stored.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError>;

    /// The tokens for one resource server.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError>;

    /// Removes the tokens for one resource server; `false` when there were none.
    ///
    /// # Errors
    /// When the change could not be stored; nothing has changed then.
    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError>;

    /// Replaces what is stored for one resource server by `new`, or removes it for `None`, if it is `expected` (`None`:
    /// nothing) at that very moment. `false`: something else is stored, and nothing has changed.
    ///
    /// This is how a change is made that depends on what was read, such as a renewal, without undoing what a login, a logout or
    /// another process has done since: read, decide, swap, and on `false` begin again.
    ///
    /// # Errors
    /// When the change could not be stored; nothing has changed then.
    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError>;

    /// Waits until no other task or process holds the lock for this resource server in this namespace, and takes it.
    /// Dropping it releases it, and so does the death of its process.
    ///
    /// It is advisory: who renews a token takes it, so that a refresh token is spent once. Reading and writing never wait
    /// for it.
    ///
    /// # Errors
    /// [`LockTimedOut`](crate::StorageErrorKind::LockTimedOut) when it stays taken for longer than the storage's time limit.
    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError>;

    /// The namespace whose tokens this is; [`DEFAULT_NAMESPACE`] where a storage has no namespaces.
    ///
    /// What wraps a storage ties what it stores to its place by it.
    fn namespace(&self) -> &str {
        DEFAULT_NAMESPACE
    }

    /// The same storage for another namespace; nothing where a storage has none.
    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        let _ = namespace;
        None
    }

    /// The namespaces that hold tokens, in the order of their names. A storage that has none names its own, if it holds any.
    ///
    /// # Errors
    /// When what is stored cannot be read.
    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        let is_empty = self.get_token_data_by_resource_server().await?.is_empty();
        Ok(if is_empty { Vec::new() } else { vec![self.namespace().to_owned()] })
    }

    /// Stores one entry under its resource server. Others stay as they are.
    ///
    /// # Errors
    /// As [`store_token_data_by_resource_server`](Self::store_token_data_by_resource_server).
    async fn store_token_data(&self, data: &TokenData) -> Result<(), StorageError> {
        let tokens = [(data.resource_server.clone(), data.clone())].into();
        self.store_token_data_by_resource_server(&tokens).await
    }

    /// Stores every token of a response under its resource server. The response does not say who logged in: an entry that is
    /// replaced hands its identity on. Where another person may have logged in, or the Python SDK is to use the
    /// tokens as well (it wants an identity), use [`store_token_response_for`](Self::store_token_response_for).
    ///
    /// # Errors
    /// As [`store_token_data_by_resource_server`](Self::store_token_data_by_resource_server).
    async fn store_token_response(&self, response: &OAuthTokenResponse) -> Result<(), StorageError> {
        let mut tokens = BTreeMap::new();
        for (resource_server, token) in response.by_resource_server() {
            let identity_id = match self.get_token_data(resource_server).await {
                Ok(replaced) => replaced.and_then(|replaced| replaced.identity_id),
                // A login mends what cannot be understood, where it is no more than an entry.
                Err(err) if err.kind() == StorageErrorKind::Corrupt => None,
                Err(err) => return Err(err),
            };
            tokens.insert(resource_server.clone(), TokenData::from(token).with_identity_id(identity_id));
        }
        self.store_token_data_by_resource_server(&tokens).await
    }

    /// Stores every token of a response under its resource server, for the identity with this id: the `sub` of the ID token,
    /// once that is verified. `None` forgets the identity of an entry that is replaced.
    ///
    /// # Errors
    /// As [`store_token_data_by_resource_server`](Self::store_token_data_by_resource_server).
    async fn store_token_response_for(
        &self,
        response: &OAuthTokenResponse,
        identity_id: Option<&str>,
    ) -> Result<(), StorageError> {
        let entry = |token| TokenData::from(token).with_identity_id(identity_id.map(str::to_owned));
        let tokens = response.by_resource_server().iter();
        let tokens = tokens.map(|(resource_server, token)| (resource_server.clone(), entry(token))).collect();
        self.store_token_data_by_resource_server(&tokens).await
    }
}

#[async_trait]
impl<S: TokenStorage + ?Sized> TokenStorage for Arc<S> {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        (**self).store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        (**self).get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        (**self).get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        (**self).remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        (**self).compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        (**self).lock(resource_server).await
    }

    fn namespace(&self) -> &str {
        (**self).namespace()
    }

    fn in_namespace(&self, namespace: &str) -> Option<Arc<dyn TokenStorage>> {
        (**self).in_namespace(namespace)
    }

    async fn namespaces(&self) -> Result<Vec<String>, StorageError> {
        (**self).namespaces().await
    }

    async fn store_token_data(&self, data: &TokenData) -> Result<(), StorageError> {
        (**self).store_token_data(data).await
    }

    async fn store_token_response(&self, response: &OAuthTokenResponse) -> Result<(), StorageError> {
        (**self).store_token_response(response).await
    }

    async fn store_token_response_for(
        &self,
        response: &OAuthTokenResponse,
        identity_id: Option<&str>,
    ) -> Result<(), StorageError> {
        (**self).store_token_response_for(response, identity_id).await
    }
}
