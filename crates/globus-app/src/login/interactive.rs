//! [`InteractiveLogin`]: whichever way of asking the place allows.

use async_trait::async_trait;
use globus_auth_core::login::LoginFlow;
use globus_transport::Variables;

use super::surroundings::Surroundings;
use super::terminal::Ends;
use super::{
    CommandLineLogin, LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest,
    LoopbackLogin,
};

/// Asks as the place allows, and never waits for somebody who is not there: with a terminal and a browser of this machine by
/// [`LoopbackLogin`], with a terminal alone by [`CommandLineLogin`], and otherwise (a batch job, a service, input from a pipe)
/// nobody. [`without_terminal`](Self::without_terminal) is for programs of a desktop, which have a browser and no terminal.
///
/// A browser is not used through SSH, where none has windows, where the person has set `BROWSER=none`, for a client with a
/// secret, or where the app has a redirect URI of its own. Where it does not come up, the code is asked for. A user app has this
/// one unless it is given another.
#[derive(Clone, Debug)]
pub struct InteractiveLogin {
    loopback: LoopbackLogin,
    command_line: CommandLineLogin,
    surroundings: Surroundings,
    terminal: Ends,
    needs_terminal: bool,
}

/// What is printed below the link.
const HINT: &str = "If no browser has come up: open the address in one of this machine, or start again with BROWSER=none to paste \
                    a code.\n\n";

impl InteractiveLogin {
    /// As this process is placed now.
    pub fn new() -> Self {
        Self::with_variables(&Variables::process())
    }

    /// The same by these environment variables.
    pub fn with_variables(variables: &Variables) -> Self {
        Self {
            loopback: LoopbackLogin::new().with_hint(HINT),
            command_line: CommandLineLogin::new(),
            surroundings: Surroundings::of(variables),
            terminal: Ends::of_process(),
            needs_terminal: true,
        }
    }

    /// The same, also where there is a browser and no terminal: for programs of a desktop. Others, which may run where nobody
    /// looks, would wait there for somebody.
    #[must_use]
    pub fn without_terminal(mut self) -> Self {
        self.needs_terminal = false;
        self
    }

    fn has_terminal(&self) -> bool {
        self.terminal.what_is_missing().is_none()
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
        self.why_unavailable().is_none()
    }

    fn why_unavailable(&self) -> Option<String> {
        let missing = self.terminal.what_is_missing()?;
        match (self.needs_terminal, self.surroundings.allows_loopback()) {
            (true, _) => Some(missing.to_owned()),
            (false, true) => None,
            (false, false) => Some(format!("there is no browser, and {missing}")),
        }
    }

    fn tell(&self, message: &str) {
        if self.has_terminal() {
            self.command_line.tell(message);
        }
    }

    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        if let Some(why) = self.why_unavailable() {
            return Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, why));
        }
        if self.uses_browser(request) {
            match self.loopback.log_in(request).await {
                // No port, no browser that starts: the link still works.
                Err(err)
                    if matches!(err.kind(), LoginFlowErrorKind::Unavailable | LoginFlowErrorKind::Io)
                        && self.has_terminal() =>
                {
                    tracing::debug!(%err, "no login by a browser of this machine; asking for the code");
                }
                answer => return answer,
            }
        }
        match self.terminal.what_is_missing() {
            None => self.command_line.log_in(request).await,
            Some(why) => Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, why)),
        }
    }

    async fn ask_again(
        &self,
        request: &LoginRequest,
        flow: &LoginFlow,
    ) -> Option<Result<LoginAnswer, LoginFlowError>> {
        // Nobody typed what a browser brought.
        let is_pasted = request.start_flow().is_ok_and(|pasted| pasted.redirect_uri() == flow.redirect_uri());
        if is_pasted { self.command_line.ask_again(request, flow).await } else { None }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use super::*;
    use crate::login::a_request::{request, with_redirect_uri};
    use crate::login::answer::Brought;

    /// Pastes `pasted`; the browser does not start.
    fn placed(has_terminal: bool, has_browser: bool) -> InteractiveLogin {
        InteractiveLogin {
            loopback: LoopbackLogin::with_opener(|_| Err(io::Error::other("the browser was asked"))),
            command_line: CommandLineLogin::with_io(Cursor::new("pasted\n"), io::sink()).unwrap(),
            surroundings: Surroundings { is_remote: false, has_browser },
            terminal: Ends { stdin: has_terminal, stderr: has_terminal },
            needs_terminal: true,
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
    async fn what_is_missing_is_told() {
        for (stdin, stderr, missing) in [
            (true, false, "standard error is no terminal"),
            (false, true, "standard input is no terminal"),
            (false, false, "neither standard input nor standard error"),
        ] {
            let manager = InteractiveLogin { terminal: Ends { stdin, stderr }, ..placed(true, true) };
            let why = manager.why_unavailable().unwrap();
            assert!(why.starts_with(missing), "{why}");
            assert_eq!(manager.log_in(&request()).await.unwrap_err().to_string(), why);
        }
        assert_eq!(placed(true, false).why_unavailable(), None);
    }

    #[tokio::test]
    async fn a_program_of_a_desktop_uses_the_browser_without_a_terminal_and_reads_nothing() {
        let manager = placed(false, true).without_terminal();
        assert!(manager.is_available());
        let error = manager.log_in(&request()).await.unwrap_err();
        assert!(error.to_string().contains("no browser could be opened"), "{error}");
        let own = with_redirect_uri(Some("https://example.org/back"));
        assert_eq!(manager.log_in(&own).await.unwrap_err().kind(), LoginFlowErrorKind::Unavailable);
        assert!(!placed(false, false).without_terminal().is_available());
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
