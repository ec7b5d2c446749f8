//! An app that only remembers what is required of its tokens.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use globus_auth_core::Scopes;
use globus_authorizers::{Authorizer, NullAuthorizer};
use globus_services::{App, ServiceClient};
use globus_transport::{Environment, Error, ErrorKind};
use serde_json::json;

use super::{Making, Outcome};

#[derive(Clone, Debug, Default)]
struct Remembering(Arc<Mutex<BTreeMap<String, Scopes>>>);

impl App for Remembering {
    fn name(&self) -> &str {
        "Remembering"
    }

    fn environment(&self) -> Environment {
        Environment::Production
    }

    fn authorizer(&self, _resource_server: &str) -> Arc<dyn Authorizer> {
        Arc::new(NullAuthorizer::new())
    }

    fn require_scopes(&self, resource_server: &str, scopes: &Scopes) -> Result<(), Error> {
        let both = self.required_scopes(resource_server).merge(scopes);
        let both = both.map_err(|err| Error::with_source(ErrorKind::Usage, "no scopes", err))?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(resource_server.to_owned(), both);
        Ok(())
    }

    fn required_scopes(&self, resource_server: &str) -> Scopes {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(resource_server).cloned().unwrap_or_default()
    }
}

/// What the app of a client requires before and after `add`.
pub(super) fn added<'a, C: ServiceClient>(add: impl FnOnce(&C) -> Result<(), Error>) -> Making<'a> {
    let result = requirements(add);
    Box::pin(async move { result.unwrap_or_else(Outcome::Failed) })
}

fn requirements<C: ServiceClient>(add: impl FnOnce(&C) -> Result<(), Error>) -> Result<Outcome, Error> {
    let app = Remembering::default();
    let client = C::from_app(&app)?;
    let required = || [app.required_scopes(C::RESOURCE_SERVER).to_string()];
    let before = required();
    add(&client)?;
    Ok(Outcome::Result(json!({
        "resource_server": C::RESOURCE_SERVER,
        "scope_requirements_before": before,
        "scope_requirements_after": required(),
    })))
}
