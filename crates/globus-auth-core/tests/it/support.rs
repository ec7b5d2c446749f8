//! An exchange that keeps what it is given, and a way to wait without a runtime.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use globus_auth_core::{
    ExchangeError, ExchangeErrorKind, Grant, OAuthToken, OAuthTokenResponse, TokenExchange, UnixTime,
};

pub(crate) const CLIENT_ID: &str = "11111111-2222-4333-8444-555555555555";
pub(crate) const AUTH: &str = "https://auth.globus.org/";

#[derive(Debug, Default)]
pub(crate) struct FakeExchange {
    grants: Mutex<Vec<Grant>>,
    refusal: Option<ExchangeErrorKind>,
}

impl FakeExchange {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    pub(crate) fn refusing(kind: ExchangeErrorKind) -> Arc<Self> {
        Arc::new(Self { refusal: Some(kind), ..Self::default() })
    }

    /// The form fields of each grant, in order.
    pub(crate) fn forms(&self) -> Vec<Vec<(String, String)>> {
        let fields = |grant: &Grant| {
            let form = grant.form();
            form.iter().map(|(name, value)| (name.to_owned(), value.expose().to_owned())).collect()
        };
        self.grants.lock().unwrap().iter().map(fields).collect()
    }
}

#[async_trait]
impl TokenExchange for FakeExchange {
    fn client_id(&self) -> &str {
        CLIENT_ID
    }

    async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        self.grants.lock().unwrap().push(grant);
        match self.refusal {
            Some(kind) => Err(ExchangeError::new(kind, "Auth said no")),
            None => {
                let token =
                    OAuthToken::new("auth.globus.org", "openid", "AgToken", UnixTime::from_seconds(0));
                Ok(OAuthTokenResponse::from_tokens(vec![token], None))
            }
        }
    }
}

/// Nothing here ever waits, so one look is enough.
pub(crate) fn now<T>(future: impl Future<Output = T> + Send) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the exchange of the tests never waits"),
    }
}

/// The parameters of a URL's query.
pub(crate) fn query(url: &str) -> Vec<(String, String)> {
    let (_, query) = url.split_once('?').unwrap();
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The value of one parameter.
pub(crate) fn param(url: &str, name: &str) -> Option<String> {
    query(url).into_iter().find(|(held, _)| held == name).map(|(_, value)| value)
}
