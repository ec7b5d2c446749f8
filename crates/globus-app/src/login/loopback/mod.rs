//! [`LoopbackLogin`]: a browser of this machine, which is sent back to a port of it (RFC 8252, section 7.3).

mod browser;
mod page;
mod server;
#[cfg(test)]
mod tests;

use std::pin::pin;
use std::sync::Arc;
use std::{fmt, io, thread};

use async_trait::async_trait;
use tokio::sync::oneshot;

use self::server::Server;
use super::command_line::invitation;
use super::{
    CommandLineLogin, LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest,
};

type Page = dyn Fn(Result<(), &LoginFlowError>) -> String + Send + Sync;
type Open = dyn Fn(&str) -> io::Result<()> + Send + Sync;

/// Opens the browser of this machine, and lets Auth send it back to a port that is open for as long as the login takes.
///
/// The port is a free one of 127.0.0.1, and the same of `::1` where there is one. One path of it is answered; a request that does not
/// carry the state of the login changes nothing, whatever it says. The address is also printed to standard error, for when no
/// browser comes up. It is for native clients without a redirect URI of their own, and for people at this machine:
/// [`InteractiveLogin`](super::InteractiveLogin) looks whether that is so.
#[derive(Clone)]
pub struct LoopbackLogin {
    open: Arc<Open>,
    announces: bool,
    hint: &'static str,
    port: u16,
    page: Option<Arc<Page>>,
}

impl LoopbackLogin {
    /// With the browser that the person uses (`BROWSER`, or what the desktop says). Where it ends at once with a failure, none
    /// has come up.
    pub fn new() -> Self {
        Self { announces: true, ..Self::with_opener(browser::open) }
    }

    /// With `open` in place of a browser: it is given the address, and may wait for the login. It runs on a thread of its own.
    /// Nothing is printed.
    pub fn with_opener(open: impl Fn(&str) -> io::Result<()> + Send + Sync + 'static) -> Self {
        Self { open: Arc::new(open), announces: false, hint: "", port: 0, page: None }
    }

    /// The same at this port, in place of a free one: for one that is forwarded (`ssh -L 8123:127.0.0.1:8123`), or a client that
    /// is registered for it alone. One login at a time can have it.
    #[must_use]
    pub fn with_port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The same with a page of the program's own to land on: HTML that is made of what became of the login. Scripts do not run
    /// there, nothing is loaded but `data:` images, and styles stand in the page. An error's text comes from outside: escape it.
    #[must_use]
    pub fn with_page(
        mut self,
        page: impl Fn(Result<(), &LoginFlowError>) -> String + Send + Sync + 'static,
    ) -> Self {
        self.page = Some(Arc::new(page));
        self
    }

    /// The same with a line for people before whom no browser comes up.
    pub(super) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }

    /// On a thread of its own: one that hangs keeps neither the login waiting nor the runtime from shutting down.
    async fn open(&self, url: &str) -> Result<(), LoginFlowError> {
        let (open, url) = (Arc::clone(&self.open), url.to_owned());
        let (done, opened) = oneshot::channel();
        let work = move || drop(done.send(open(&url)));
        let opened = match thread::Builder::new().name("globus-login-browser".to_owned()).spawn(work) {
            Ok(_) => {
                opened.await.unwrap_or_else(|_| Err(io::Error::other("what opens the browser panicked")))
            }
            Err(err) => Err(err),
        };
        opened.map_err(|err| {
            let why = "no browser could be opened; use a login by a pasted code";
            LoginFlowError::new(LoginFlowErrorKind::Unavailable, why).with_source(err)
        })
    }
}

impl Default for LoopbackLogin {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl LoginFlowManager for LoopbackLogin {
    fn tell(&self, message: &str) {
        if self.announces {
            CommandLineLogin::new().tell(message);
        }
    }

    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        if !request.is_native() || request.redirect_uri().is_some() {
            let why = "a browser can be sent to a port of this machine only for a native client without a redirect URI of its own; \
                       use a login by a pasted code";
            return Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, why));
        }
        let server = Server::listen(self.port).await?;
        let flow = request.start_flow_to(server.redirect_uri())?;
        let code = {
            let mut browser = pin!(server.wait(&flow, request.app_name(), self.page.clone()));
            // Some browsers return only when they are closed, and are to be answered before.
            tokio::select! {
                code = &mut browser => code?,
                opened = self.open(flow.authorize_url()) => {
                    opened?;
                    if self.announces {
                        let text = format!("{}{}", invitation(request, &flow), self.hint);
                        CommandLineLogin::new().say(&text)?;
                    }
                    browser.await?
                }
            }
        };
        Ok(LoginAnswer::code(flow, code))
    }
}

impl fmt::Debug for LoopbackLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoopbackLogin")
    }
}
