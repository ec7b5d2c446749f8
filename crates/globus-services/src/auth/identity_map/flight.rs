//! [`Flight`]: a lookup under way.

use std::collections::HashMap;
use std::sync::Arc;

use globus_transport::{Error, ErrorKind};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tracing::{Instrument, Span};

use super::IdentityMap;
use super::key::Key;
use crate::auth::Identity;

type Found = Arc<HashMap<Key, Arc<Identity>>>;

/// A lookup under way, in a task of its own: it goes on as long as one of those who wait for it does.
pub(super) struct Flight {
    outcome: watch::Receiver<Option<Result<Found, Error>>>,
    task: AbortHandle,
}

impl Flight {
    /// Starts to look `keys` up, which are all ids or all usernames.
    pub(super) fn start(map: IdentityMap, keys: Vec<Key>) -> Self {
        let (outcome, receiver) = watch::channel(None);
        let lookup = async move {
            let found = look_up(&map, &keys).await;
            // Known before it is told, so that nobody asks in between.
            if let Ok(found) = &found {
                let known = found.iter().map(|(key, identity)| (key.clone(), identity.clone()));
                map.shared.state().known.extend(known);
            }
            outcome.send_replace(Some(found));
        };
        let task = tokio::spawn(lookup.instrument(Span::current())).abort_handle();
        Self { outcome: receiver, task }
    }

    pub(super) fn has_landed(&self) -> bool {
        // Also when its runtime has ended and nothing will come any more.
        self.outcome.borrow().is_some() || self.outcome.has_changed().is_err()
    }

    /// Waits for the outcome.
    pub(super) async fn landed(&self) -> Result<Found, Error> {
        let mut outcome = self.outcome.clone();
        let outcome = outcome.wait_for(Option::is_some).await;
        outcome.ok().and_then(|outcome| outcome.clone()).unwrap_or_else(|| {
            Err(Error::new(ErrorKind::Network, "the runtime in which identities were looked up has ended"))
        })
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn look_up(map: &IdentityMap, keys: &[Key]) -> Result<Found, Error> {
    // It is never closed.
    let _turn = map.shared.lookups.acquire().await;
    let texts: Vec<&str> = keys.iter().map(Key::as_str).collect();
    let request = map.auth.get_identities();
    let request = if keys.iter().all(Key::is_id) {
        request.ids(texts)
    } else {
        request.usernames(texts).provision(map.provision)
    };
    let mut found = HashMap::new();
    for identity in request.await?.identities {
        let identity = Arc::new(identity);
        let names = [Some(identity.id.as_str()), identity.username.as_deref()];
        for key in names.into_iter().flatten().filter_map(Key::read) {
            found.insert(key, identity.clone());
        }
    }
    Ok(Arc::new(found))
}
