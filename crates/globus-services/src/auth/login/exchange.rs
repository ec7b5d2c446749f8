//! The login clients as [`TokenExchange`], through which flows and authorizers get their tokens.

use std::{error, fmt};

use async_trait::async_trait;
use globus_auth_core::{ExchangeError, ExchangeErrorKind, Grant, OAuthTokenResponse, TokenExchange};
use globus_transport::{Error, ErrorKind};

use super::tokens::Login;
use super::{ConfidentialAppAuthClient, NativeAppAuthClient};

impl Login {
    async fn exchange(&self, grant: &Grant) -> Result<OAuthTokenResponse, ExchangeError> {
        self.token("oauth2_token", grant).await.map_err(exchange_error)
    }
}

macro_rules! token_exchange {
    ($($client:ty),*) => { $(
        #[async_trait]
        impl TokenExchange for $client {
            fn client_id(&self) -> &str {
                &self.login.client_id
            }

            async fn exchange(&self, grant: Grant) -> Result<OAuthTokenResponse, ExchangeError> {
                self.login.exchange(&grant).await
            }
        }
    )* };
}

token_exchange!(NativeAppAuthClient, ConfidentialAppAuthClient);

/// What a failed call means to who wanted tokens. The `error` codes are those of RFC 6749, section 5.2.
fn exchange_error(err: Error) -> ExchangeError {
    let code = err.api().and_then(|api| api.raw_json()?.get("error")?.as_str());
    let kind = match (code, err.kind()) {
        (Some("invalid_grant"), _) => ExchangeErrorKind::InvalidGrant,
        (Some("invalid_client"), _) => ExchangeErrorKind::InvalidClient,
        (_, ErrorKind::Decode) => ExchangeErrorKind::InvalidResponse,
        _ if err.is_transient() => ExchangeErrorKind::Transient,
        _ => ExchangeErrorKind::Rejected,
    };
    let message = err.to_string();
    if error::Error::source(&err).is_none() {
        return ExchangeError::new(kind, message);
    }
    ExchangeError::with_source(kind, message, Below(err))
}

/// What lies below an error whose own part has been said.
#[derive(Debug)]
struct Below(Error);

impl fmt::Display for Below {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        error::Error::source(&self.0).map_or(Ok(()), |below| fmt::Display::fmt(below, f))
    }
}

impl error::Error for Below {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        error::Error::source(&self.0)?.source()
    }
}
