//! Work that blocks, kept off the reactor.

#[cfg(any(feature = "json", feature = "sqlite"))]
use std::{thread, time::Duration};

use tokio::runtime::Handle;
#[cfg(any(feature = "json", feature = "sqlite"))]
use tokio::runtime::RuntimeFlavor;

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

/// As [`run`], for work that waits for nothing but a small file: right here also in what `block_on` of a multi-threaded
/// runtime was given, as in `#[tokio::main]`. No task runs on that thread, so none has to wait for it, and changing threads
/// twice costs more than the work itself. In a task, and where one thread does everything, it goes to the blocking threads.
#[cfg(any(feature = "json", feature = "sqlite"))]
pub(crate) async fn run_briefly<T, F>(work: F) -> Result<T, StorageError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, StorageError> + Send + 'static,
{
    if is_nobody_elses_thread() { work() } else { run(work).await }
}

/// As [`run_briefly`], for work that may have to wait for others, at most as long as it is told. Where it would be in the way it is
/// first tried without waiting, and done again from its beginning if that ends in
/// [`LockTimedOut`](StorageErrorKind::LockTimedOut).
#[cfg(feature = "sqlite")]
pub(crate) async fn run_patiently<T, F>(longest: Duration, work: F) -> Result<T, StorageError>
where
    T: Send + 'static,
    F: Fn(Duration) -> Result<T, StorageError> + Send + 'static,
{
    if is_nobody_elses_thread() {
        match work(Duration::ZERO) {
            Err(err) if err.kind() == StorageErrorKind::LockTimedOut => {}
            done => return done,
        }
    }
    run(move || work(longest)).await
}

#[cfg(any(feature = "json", feature = "sqlite"))]
fn is_nobody_elses_thread() -> bool {
    tokio::task::try_id().is_none()
        && Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread)
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

#[cfg(all(test, any(feature = "json", feature = "sqlite")))]
mod tests {
    use std::thread;

    use super::*;

    async fn thread_of_work() -> Result<thread::ThreadId, StorageError> {
        run_briefly(|| Ok(thread::current().id())).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_thread_that_runs_tasks_does_the_work() {
        assert_eq!(thread_of_work().await.unwrap(), thread::current().id());
        let (task, work) =
            tokio::spawn(async { (thread::current().id(), thread_of_work().await.unwrap()) }).await.unwrap();
        assert_ne!(task, work);
    }

    #[tokio::test]
    async fn the_only_thread_of_a_runtime_does_not_do_the_work() {
        assert_ne!(thread_of_work().await.unwrap(), thread::current().id());
    }

    #[cfg(feature = "sqlite")]
    #[tokio::test(flavor = "multi_thread")]
    async fn only_a_thread_of_its_own_waits_for_others() {
        const MINUTE: Duration = Duration::from_secs(60);
        let here = thread::current().id();
        // Free at once, and only to those who wait.
        for free_after in [Duration::ZERO, MINUTE] {
            let work = move |wait| {
                let late = || StorageError::new(StorageErrorKind::LockTimedOut, "locked");
                if wait < free_after { Err(late()) } else { Ok((thread::current().id(), wait)) }
            };
            let (thread, waited) = run_patiently(MINUTE, work).await.unwrap();
            assert_eq!((thread == here, waited), (free_after.is_zero(), free_after));
            let in_task = async move { (thread::current().id(), run_patiently(MINUTE, work).await.unwrap()) };
            let (task, (thread, waited)) = tokio::spawn(in_task).await.unwrap();
            assert_eq!((thread == task, waited), (false, MINUTE));
        }
        let broken = |_| Err::<(), _>(StorageError::new(StorageErrorKind::Corrupt, "broken"));
        let err = run_patiently(MINUTE, broken).await.unwrap_err();
        assert_eq!(err.kind(), StorageErrorKind::Corrupt);
    }
}
