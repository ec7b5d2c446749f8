//! [`CommandLineLogin`]: a link that is printed, and a code that is pasted.

use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use globus_auth_core::login::LoginFlow;
use globus_auth_core::{Printable, Secret};

use super::terminal::{Ends, Lines};
use super::{LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest};

/// Prints the link and reads the code that the person pastes. It asks on the terminal (standard error and standard input), so that
/// what the program prints itself can go into a pipe.
///
/// Where there is no terminal nobody is asked and nothing is read, unless [`without_terminal`](Self::without_terminal) allows it.
/// Besides the code it takes the address that the browser was sent to, which is what people have when the app has a redirect URI of
/// its own.
///
/// Given up, it leaves a thread behind that waits for the next line of standard input; that line goes to the next login.
#[derive(Clone)]
pub struct CommandLineLogin {
    lines: Arc<Lines>,
    output: Arc<Mutex<dyn Write + Send>>,
    needs_terminal: bool,
}

/// There is one standard input, and so one who reads it.
static STDIN: Mutex<Option<Arc<Lines>>> = Mutex::new(None);

/// How often somebody may paste what cannot be a code.
const TRIES: u32 = 5;

impl CommandLineLogin {
    /// Asks on the terminal of this process.
    pub fn new() -> Self {
        let mut stdin = STDIN.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = Arc::clone(stdin.get_or_insert_with(|| Arc::new(Lines::of_stdin())));
        Self { lines, output: Arc::new(Mutex::new(io::stderr())), needs_terminal: true }
    }

    /// Prints to `output` and reads from `input`.
    ///
    /// # Errors
    /// When the thread that reads cannot be started.
    pub fn with_io(
        input: impl BufRead + Send + 'static,
        output: impl Write + Send + 'static,
    ) -> io::Result<Self> {
        let lines = Arc::new(Lines::of(input)?);
        Ok(Self { lines, output: Arc::new(Mutex::new(output)), needs_terminal: false })
    }

    /// The same, also where standard input or standard error is no terminal: for programs that get the code through a pipe.
    #[must_use]
    pub fn without_terminal(mut self) -> Self {
        self.needs_terminal = false;
        self
    }

    pub(super) fn say(&self, text: &str) -> io::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        output.write_all(text.as_bytes())?;
        output.flush()
    }

    async fn ask(&self, flow: &LoginFlow) -> Result<Secret, LoginFlowError> {
        let mut tries = 0;
        loop {
            self.say("Enter the code here: ")?;
            let line = self.lines.next().await?;
            if line.is_empty() {
                let why = "the input ended before a code came; run the program where somebody can paste it";
                return Err(LoginFlowError::new(LoginFlowErrorKind::EndOfInput, why));
            }
            tries += 1;
            match read_code(flow, line.trim()) {
                Ok(code) => return Ok(code),
                Err(err) if err.kind() == LoginFlowErrorKind::Refused || tries == TRIES => return Err(err),
                Err(err) => self.say(&format!("{err}. Please try again.\n"))?,
            }
        }
    }
}

/// What was pasted: the code, or the address that has it.
fn read_code(flow: &LoginFlow, pasted: &str) -> Result<Secret, LoginFlowError> {
    if pasted.is_empty() {
        let why = "there was nothing in that line; paste the code that the page shows";
        return Err(LoginFlowError::new(LoginFlowErrorKind::Flow, why));
    }
    if pasted.contains("://") || pasted.contains("code=") {
        return Ok(flow.code_in_callback(pasted)?);
    }
    Ok(pasted.into())
}

/// Why somebody is asked, and the link.
pub(super) fn invitation(request: &LoginRequest, flow: &LoginFlow) -> String {
    let (app, reason) = (Printable::new(request.app_name()), Printable::new(request.reason().message()));
    format!(
        "\n{app} asks you to log in to Globus: {reason}.\nOpen this address in a browser, log in, and allow what is asked for:\n\n  {}\n\n",
        flow.authorize_url()
    )
}

impl Default for CommandLineLogin {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl LoginFlowManager for CommandLineLogin {
    fn is_available(&self) -> bool {
        self.why_unavailable().is_none()
    }

    fn why_unavailable(&self) -> Option<String> {
        Ends::of_process().what_is_missing().filter(|_| self.needs_terminal).map(str::to_owned)
    }

    fn tell(&self, message: &str) {
        // A login that cannot be told of will say so itself.
        let _ = self.say(&format!("{}\n", Printable::new(message)));
    }

    async fn log_in(&self, request: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        if let Some(why) = self.why_unavailable() {
            return Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, why));
        }
        let flow = request.start_flow()?;
        self.say(&invitation(request, &flow))?;
        let code = self.ask(&flow).await?;
        Ok(LoginAnswer::code(flow, code))
    }

    async fn ask_again(
        &self,
        _: &LoginRequest,
        flow: &LoginFlow,
    ) -> Option<Result<LoginAnswer, LoginFlowError>> {
        let ask = async {
            self.say("Auth does not take that code: it is mistyped, or too old. Please try again.\n")?;
            Ok(LoginAnswer::code(flow.clone(), self.ask(flow).await?))
        };
        Some(ask.await)
    }
}

impl fmt::Debug for CommandLineLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandLineLogin")
            .field("needs_terminal", &self.needs_terminal)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use super::*;
    use crate::login::a_request::{request, with_redirect_uri};
    use crate::login::answer::Brought;

    /// What the login came to when `typed` was typed, and what was printed.
    async fn typing(request: &LoginRequest, typed: &str) -> (Result<String, LoginFlowError>, String) {
        let (mut printed, output) = io::pipe().unwrap();
        let manager = CommandLineLogin::with_io(Cursor::new(typed.to_owned()), output).unwrap();
        let answer = manager.log_in(request).await.map(|answer| match answer.into_brought() {
            Brought::Code(_, code) => code.expose().to_owned(),
            other => panic!("no code: {}", matches!(other, Brought::Tokens(_))),
        });
        drop(manager);
        let mut text = String::new();
        printed.read_to_string(&mut text).unwrap();
        (answer, text)
    }

    #[tokio::test]
    async fn the_link_is_printed_and_the_code_trimmed() {
        let (code, printed) = typing(&request(), "  abc \r\nnext\n").await;
        assert_eq!(code.unwrap(), "abc");
        for text in
            ["Copier", "it was asked for", "http://127.0.0.1:9/v2/oauth2/authorize?", "Enter the code here: "]
        {
            assert!(printed.contains(text), "{text}: {printed}");
        }
    }

    #[tokio::test]
    async fn the_end_of_the_input_is_told_as_that() {
        let err = typing(&request(), "").await.0.unwrap_err();
        assert_eq!(err.kind(), LoginFlowErrorKind::EndOfInput);
    }

    #[tokio::test]
    async fn what_cannot_be_a_code_is_asked_for_again_and_not_for_ever() {
        let request = with_redirect_uri(Some("https://example.org/back"));
        let wrong = "https://example.org/back?code=x&state=of-another\n";
        let (code, printed) = typing(&request, &format!("\n{wrong}right\n")).await;
        assert_eq!(code.unwrap(), "right");
        assert_eq!(printed.matches("Please try again").count(), 2, "{printed}");
        assert!(!printed.contains("of-another"), "{printed}");
        let err = typing(&request, &wrong.repeat(9)).await.0.unwrap_err();
        assert_eq!(err.kind(), LoginFlowErrorKind::Flow);
    }

    #[tokio::test]
    async fn the_address_that_the_browser_was_sent_to_will_do() {
        let (sender, receiver) = std::sync::mpsc::channel();
        struct Person(std::sync::mpsc::Receiver<String>, Vec<u8>);
        impl Read for Person {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if self.1.is_empty() {
                    self.1 = self.0.recv().unwrap_or_default().into_bytes();
                }
                let taken = self.1.len().min(buffer.len());
                buffer[..taken].copy_from_slice(&self.1[..taken]);
                self.1.drain(..taken);
                Ok(taken)
            }
        }
        struct Screen(std::sync::mpsc::Sender<String>);
        impl Write for Screen {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                let text = String::from_utf8_lossy(bytes);
                if let Some((_, rest)) = text.split_once("&state=") {
                    let state = rest.split(['&', '\n']).next().unwrap_or_default();
                    let back = format!("https://example.org/back?code=abc&state={state}\n");
                    self.0.send(back).map_err(io::Error::other)?;
                }
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let input = io::BufReader::new(Person(receiver, Vec::new()));
        let manager = CommandLineLogin::with_io(input, Screen(sender)).unwrap();
        let answer = manager.log_in(&with_redirect_uri(Some("https://example.org/back"))).await.unwrap();
        assert!(matches!(answer.into_brought(), Brought::Code(_, code) if code.expose() == "abc"));
    }
}
