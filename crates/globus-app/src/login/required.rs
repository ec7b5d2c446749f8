//! [`LoginRequired`]: somebody has to log in who could not be asked.

use globus_auth_core::Scopes;
use globus_auth_core::login::LoginFlow;

use super::LoginReason;
use crate::AppError;

/// Somebody has to log in, and could not be asked from here. It has the link to open, and all that is needed to finish the login
/// with what comes back.
///
/// ```no_run
/// use globus_app::UserApp;
/// use globus_app::login::{LoginAnswer, LoginRequired};
///
/// # async fn example(app: UserApp, err: globus_services::Error, ask: fn(&str) -> String) -> Result<(), globus_app::AppError> {
/// if let Some(required) = LoginRequired::of(&err) {
///     let code = ask(required.authorize_url());
///     app.complete_login(LoginAnswer::code(required.flow().clone(), code)).await?;
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LoginRequired {
    pub(crate) flow: LoginFlow,
    pub(crate) scopes: Scopes,
    pub(crate) reason: LoginReason,
}

impl LoginRequired {
    /// The demand for a login that made a call to a service fail, if that is why it failed.
    pub fn of(err: &globus_transport::Error) -> Option<&Self> {
        AppError::of(err)?.login_required()
    }

    /// The link to open in a browser.
    pub fn authorize_url(&self) -> &str {
        self.flow.authorize_url()
    }

    /// The scopes that are asked for there.
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Why somebody has to log in.
    pub fn reason(&self) -> &LoginReason {
        &self.reason
    }

    /// The flow that the link belongs to, with which the login is finished
    /// ([`UserApp::complete_login`](crate::UserApp::complete_login)).
    pub fn flow(&self) -> &LoginFlow {
        &self.flow
    }
}
