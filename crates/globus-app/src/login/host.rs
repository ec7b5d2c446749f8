//! [`HostLogin`]: a program that shows the login itself.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::Secret;

use super::{LoginAnswer, LoginFlowError, LoginFlowManager, LoginRequest};

type Answer = Pin<Box<dyn Future<Output = Result<LoginAnswer, LoginFlowError>> + Send>>;
type Ask = dyn Fn(LoginRequest) -> Answer + Send + Sync;

/// Asks by a function of the program that the app is part of: a window, a cell of a notebook, a chat.
///
/// ```
/// use globus_app::login::HostLogin;
///
/// # async fn window(_why: String, _url: String) -> Option<String> { None }
/// let login = HostLogin::showing(|request, url| async move {
///     window(request.reason().message().to_owned(), url).await
/// });
/// # drop(login);
/// ```
#[derive(Clone)]
pub struct HostLogin(Arc<Ask>);

impl HostLogin {
    /// Asks by `ask`, which begins the flow itself and says what it ended with.
    pub fn new<A>(ask: impl Fn(LoginRequest) -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Result<LoginAnswer, LoginFlowError>> + Send + 'static,
    {
        Self(Arc::new(move |request| -> Answer { Box::pin(ask(request)) }))
    }

    /// Asks by `show`, which is given the address to open and gives back the code that the person got there, or `None` when the
    /// person does not want to.
    pub fn showing<C, A>(show: impl Fn(LoginRequest, String) -> A + Send + Sync + 'static) -> Self
    where
        C: Into<Secret>,
        A: Future<Output = Option<C>> + Send + 'static,
    {
        let show = Arc::new(show);
        Self::new(move |request| {
            let show = Arc::clone(&show);
            async move {
                let flow = request.start_flow()?;
                match show(request, flow.authorize_url().to_owned()).await {
                    Some(code) => Ok(LoginAnswer::code(flow, code)),
                    None => Err(LoginFlowError::refused()),
                }
            }
        })
    }
}

#[async_trait]
impl LoginFlowManager for HostLogin {
    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        (self.0)(request.clone()).await
    }
}

impl fmt::Debug for HostLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HostLogin")
    }
}
