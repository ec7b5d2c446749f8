//! The suite that every [`TokenStorage`] must pass, for tests of a storage of your own.
//!
//! ```
//! use std::time::Duration;
//!
//! use globus_tokenstorage::{MemoryTokenStorage, conformance};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! conformance::run(async || MemoryTokenStorage::new()).await?;
//!
//! let two_views = async || {
//!     let storage = MemoryTokenStorage::new();
//!     (storage.with_namespace("one"), storage.with_namespace("two"))
//! };
//! conformance::run_namespaces(two_views).await?;
//!
//! let impatient = async || MemoryTokenStorage::new().with_lock_timeout(Duration::from_millis(20));
//! conformance::run_lock_timeout(impatient).await?;
//! # Ok::<(), conformance::Violation>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checks;
mod locks;
mod swaps;

use std::{error, fmt};

use crate::{StorageError, TokenStorage};

/// Puts storages through the checks that every one must pass. `make_empty` makes a new storage with nothing in it each time
/// it is called; it may set up what is behind it.
///
/// # Errors
/// The first promise that is not kept. A failure of the storage counts as one.
pub async fn run<S, F, W>(mut make_empty: F) -> Result<(), Violation>
where
    S: TokenStorage + 'static,
    F: FnMut() -> W + Send,
    W: Future<Output = S> + Send,
{
    checks::an_empty_storage_has_nothing(&make_empty().await).await?;
    checks::what_is_stored_is_read_back(&make_empty().await).await?;
    checks::storing_replaces_what_is_named_and_nothing_else(&make_empty().await).await?;
    checks::removing_takes_one_entry_away(&make_empty().await).await?;
    checks::any_text_is_a_resource_server(&make_empty().await).await?;
    checks::a_response_is_stored_whole(&make_empty().await).await?;
    checks::a_response_keeps_the_identity_unless_it_is_told(&make_empty().await).await?;
    swaps::a_swap_needs_what_it_expects(&make_empty().await).await?;
    swaps::of_many_swaps_one_succeeds(make_empty().await).await?;
    swaps::counting_by_swaps_loses_no_step(make_empty().await).await?;
    checks::concurrent_writers_lose_nothing(make_empty().await).await?;
    checks::readers_see_whole_writes(make_empty().await).await?;
    locks::a_lock_is_held_by_one(make_empty().await).await?;
    locks::locks_of_different_keys_are_independent(&make_empty().await).await?;
    locks::a_lock_does_not_hinder_reading_and_writing(&make_empty().await).await?;
    locks::who_stops_waiting_leaves_the_line(make_empty().await).await
}

/// Checks that namespaces do not mix. `make_empty_views` gives two views of one storage with nothing in it, each with a
/// namespace of its own.
///
/// # Errors
/// As [`run`].
pub async fn run_namespaces<S, F, W>(mut make_empty_views: F) -> Result<(), Violation>
where
    S: TokenStorage + 'static,
    F: FnMut() -> W + Send,
    W: Future<Output = (S, S)> + Send,
{
    let (one, other) = make_empty_views().await;
    checks::namespaces_do_not_mix(&one, &other).await?;
    let (one, other) = make_empty_views().await;
    locks::locks_of_different_namespaces_are_independent(&one, &other).await
}

/// Checks that waiting for a lock ends. `make_impatient` gives a storage with a short limit, such as some milliseconds: each
/// check waits it out.
///
/// # Errors
/// As [`run`].
pub async fn run_lock_timeout<S, F, W>(mut make_impatient: F) -> Result<(), Violation>
where
    S: TokenStorage + 'static,
    F: FnMut() -> W + Send,
    W: Future<Output = S> + Send,
{
    locks::waiting_for_a_lock_ends(&make_impatient().await).await
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
