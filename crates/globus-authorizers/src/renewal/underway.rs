//! The running renewal as those see it who wait for it.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Held;
use crate::AuthorizerError;

pub(super) type Outcome = Result<Arc<Held>, AuthorizerError>;

/// How long another runtime may take to run an empty task before it counts as standing still.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// Clones are of one renewal.
#[derive(Clone, Debug)]
pub(super) struct Underway {
    arrival: watch::Receiver<Option<Outcome>>,
    runtime: Handle,
}

/// How waiting ended.
pub(super) enum Waited {
    Landed(Outcome),
    /// The task of the renewal is gone, and left nothing.
    Vanished,
    /// The renewal runs on a runtime that nobody drives any more, and may never land.
    Stalled,
}

impl Underway {
    pub(super) fn new(arrival: watch::Receiver<Option<Outcome>>, runtime: Handle) -> Self {
        Self { arrival, runtime }
    }

    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        self.arrival.same_channel(&other.arrival)
    }

    /// Waits for its end.
    pub(super) async fn landed(mut self) -> Waited {
        if Handle::try_current().is_ok_and(|here| here.id() != self.runtime.id()) {
            return self.landed_elsewhere().await;
        }
        self.arrive().await
    }

    /// The same from another runtime than the renewal's. That one may stand still, such as one of a single thread whose
    /// `block_on` has returned. So it is asked for a sign of life now and then.
    async fn landed_elsewhere(mut self) -> Waited {
        // In a task, which the end of waiting ends: a runtime without a timer must not take the caller with it.
        let mut watch = JoinSet::new();
        watch.spawn(async move {
            loop {
                if let Ok(landed) = timeout(SIGN_OF_LIFE, self.arrive()).await {
                    return landed;
                }
                let sign = self.runtime.spawn(async {});
                if timeout(SIGN_OF_LIFE, sign).await.is_err() {
                    return Waited::Stalled;
                }
            }
        });
        watch.join_next().await.and_then(Result::ok).unwrap_or(Waited::Vanished)
    }

    async fn arrive(&mut self) -> Waited {
        match self.arrival.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(outcome)) => Waited::Landed(outcome.clone()),
            _ => Waited::Vanished,
        }
    }
}
