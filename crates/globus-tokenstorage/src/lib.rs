#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod data;
mod error;
mod lock;
mod memory;
mod storage;

#[cfg(feature = "conformance")]
pub mod conformance;

#[cfg(any(feature = "json", feature = "keyring", feature = "sqlite"))]
mod blocking;
#[cfg(feature = "encryption")]
mod encryption;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod entry;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod file_lock;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod files;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "keyring")]
mod keyring;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod place;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use data::TokenData;
#[cfg(feature = "encryption")]
pub use encryption::{EncryptedTokenStorage, EncryptionKey, EncryptionKeys};
pub use error::{StorageError, StorageErrorKind};
#[cfg(feature = "json")]
pub use json::JsonTokenStorage;
pub use lock::StorageLock;
pub use memory::MemoryTokenStorage;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteTokenStorage;
pub use storage::{DEFAULT_NAMESPACE, TokenStorage};
