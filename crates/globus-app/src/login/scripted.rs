//! [`ScriptedLogin`]: logins for tests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{HostLogin, LoginAnswer, LoginFlowError, LoginFlowManager, LoginRequest};

/// Logs in by a function, for tests: it is given each login, and what it gives back stands for the person. Clones share the count.
///
/// ```
/// use globus_app::login::ScriptedLogin;
///
/// // With an emulator: `ScriptedLogin::pasting(move |url| { let it = emulator.clone(); async move { it.approve(&url).await … } })`
/// let login = ScriptedLogin::pasting(|_authorize_url| async { Ok("the-code".to_owned()) });
/// assert_eq!(login.count(), 0);
/// ```
#[derive(Clone)]
pub struct ScriptedLogin {
    script: HostLogin,
    requests: Arc<Mutex<Vec<LoginRequest>>>,
}

impl ScriptedLogin {
    /// Logs in by `script`.
    pub fn new<A>(script: impl Fn(LoginRequest) -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Result<LoginAnswer, LoginFlowError>> + Send + 'static,
    {
        Self { script: HostLogin::new(script), requests: Arc::default() }
    }

    /// Pastes the code that `person` gets at an authorize URL.
    pub fn pasting<A>(person: impl Fn(String) -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Result<String, LoginFlowError>> + Send + 'static,
    {
        let person = Arc::new(person);
        Self::new(move |request| {
            let person = Arc::clone(&person);
            async move {
                let flow = request.start_flow()?;
                let code = person(flow.authorize_url().to_owned()).await?;
                Ok(LoginAnswer::code(flow, code))
            }
        })
    }

    /// How often it was asked for a login.
    pub fn count(&self) -> usize {
        self.requests().len()
    }

    /// The logins it was asked for, oldest first.
    pub fn requests(&self) -> Vec<LoginRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl LoginFlowManager for ScriptedLogin {
    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        self.script.log_in(request).await
    }
}

impl fmt::Debug for ScriptedLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedLogin").field("requests", &self.requests()).finish_non_exhaustive()
    }
}
