//! [`InteractiveLogin`]: whichever way of asking the place allows.

use std::io::{self, IsTerminal};

use async_trait::async_trait;
use globus_transport::Variables;

use super::surroundings::Surroundings;
use super::{
    CommandLineLogin, LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest,
    LoopbackLogin,
};

/// Asks as the place allows, and never waits for somebody who is not there: with a terminal and a browser of this machine by
/// [`LoopbackLogin`], with a terminal alone by [`CommandLineLogin`], and otherwise (a batch job, a service, input from a pipe)
/// nobody.
///
/// A browser is not used through SSH, where none has windows, for a client with a secret, or where the app has a redirect URI of its
/// own. A user app has this one unless it is given another.
#[derive(Clone, Debug)]
pub struct InteractiveLogin {
    loopback: LoopbackLogin,
    command_line: CommandLineLogin,
    surroundings: Surroundings,
    has_terminal: bool,
}

impl InteractiveLogin {
    /// As this process is placed now.
    pub fn new() -> Self {
        Self::with_variables(&Variables::process())
    }

    /// The same by these environment variables.
    pub fn with_variables(variables: &Variables) -> Self {
        Self {
            loopback: LoopbackLogin::new(),
            command_line: CommandLineLogin::new(),
            surroundings: Surroundings::of(variables),
            has_terminal: io::stdin().is_terminal() && io::stderr().is_terminal(),
        }
    }

    fn uses_browser(&self, request: &LoginRequest) -> bool {
        self.surroundings.allows_loopback() && request.is_native() && request.redirect_uri().is_none()
    }
}

impl Default for InteractiveLogin {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl LoginFlowManager for InteractiveLogin {
    fn is_available(&self) -> bool {
        self.has_terminal
    }

    fn tell(&self, message: &str) {
        if self.has_terminal {
            self.command_line.tell(message);
        }
    }

    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        if !self.has_terminal {
            let why = "nobody can be asked: standard input or standard error is no terminal";
            return Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, why));
        }
        if self.uses_browser(request) {
            match self.loopback.log_in(request).await {
                // No port, no browser that starts: the link still works.
                Err(err)
                    if matches!(err.kind(), LoginFlowErrorKind::Unavailable | LoginFlowErrorKind::Io) =>
                {
                    tracing::debug!(%err, "no login by a browser of this machine; asking for the code");
                }
                answer => return answer,
            }
        }
        self.command_line.log_in(request).await
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::login::a_request::{request, with_redirect_uri};
    use crate::login::answer::Brought;

    /// Pastes `pasted`; the browser does not start.
    fn placed(has_terminal: bool, has_browser: bool) -> InteractiveLogin {
        InteractiveLogin {
            loopback: LoopbackLogin::with_opener(|_| Err(io::Error::other("the browser was asked"))),
            command_line: CommandLineLogin::with_io(Cursor::new("pasted\n"), io::sink()).unwrap(),
            surroundings: Surroundings { is_remote: false, has_browser },
            has_terminal,
        }
    }

    #[tokio::test]
    async fn without_a_terminal_nobody_is_asked_whatever_else_there_is() {
        for has_browser in [false, true] {
            let manager = placed(false, has_browser);
            assert!(!manager.is_available());
            assert_eq!(manager.log_in(&request()).await.unwrap_err().kind(), LoginFlowErrorKind::Unavailable);
        }
    }

    #[tokio::test]
    async fn the_code_is_asked_for_where_no_browser_is_or_starts() {
        for has_browser in [false, true] {
            let manager = placed(true, has_browser);
            let answer = manager.log_in(&request()).await.unwrap();
            assert!(matches!(answer.into_brought(), Brought::Code(_, code) if code.expose() == "pasted"));
        }
    }

    #[test]
    fn a_browser_is_for_native_clients_without_an_address_of_their_own() {
        let manager = placed(true, true);
        assert!(manager.uses_browser(&request()));
        assert!(!manager.uses_browser(&with_redirect_uri(Some("https://example.org/back"))));
        assert!(!placed(true, false).uses_browser(&request()));
    }
}
