//! [`NoLogin`]: where nobody is ever asked.

use async_trait::async_trait;

use super::{LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest};

/// Asks nobody: whatever needs a login fails at once with [`LoginRequired`](super::LoginRequired). It is for servers, batch jobs, and programs
/// that show the link themselves and hand what comes back to [`UserApp::complete_login`](crate::UserApp::complete_login).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoLogin;

#[async_trait]
impl LoginFlowManager for NoLogin {
    fn is_available(&self) -> bool {
        false
    }

    fn why_unavailable(&self) -> Option<String> {
        Some("the program asks nobody itself".to_owned())
    }

    async fn log_in(&self, _request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, "the program asks nobody itself"))
    }
}
