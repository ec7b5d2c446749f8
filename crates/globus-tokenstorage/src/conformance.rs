//! The suite that every [`TokenStorage`] must pass, for tests of a storage of your own.
//!
//! ```
//! use globus_tokenstorage::{MemoryTokenStorage, conformance};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! conformance::run(MemoryTokenStorage::new).await?;
//! # Ok::<(), conformance::Violation>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checks;

use std::{error, fmt};

use crate::{StorageError, TokenStorage};

/// Puts storages through every check. `make_empty` makes a new storage with nothing in it each time it is called.
///
/// # Errors
/// The first promise that is not kept. A failure of the storage counts as one.
pub async fn run<S, F>(mut make_empty: F) -> Result<(), Violation>
where
    S: TokenStorage + 'static,
    F: FnMut() -> S + Send,
{
    checks::an_empty_storage_has_nothing(&make_empty()).await?;
    checks::what_is_stored_is_read_back(&make_empty()).await?;
    checks::storing_replaces_what_is_named_and_nothing_else(&make_empty()).await?;
    checks::removing_takes_one_entry_away(&make_empty()).await?;
    checks::any_text_is_a_resource_server(&make_empty()).await?;
    checks::a_response_is_stored_whole(&make_empty()).await?;
    checks::concurrent_writers_lose_nothing(make_empty()).await?;
    checks::readers_see_whole_writes(make_empty()).await?;
    checks::a_lock_is_held_by_one(make_empty()).await?;
    checks::locks_of_different_keys_are_independent(&make_empty()).await?;
    checks::a_lock_does_not_hinder_reading_and_writing(&make_empty()).await
}

/// A promise that a storage did not keep.
#[derive(Clone, Debug)]
pub struct Violation {
    promise: &'static str,
    source: Option<StorageError>,
}

impl Violation {
    fn of(promise: &'static str) -> Self {
        Self { promise, source: None }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the storage breaks a promise: {}", self.promise)
    }
}

impl error::Error for Violation {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.source.as_ref().map(|source| source as &(dyn error::Error + 'static))
    }
}

impl From<StorageError> for Violation {
    fn from(source: StorageError) -> Self {
        Self { promise: "an operation failed", source: Some(source) }
    }
}
