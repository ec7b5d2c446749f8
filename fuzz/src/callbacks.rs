//! What a browser brings back from a login: the state on the first line, the callback below it.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use globus_auth_core::login::{LoginErrorKind, LoginFlowBuilder, PendingLogin};
use globus_auth_core::{ExchangeError, Grant, OAuthTokenResponse, Printable, TokenExchange};

const REDIRECT: &str = "https://portal.example.org/callback";

/// A code is traded once, if the callback carries exactly this login's state, one code and no error, and what is traded is the
/// code that another reader of the query finds; an error shows neither, and is fit for a terminal.
pub fn check(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let (state, callback) = text.split_once('\n').unwrap_or(("the-state", text));
    let exchange = Arc::new(Exchange::default());
    let login = PendingLogin::new(REDIRECT, state);
    let result = now(login.exchange_callback(&exchange, callback));
    let traded = exchange.codes();
    match &result {
        Ok(_) => {
            assert_eq!(traded.len(), 1);
            let found = queries(callback.trim()).any(|query| says(query, state, &traded[0]));
            assert!(found, "traded {traded:?}, which no reading of the callback gives");
        }
        Err(err) => {
            assert!(traded.is_empty(), "{err} came after an exchange");
            assert_eq!(err.kind() == LoginErrorKind::InvalidFlow, state.is_empty());
            let shown = err.to_string();
            assert_eq!(Printable::new(&shown).at_most(usize::MAX).to_string(), shown);
            assert!(shown.chars().count() < 1000, "{shown}");
            assert!(
                err.kind() == LoginErrorKind::Denied || is_known(&shown),
                "a new text, or a secret: {shown}"
            );
        }
    }
    // The same callback brings the same again: nothing is used up on this side.
    assert_eq!(now(login.exchange_callback(&exchange, callback)).is_ok(), result.is_ok());
    goes_around(state, &exchange);
}

/// The state reaches Auth as it is, whatever it holds, and comes back as it was.
fn goes_around(state: &str, exchange: &Arc<Exchange>) {
    let flow =
        LoginFlowBuilder::confidential(exchange.clone(), "https://auth.globus.org/", REDIRECT, "openid")
            .state(state)
            .start();
    let Ok(flow) = flow else {
        assert!(state.is_empty());
        return;
    };
    let (_, query) = flow.authorize_url().split_once('?').unwrap_or_default();
    let sent: Vec<_> = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "state").collect();
    assert_eq!(sent, [("state".into(), state.into())]);
    let back = form_urlencoded::Serializer::new(format!("{REDIRECT}?")).append_pair("state", state).finish();
    assert!(now(flow.exchange_callback(&format!("{back}&code=1"))).is_ok(), "{back}");
}

/// Where a query can begin in `callback`: at its start, and after each `?`.
fn queries(callback: &str) -> impl Iterator<Item = &str> {
    let starts = callback.match_indices('?').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).map(|at| &callback[at..])
}

fn says(query: &str, state: &str, code: &str) -> bool {
    let query = query.split('#').next().unwrap_or_default();
    let all = |wanted: &str| -> Vec<String> {
        let pairs = form_urlencoded::parse(query.as_bytes());
        pairs.filter(|(name, _)| name == wanted).map(|(_, value)| value.into_owned()).collect()
    };
    all("state") == [state] && all("code") == [code] && all("error").is_empty()
}

/// All that an error can say, so that it cannot say a state or a code. (What Auth says about a refusal is shown, and is its own.)
fn is_known(text: &str) -> bool {
    const TEXTS: [&str; 5] = [
        "the callback of the login is too long",
        "the callback of the login carries no state; use the link of this login",
        "the callback belongs to another login: its state differs; use the link of this login",
        "the callback of the login carries no code",
        "the state is empty, so anyone could make a callback for this login",
    ];
    let repeated = ["code", "state", "error", "error_description"];
    let repeats = |name: &&str| text == format!("the callback of the login repeats `{name}`");
    TEXTS.contains(&text) || repeated.iter().any(repeats)
}

#[derive(Debug, Default)]
struct Exchange(Mutex<Vec<String>>);

impl Exchange {
    fn codes(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl TokenExchange for Exchange {
    fn client_id(&self) -> &str {
        "11111111-2222-4333-8444-555555555555"
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        let code =
            grant.form().iter().find(|(name, _)| *name == "code").map(|(_, code)| code.expose().to_owned());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(code);
        Ok(OAuthTokenResponse::from_tokens(Vec::new(), None))
    }
}

/// Nothing here waits.
fn now<T>(future: impl Future<Output = T> + Send) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("an exchange in memory does not wait"),
    }
}
