//! The documents that describe a task to submit.

mod delete;
mod encoded;
mod item;
mod submission;
mod transfer;

pub use delete::{DeleteData, DeleteItem};
pub(super) use encoded::Encoded;
pub use item::TransferItem;
pub(super) use submission::submission;
pub use transfer::{FilterMethod, FilterRule, RecursiveSymlinks, SyncLevel, TransferData, UnknownSyncLevel};

#[cfg(test)]
mod tests;
