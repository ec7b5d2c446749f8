//! Work that blocks, kept off the reactor.

#[cfg(any(feature = "json", feature = "sqlite"))]
use std::{thread, time::Duration};

use tokio::runtime::Handle;

use crate::{StorageError, StorageErrorKind};

/// Runs `work` on tokio's blocking threads, or right here when there is no tokio runtime. Once begun it runs to its
/// end, whether or not anybody still waits for it.
pub(crate) async fn run<T, F>(work: F) -> Result<T, StorageError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StorageError> + Send + 'static,
{
    let Ok(runtime) = Handle::try_current() else { return work() };
    runtime.spawn_blocking(work).await.unwrap_or_else(|err| {
        Err(StorageError::new(
            StorageErrorKind::Other,
            "the storage operation was broken off: the tokio runtime shuts down, or the operation panicked",
        )
        .with_source(err))
    })
}

/// Waits, on the runtime's timer where there is one.
#[cfg(any(feature = "json", feature = "sqlite"))]
pub(crate) async fn pause(duration: Duration) {
    if Handle::try_current().is_ok() {
        tokio::time::sleep(duration).await;
    } else {
        thread::sleep(duration);
    }
}
