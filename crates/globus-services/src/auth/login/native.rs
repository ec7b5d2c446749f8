//! [`NativeAppAuthClient`]: a program that cannot keep a secret.

use std::sync::Arc;

use globus_auth_core::IntoScopes;
use globus_auth_core::login::LoginFlowBuilder;
use globus_transport::Error;

use super::LoginClientBuilder;
use super::shared::login_client;
use super::tokens::Login;

/// The login client of a program that its users run themselves, and that can therefore keep no secret: PKCE protects the login.
///
/// ```no_run
/// use globus_services::auth::NativeAppAuthClient;
/// use globus_services::groups::GroupsClient;
///
/// # async fn example(paste: fn() -> String) -> Result<(), Box<dyn std::error::Error>> {
/// let auth = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// let flow = auth.oauth2_start_flow([GroupsClient::SCOPES.view_my_groups_and_memberships]).start()?;
/// println!("Please log in: {}", flow.authorize_url());
/// let tokens = flow.exchange_code_for_tokens(&paste()).await?;
/// println!("{tokens}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NativeAppAuthClient {
    pub(super) login: Login,
}

impl NativeAppAuthClient {
    /// The client that is registered under `client_id`. It does no I/O.
    ///
    /// # Errors
    /// When the client id, or the value of an environment variable `GLOBUS_SDK_…`, is not usable; the error names it.
    pub fn new(client_id: impl Into<String>) -> Result<Self, Error> {
        Self::builder(client_id).build()
    }

    /// A builder, for what [`Self::new`] has no argument for: another environment, address or transport.
    pub fn builder(client_id: impl Into<String>) -> LoginClientBuilder<Self> {
        LoginClientBuilder::new(client_id.into(), None)
    }

    /// Prepares a login in which the user is asked for `scopes`. Each flow is a value of its own, so that several can run at once.
    ///
    /// [Service documentation](https://docs.globus.org/api/auth/developer-guide/#obtaining-authorization)
    pub fn oauth2_start_flow(&self, scopes: impl IntoScopes) -> LoginFlowBuilder {
        LoginFlowBuilder::native(Arc::new(self.clone()), self.login.core.base_url().as_str(), scopes)
    }
}

login_client!(NativeAppAuthClient);
