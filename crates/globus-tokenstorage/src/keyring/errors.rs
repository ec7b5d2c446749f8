//! What a keyring that does not help means.

use keyring_core::Error;

use crate::{StorageError, StorageErrorKind};

/// The name of an entry.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) service: String,
    pub(super) user: String,
}

impl Place {
    pub(super) fn new(service: &str, user: &str) -> Self {
        Self { service: service.to_owned(), user: user.to_owned() }
    }

    pub(super) fn unreachable(&self, err: Error) -> StorageError {
        let (kind, why) = match &err {
            Error::NoStorageAccess(_) => {
                (StorageErrorKind::Unreadable, "it is locked, or does not let this program in; unlock it")
            }
            Error::PlatformFailure(_) | Error::NoDefaultStore => (
                StorageErrorKind::Unreadable,
                "it does not answer; start a keyring (such as gnome-keyring-daemon in a D-Bus session), or give the key by \
                 `EncryptionKey::from_base64`",
            ),
            Error::Ambiguous(_) => {
                (StorageErrorKind::Corrupt, "it has several entries of this name; remove all but one")
            }
            Error::TooLong(..) | Error::Invalid(..) => {
                (StorageErrorKind::Other, "it does not take this name; choose another")
            }
            Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
                return not_a_key(self);
            }
            _ => (StorageErrorKind::Other, "it reports a failure; see the cause"),
        };
        let error = StorageError::new(kind, format!("cannot get {self} from the keyring: {why}"));
        match err {
            // These hold no more than what went wrong. The others may hold what is kept.
            Error::NoStorageAccess(source) | Error::PlatformFailure(source) => {
                error.with_source(Cause(source))
            }
            _ => error,
        }
    }

    pub(super) fn forgetful(&self) -> StorageError {
        StorageError::new(
            StorageErrorKind::Unwritable,
            format!("cannot keep {self} in the keyring: it forgets what it is given; see to its settings"),
        )
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the encryption key `{}` of `{}`", self.user.escape_debug(), self.service.escape_debug())
    }
}

pub(super) fn not_a_key(place: &Place) -> StorageError {
    StorageError::new(
        StorageErrorKind::Corrupt,
        format!(
            "cannot use {place}: what the keyring keeps under this name is no encryption key; it was left as it is: choose \
             another name, or remove it"
        ),
    )
}

/// What the keyring's library says. A boxed error is none itself.
#[derive(Debug)]
struct Cause(Box<dyn std::error::Error + Send + Sync>);

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Cause {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
