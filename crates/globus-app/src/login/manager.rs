//! [`LoginFlowManager`]: who brings a person to log in.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use globus_auth_core::login::LoginFlow;

use super::{LoginAnswer, LoginFlowError, LoginRequest};

/// Brings a person to log in: by a link and a pasted code, by a browser and a server on this machine, by a window of the
/// program that the app is part of.
///
/// An app has one login under way at a time, for all who wait for it. It begins one only where the manager is
/// [available](Self::is_available), and otherwise fails at once with [`LoginRequired`](super::LoginRequired).
///
/// ```
/// use async_trait::async_trait;
/// use globus_app::login::{LoginAnswer, LoginFlowError, LoginFlowManager, LoginRequest};
///
/// /// Asks in a window of ours.
/// #[derive(Debug)]
/// struct Window;
///
/// #[async_trait]
/// impl LoginFlowManager for Window {
///     async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
///         let flow = request.start_flow()?;
///         let code = self.show_and_ask(request.reason().message(), flow.authorize_url()).await;
///         Ok(LoginAnswer::code(flow, code))
///     }
/// }
/// # impl Window { async fn show_and_ask(&self, _why: &str, _url: &str) -> String { String::new() } }
/// ```
#[async_trait]
pub trait LoginFlowManager: fmt::Debug + Send + Sync {
    /// Whether anybody can be asked now. It is called before each login, and must neither wait nor read anything that a
    /// person types.
    fn is_available(&self) -> bool {
        true
    }

    /// Why nobody can be asked, where that is so, such as "standard error is no terminal". The error has it. By default nothing
    /// is said.
    fn why_unavailable(&self) -> Option<String> {
        None
    }

    /// Tells the person, in one line, what is waited for before the login can begin: another program asks for the same one. It
    /// must not wait. By default nothing is told.
    fn tell(&self, message: &str) {
        let _ = message;
    }

    /// Brings the person to log in, and gives back what the browser or the person brought. The app trades that for tokens,
    /// looks at whose they are, and stores them.
    ///
    /// The future is dropped when nobody waits for the login any more: it must let go of ports and of what it shows, and
    /// keep no task alive.
    ///
    /// # Errors
    /// [`LoginFlowError`], whose kind says whether the person refused or could not be asked at all. With
    /// [`Unavailable`](super::LoginFlowErrorKind::Unavailable) the app fails as if the manager were not available.
    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError>;

    /// Asks once more for the code of `flow`, where Auth did not take the one that was brought: the person may have mistyped it.
    /// By default nobody is asked again, and the login fails. The future is dropped as that of [`log_in`](Self::log_in).
    async fn ask_again(
        &self,
        request: &LoginRequest,
        flow: &LoginFlow,
    ) -> Option<Result<LoginAnswer, LoginFlowError>> {
        let _ = (request, flow);
        None
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        #[async_trait]
        impl<M: LoginFlowManager + ?Sized> LoginFlowManager for $pointer {
            fn is_available(&self) -> bool {
                (**self).is_available()
            }

            fn why_unavailable(&self) -> Option<String> {
                (**self).why_unavailable()
            }

            fn tell(&self, message: &str) {
                (**self).tell(message);
            }

            async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
                (**self).log_in(request).await
            }

            async fn ask_again(
                &self,
                request: &LoginRequest,
                flow: &LoginFlow,
            ) -> Option<Result<LoginAnswer, LoginFlowError>> {
                (**self).ask_again(request, flow).await
            }
        }
    )*};
}

forward!(Arc<M>, Box<M>);
