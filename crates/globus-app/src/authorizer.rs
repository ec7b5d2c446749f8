//! [`AppAuthorizer`]: the headers of requests to one resource server, with a login where that is needed.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::LoginDemand;
use globus_authorizers::{AuthorizationHeader, Authorizer, AuthorizerError};

use crate::AppError;
use crate::core::Core;
use crate::slot::Slot;

/// Gives the headers of requests to one resource server. Where the tokens for it are missing, have ended, or do not allow what
/// the app requires, somebody is brought to log in first, once for all who wait.
///
/// It is what clients made by `from_app` have, and what [`UserApp::get_authorizer`](crate::UserApp::get_authorizer) gives to
/// others. Clones, and others of the same app and resource server, share tokens and renewals.
#[derive(Clone)]
pub struct AppAuthorizer {
    core: Arc<Core>,
    slot: Arc<Slot>,
}

impl AppAuthorizer {
    pub(crate) fn new(core: Arc<Core>, slot: Arc<Slot>) -> Self {
        Self { core, slot }
    }

    /// The resource server, such as `transfer.api.globus.org`.
    pub fn resource_server(&self) -> &str {
        &self.slot.resource_server
    }
}

#[async_trait]
impl Authorizer for AppAuthorizer {
    fn current_header(&self) -> Option<AuthorizationHeader> {
        self.slot.current_header()
    }

    async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
        self.core.header(&self.slot).await.map_err(AppError::into_authorizer_error)
    }

    fn refused(&self, header: &AuthorizationHeader) -> bool {
        self.slot.engine().is_none_or(|engine| engine.get().refused(header))
    }

    async fn meet(
        &self,
        demand: &LoginDemand,
        header: &AuthorizationHeader,
    ) -> Result<bool, AuthorizerError> {
        self.core.meet(&self.slot, demand, header).await.map_err(AppError::into_authorizer_error)
    }
}

impl fmt::Debug for AppAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppAuthorizer")
            .field("app", &self.core.shared.name)
            .field("resource_server", &self.slot.resource_server)
            .finish_non_exhaustive()
    }
}
