//! The encryption key in the keyring of the operating system.

mod errors;
#[cfg(test)]
mod tests;

use std::env;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use globus_auth_core::Secret;
use keyring_core::api::CredentialStore;
use keyring_core::{Entry, Error};
use zeroize::Zeroizing;

use self::errors::{Place, not_a_key};
use crate::{EncryptionKey, StorageError, blocking};

impl EncryptionKey {
    /// The key that the keyring of the operating system keeps under this name, made and put there when there is none: the
    /// Keychain of macOS, the Credential Manager of Windows, the Secret Service (GNOME Keyring, KWallet, KeePassXC) elsewhere.
    ///
    /// The keyring may ask the user to unlock it, and this waits for the answer. Of many processes that come first at the same
    /// time, all get the same key.
    ///
    /// ```no_run
    /// use globus_tokenstorage::{EncryptedTokenStorage, EncryptionKey, MemoryTokenStorage};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
    /// let key = EncryptionKey::from_keyring("my-program", "tokens").await?;
    /// let storage = EncryptedTokenStorage::new(MemoryTokenStorage::new(), key);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When there is no keyring, it stays locked, or it keeps something else under this name, which is left as it is.
    pub async fn from_keyring(service: &str, user: &str) -> Result<Self, StorageError> {
        let place = Place::new(service, user);
        blocking::run(move || {
            let store = open_store().map_err(|err| place.unreachable(err))?;
            fetch(&*store, &place)
        })
        .await
    }
}

fn fetch(store: &CredentialStore, place: &Place) -> Result<EncryptionKey, StorageError> {
    let entry = store.build(&place.service, &place.user, None).map_err(|err| place.unreachable(err))?;
    if let Some(key) = read(&entry, place)? {
        return Ok(key);
    }
    // A keyring has no "put it there unless there is something": processes that come first at the same time line up here. Where
    // there is no file to line up at, the last one to write wins, and the others learn of it with their next start.
    let _turn = turn();
    if let Some(key) = read(&entry, place)? {
        return Ok(key);
    }
    let key = EncryptionKey::generate()?;
    entry.set_password(key.to_base64().expose()).map_err(|err| place.unreachable(err))?;
    read(&entry, place)?.ok_or_else(|| place.forgetful())
}

fn read(entry: &Entry, place: &Place) -> Result<Option<EncryptionKey>, StorageError> {
    let bytes = match entry.get_secret() {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(Error::NoEntry) => return Ok(None),
        Err(err) => return Err(place.unreachable(err)),
    };
    let text = str::from_utf8(&bytes).map(Secret::from).map_err(|_| not_a_key(place))?;
    EncryptionKey::from_base64(text.expose()).map(Some).map_err(|_| not_a_key(place))
}

/// The lock of a file of this user, until it is dropped.
fn turn() -> Option<File> {
    let folder = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    let path = folder.join("globus-sdk-keyring.lock");
    let file = File::options().create(true).truncate(false).write(true).open(path).ok()?;
    file.lock().ok()?;
    Some(file)
}

#[cfg(target_os = "macos")]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(not(any(
    target_os = "windows",
    target_os = "macos",
    all(unix, not(any(target_os = "ios", target_os = "android")))
)))]
fn open_store() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NoDefaultStore)
}
