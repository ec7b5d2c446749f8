//! Every future of a login, dropped at each point at which it waits.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use globus_auth_core::login::{LoginErrorKind, LoginFlowBuilder, PendingLogin};
use globus_auth_core::{
    ExchangeError, ExchangeErrorKind, Grant, OAuthToken, OAuthTokenResponse, TokenExchange, UnixTime,
};

use crate::support::{AUTH, CLIENT_ID};

/// How often an exchange makes its caller wait before and after the request counts as sent.
const WAITS: usize = 3;

/// An exchange that waits, and counts what was begun, what was sent, and what was brought to an end.
#[derive(Debug, Default)]
struct SlowExchange {
    begun: AtomicUsize,
    sent: AtomicUsize,
    ended: AtomicUsize,
}

impl SlowExchange {
    fn counts(&self) -> [usize; 3] {
        [&self.begun, &self.sent, &self.ended].map(|count| count.load(Ordering::SeqCst))
    }
}

async fn waits() {
    let mut left = WAITS;
    poll_fn(|_| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        Poll::Pending
    })
    .await;
}

#[async_trait]
impl TokenExchange for SlowExchange {
    fn client_id(&self) -> &str {
        CLIENT_ID
    }

    /// As with Auth, a code works once.
    async fn exchange(&self, _: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        waits().await;
        let used_before = self.sent.fetch_add(1, Ordering::SeqCst) > 0;
        waits().await;
        self.ended.fetch_add(1, Ordering::SeqCst);
        if used_before {
            return Err(ExchangeError::new(ExchangeErrorKind::InvalidGrant, "the code is used"));
        }
        let token = OAuthToken::new("auth.globus.org", "openid", "AgToken", UnixTime::from_seconds(0));
        Ok(OAuthTokenResponse::from_tokens(vec![token], None))
    }
}

/// Looks at `future` up to `polls` times, and drops it.
fn cut<T>(future: impl Future<Output = T> + Send, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    for _ in 0..polls {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Some(value);
        }
    }
    None
}

/// How many looks the whole takes.
const WHOLE: usize = 2 * WAITS + 1;

#[test]
fn a_login_that_is_dropped_anywhere_is_as_it_was_and_trades_its_code_at_most_once() {
    for polls in 0..WHOLE {
        let exchange = SlowExchange::default();
        let login = PendingLogin::new("https://example.org/cb", "the-state").with_nonce(Some("n".into()));
        let before = login.clone();
        assert!(cut(login.exchange_callback(&exchange, "code=c&state=the-state"), polls).is_none());
        assert_eq!(login, before, "after {polls} looks");
        let [begun, sent, ended] = exchange.counts();
        assert_eq!((begun, sent, ended), (usize::from(polls > 0), usize::from(polls > WAITS), 0));

        // The next call runs to its end, and says plainly when the code was spent by the one that was dropped.
        let result = cut(login.exchange_callback(&exchange, "code=c&state=the-state"), WHOLE).unwrap();
        assert_eq!(exchange.counts(), [begun + 1, sent + 1, 1]);
        match result {
            Ok(tokens) => assert!(sent == 0 && tokens.tokens().len() == 1),
            Err(err) => {
                assert_eq!(
                    (sent, err.kind()),
                    (1, LoginErrorKind::Exchange(ExchangeErrorKind::InvalidGrant))
                );
            }
        }
    }
}

#[test]
fn a_flow_that_is_dropped_anywhere_still_has_its_url_and_takes_another_code() {
    for polls in 0..WHOLE {
        let exchange = Arc::new(SlowExchange::default());
        let flow = LoginFlowBuilder::native(exchange.clone(), AUTH, "openid").start().unwrap();
        let (url, pending) = (flow.authorize_url().to_owned(), flow.pending().clone());
        assert!(cut(flow.exchange_code_for_tokens("c"), polls).is_none());
        assert_eq!((flow.authorize_url(), flow.pending()), (&*url, &pending));
        let [begun, ..] = exchange.counts();
        assert!(cut(flow.exchange_code_for_tokens("c"), WHOLE).is_some());
        assert_eq!(exchange.counts()[0], begun + 1);
    }
}

#[test]
fn a_callback_that_is_refused_never_waits() {
    let login = PendingLogin::new("https://example.org/cb", "the-state");
    let exchange = SlowExchange::default();
    for callback in ["code=c&state=other", "state=the-state&error=access_denied", "state=the-state"] {
        assert!(cut(login.exchange_callback(&exchange, callback), 1).unwrap().is_err());
    }
    assert_eq!(exchange.counts(), [0, 0, 0]);
}
