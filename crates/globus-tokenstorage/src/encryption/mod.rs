//! Encryption at rest: any storage, with the tokens in it sealed under a key of the program's own.

mod binding;
mod key;
mod keys;
mod sealed;
mod seals;
mod storage;
#[cfg(test)]
mod tests;

pub use self::key::EncryptionKey;
pub use self::keys::EncryptionKeys;
pub use self::storage::EncryptedTokenStorage;
