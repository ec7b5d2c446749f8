//! What tests do to a running emulator, and what they learn from it.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use bytes::Bytes;
use tokio::sync::oneshot;

use crate::emulator::Emulator;
use crate::error::{Error, Result};
use crate::faults::Fault;
use crate::journal::{RequestFilter, RequestRecord};
use crate::lock::lock;
use crate::reset::reset;

impl Emulator {
    /// The requests that arrived, oldest first, without their secrets. The last 20,000 are kept, and at most 32 MiB of them.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.requests_matching(&RequestFilter::new())
    }

    /// As [`requests`](Self::requests), but only those that the filter picks.
    #[must_use]
    pub fn requests_matching(&self, filter: &RequestFilter) -> Vec<RequestRecord> {
        self.app.journal.matching(filter)
    }

    /// Waits until so many requests match and have been answered, and returns all that match by then.
    ///
    /// # Errors
    ///
    /// When there are fewer after `at_most`.
    pub async fn wait_for_requests(
        &self,
        filter: &RequestFilter,
        count: usize,
        at_most: Duration,
    ) -> Result<Vec<RequestRecord>> {
        let (app, wanted) = (Arc::clone(&self.app), filter.clone());
        let reached =
            self.on_its_thread(async move { app.journal.wait_for(&wanted, count, at_most).await }).await?;
        let requests = self.requests_matching(filter);
        if reached {
            return Ok(requests);
        }
        let found = requests.len();
        Err(Error::new(format!("{found} of {count} requests arrived in {at_most:?} that match {filter:?}")))
    }

    /// Forgets the requests that arrived so far.
    pub fn clear_requests(&self) {
        self.app.journal.clear();
    }

    /// Every token, code and secret that was given out, to look for them where they must not be.
    #[must_use]
    pub fn issued_secrets(&self) -> Vec<String> {
        self.app.issued_secrets()
    }

    /// Moves the emulator's clock: tokens, codes and deadlines expire for real.
    pub fn advance_clock(&self, by: Duration) {
        self.app.move_clock(|clock| clock.advance(by));
    }

    /// Sets how many seconds the emulator's clock is before the wall clock; behind it when negative.
    pub fn set_clock_offset_seconds(&self, seconds: i64) {
        self.app.move_clock(|clock| clock.set_offset(seconds.saturating_mul(1000)));
    }

    /// Makes requests fail from now on; the id that the fault goes by. It takes the place of the one with its id.
    ///
    /// # Errors
    ///
    /// When it has a value that cannot be, such as a rate of 5.
    pub fn inject(&self, fault: Fault) -> Result<String> {
        self.app.faults.add(fault)
    }

    /// Removes the fault with this id; whether it was there.
    pub fn remove_fault(&self, id: &str) -> bool {
        self.app.faults.remove(id)
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Ends an access or refresh token; a refresh token takes its access tokens along. Whether there was such a token.
    pub fn revoke_token(&self, token: &str) -> bool {
        lock(&self.app.auth).revoke(token)
    }

    /// Ends all tokens: everybody has to log in again.
    pub fn revoke_all_tokens(&self) {
        let mut auth = lock(&self.app.auth);
        auth.access.clear();
        auth.refresh.clear();
    }

    /// Goes back to the state at the start: tokens, consents, groups, collections and their directories, tasks, the clock, the
    /// faults and the journal. With a seed the ids and secrets that follow are the same again.
    ///
    /// # Errors
    ///
    /// When the directories cannot be filled again.
    pub async fn reset(&self) -> Result<()> {
        let app = Arc::clone(&self.app);
        self.on_its_thread(async move { reset(&app).await }).await?
    }

    /// Answers a request as if it had come over a connection; `None` where the connection would have been closed instead.
    ///
    /// # Errors
    ///
    /// When the emulator has stopped.
    pub async fn answer(&self, request: http::Request<Bytes>) -> Result<Option<http::Response<Bytes>>> {
        let exchange = self.exchange.clone();
        self.on_its_thread(async move {
            let (parts, body) = request.into_parts();
            let (parts, body) = exchange.answer(parts, body).await.ok()?.into_parts();
            let body = to_bytes(body, usize::MAX).await.ok()?;
            Some(http::Response::from_parts(parts, body))
        })
        .await
    }

    /// There the clock runs that is waited by, whatever the caller's runtime does to its own.
    async fn on_its_thread<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        let (sender, receiver) = oneshot::channel();
        self.runtime.spawn(async move {
            let _ = sender.send(work.await);
        });
        receiver.await.map_err(|_| Error::new("the emulator has stopped"))
    }
}
