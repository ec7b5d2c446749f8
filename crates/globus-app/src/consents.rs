//! What a person has consented to, as far as it was looked up.

use std::sync::{Mutex, MutexGuard, PoisonError};

use globus_auth_core::Scopes;
use globus_services::auth::{AuthClient, ConsentForest};
use globus_transport::{Error, Service};

use crate::core::Shared;
use crate::slot::Engine;

/// The consents of the person whose tokens are stored. They are looked up when they are needed, and kept until a login.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    kept: Mutex<Kept>,
    /// Held while they are looked up, so that this is for all who wait.
    looking: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Goes up when they are forgotten: a look-up that began before is worth nothing.
    version: u64,
    of: Option<(String, ConsentForest)>,
}

impl Consents {
    pub(crate) fn forget(&self) {
        let mut kept = self.kept();
        kept.version += 1;
        kept.of = None;
    }

    /// Whether `identity` has consented to all of `required`. What is kept may be old, so that it says yes, and never no. When
    /// it cannot be looked up, nothing stands against it: the service itself will demand what is missing.
    pub(crate) async fn meet(
        &self,
        shared: &Shared,
        engine: Engine,
        identity: &str,
        required: &Scopes,
    ) -> bool {
        let _turn = self.looking.lock().await;
        let version = {
            let kept = self.kept();
            if kept.of.as_ref().is_some_and(|(of, forest)| of == identity && forest.meets(required)) {
                return true;
            }
            kept.version
        };
        match look_up(shared, engine, identity).await {
            Ok(forest) => {
                let is_met = forest.meets(required);
                let mut kept = self.kept();
                if kept.version == version {
                    kept.of = Some((identity.to_owned(), forest));
                }
                is_met
            }
            Err(err) => {
                tracing::warn!("going on without knowing what was consented to: {err}");
                true
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn look_up(shared: &Shared, engine: Engine, identity: &str) -> Result<ConsentForest, Error> {
    let address = shared.environment.service_url_in(Service::Auth, &shared.variables)?;
    let builder = AuthClient::builder().base_url(address.as_str()).transport(shared.transport.clone());
    let auth = match engine {
        Engine::User(engine) => builder.authorizer(engine),
        Engine::Client(engine) => builder.authorizer(engine),
    };
    Ok(auth.build()?.get_consents(identity).await?.to_forest())
}
