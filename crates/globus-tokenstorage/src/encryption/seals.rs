//! [`Seals`]: entries, sealed and opened.

use super::binding::Binding;
use super::sealed::{self, Refusal};
use super::{EncryptionKey, EncryptionKeys};
use crate::{StorageError, StorageErrorKind, TokenData};

/// How the entries of an encrypted storage are sealed.
#[derive(Clone, Debug)]
pub(super) struct Seals {
    pub(super) keys: EncryptionKeys,
    /// Whether entries that were stored in the clear are read.
    pub(super) plaintext_is_read: bool,
}

impl Seals {
    /// The entry with its tokens sealed, as it is kept under `resource_server`.
    pub(super) fn seal(
        &self,
        namespace: &str,
        resource_server: &str,
        data: &TokenData,
    ) -> Result<TokenData, StorageError> {
        let key = self.keys.current();
        let binding = Binding::of(namespace, resource_server, data);
        let mut stored = data.clone();
        let beside_refresh_token = data.refresh_token.is_some();
        stored.access_token =
            sealed::seal(key, data.access_token.expose(), &binding.of_access_token(beside_refresh_token))?;
        if let Some(refresh_token) = &data.refresh_token {
            let binding = binding.of_refresh_token(stored.access_token.expose());
            stored.refresh_token = Some(sealed::seal(key, refresh_token.expose(), &binding)?);
        }
        Ok(stored)
    }

    /// The entry as it was before it was sealed.
    pub(super) fn open(
        &self,
        namespace: &str,
        resource_server: &str,
        stored: &TokenData,
    ) -> Result<TokenData, StorageError> {
        if !is_sealed_at_all(stored) {
            return if self.plaintext_is_read { Ok(stored.clone()) } else { Err(unsealed(resource_server)) };
        }
        self.open_sealed(namespace, resource_server, stored).map_err(|why| refused(resource_server, why))
    }

    /// Whether an entry that could be opened is sealed with the key that seals now.
    pub(super) fn are_current(&self, stored: &TokenData) -> bool {
        stored_with(stored, self.keys.current())
    }

    fn open_sealed(
        &self,
        namespace: &str,
        resource_server: &str,
        stored: &TokenData,
    ) -> Result<TokenData, Refusal> {
        let binding = Binding::of(namespace, resource_server, stored);
        let open = |text: &str, binding: &[u8]| sealed::open(&self.keys, text, binding);
        let mut data = stored.clone();
        let access_token = stored.access_token.expose();
        data.access_token = open(access_token, &binding.of_access_token(stored.refresh_token.is_some()))?;
        if let Some(refresh_token) = &stored.refresh_token {
            data.refresh_token = Some(open(refresh_token.expose(), &binding.of_refresh_token(access_token))?);
        }
        Ok(data)
    }
}

fn is_sealed_at_all(stored: &TokenData) -> bool {
    [Some(&stored.access_token), stored.refresh_token.as_ref()]
        .into_iter()
        .flatten()
        .any(|token| sealed::is_sealed(token.expose()))
}

fn stored_with(stored: &TokenData, key: &EncryptionKey) -> bool {
    sealed::names(stored.access_token.expose(), key)
        && stored.refresh_token.as_ref().is_none_or(|token| sealed::names(token.expose(), key))
}

fn unsealed(resource_server: &str) -> StorageError {
    StorageError::new(
        StorageErrorKind::Corrupt,
        format!(
            "the tokens of {} are stored in the clear where encrypted ones are wanted; they were left as they are: read and \
             seal them with `with_plaintext_migration(true)`, or log in again",
            resource_server.escape_debug()
        ),
    )
}

fn refused(resource_server: &str, why: Refusal) -> StorageError {
    let (kind, why) = match why {
        Refusal::UnknownKey(id) => (
            StorageErrorKind::UnknownKey,
            format!(
                "they are encrypted with the key {id}, which this program was not given; give it that key as a retired one, \
                 or remove the entry and log in again"
            ),
        ),
        Refusal::NewerVersion => (
            StorageErrorKind::UnsupportedVersion,
            "a newer version of the Globus SDK encrypted them; use that version".to_owned(),
        ),
        Refusal::Tampered => (
            StorageErrorKind::Corrupt,
            "they, or what stands beside them, were changed or moved after they were encrypted; find out by whom, and log in again"
                .to_owned(),
        ),
    };
    StorageError::new(
        kind,
        format!(
            "cannot decrypt the stored tokens of {}, which were left as they are: {why}",
            resource_server.escape_debug()
        ),
    )
}
