//! One exchange, and what is to be had from its answer.

use globus_auth_core::{
    ExchangeError, ExchangeErrorKind, Grant, OAuthToken, OAuthTokenResponse, Secret, UnixTime,
};
use globus_tokenstorage::TokenData;

use super::{GrantSource, Shared, limited};
use crate::{AuthorizerError, AuthorizerErrorKind, answer};

/// What has to be kept of an answer.
pub(super) struct Obtained {
    pub(super) data: TokenData,
    /// Why the access token in `data` is none to be used: the answer had another service's. The refresh token is the one to
    /// go on with all the same.
    pub(super) unusable: Option<AuthorizerError>,
}

impl Shared {
    /// Trades the refresh token that goes with `entry`, or the client itself, for new tokens.
    pub(super) async fn exchange(&self, entry: Option<&TokenData>) -> Result<Obtained, AuthorizerError> {
        match &self.settings.source {
            GrantSource::ClientCredentials { scope } if scope.trim().is_empty() => Err(AuthorizerError::new(
                AuthorizerErrorKind::Exchange,
                "no access token without a scope: name the scopes that the client needs",
            )),
            GrantSource::ClientCredentials { scope } => {
                let response = self.ask(Grant::client_credentials(scope)).await?;
                let token = answer::only_token(&response, self.settings.resource_server.as_deref(), false)?;
                Ok(Obtained { data: TokenData::from(token), unusable: None })
            }
            GrantSource::RefreshToken(first) => {
                let basis = self.knowledge().basis(entry);
                let old = self.refresh_token(basis.as_ref(), first.as_ref())?;
                let response = self.ask(Grant::refresh_token(&old)).await?;
                self.read(&response, basis, old)
            }
        }
    }

    async fn ask(&self, grant: Grant) -> Result<OAuthTokenResponse, AuthorizerError> {
        let name = self.settings.name();
        tracing::debug!(resource_server = name, grant_type = grant.grant_type(), "renewing the access token");
        let refresh_token = match &grant {
            Grant::RefreshToken { refresh_token, .. } => Some(refresh_token.clone()),
            _ => None,
        };
        let may_be_spent = refresh_token.as_ref().is_some_and(|token| self.knowledge().ask_with(token));
        let Some(answer) = limited(self.settings.exchange.exchange(grant)).await else {
            return Err(self.interrupted("Auth did not answer within five minutes; try again"));
        };
        if answer.as_ref().err().is_none_or(is_final) {
            self.knowledge().answered();
        }
        answer.map_err(|err| match err.kind() {
            ExchangeErrorKind::InvalidGrant if refresh_token.is_some() => {
                AuthorizerError::rejected(name, &err, may_be_spent)
            }
            _ => AuthorizerError::exchange(name, &err),
        })
    }

    /// What the answer to the refresh token `old` makes of `basis`.
    fn read(
        &self,
        response: &OAuthTokenResponse,
        basis: Option<TokenData>,
        old: Secret,
    ) -> Result<Obtained, AuthorizerError> {
        let token = match answer::only_token(response, self.settings.resource_server.as_deref(), true) {
            Ok(token) => token,
            Err(err) => {
                // `old` may be spent with this answer, whoever its access token is for.
                let Some(new) = response.tokens().iter().find_map(OAuthToken::refresh_token) else {
                    return Err(err);
                };
                let nothing = || TokenData::new(self.settings.name(), "", "", UnixTime::from_seconds(0));
                let data = basis.unwrap_or_else(nothing).with_refresh_token(Some(new.clone()));
                return Ok(Obtained { data, unusable: Some(err) });
            }
        };
        let mut data = TokenData::from(token);
        // An answer repeats only what changes: what it leaves out stays as it was.
        data.refresh_token = data.refresh_token.or(Some(old));
        if let Some(basis) = basis {
            data.identity_id = basis.identity_id;
            if data.scope.is_empty() {
                data.scope = basis.scope;
            }
        }
        Ok(Obtained { data, unusable: None })
    }

    fn refresh_token(
        &self,
        basis: Option<&TokenData>,
        first: Option<&Secret>,
    ) -> Result<Secret, AuthorizerError> {
        basis.and_then(|data| data.refresh_token.as_ref()).or(first).cloned().ok_or_else(|| {
            self.login_required(&format!(
                "the stored access token for {} is of no more use, and no refresh token is stored",
                self.settings.name()
            ))
        })
    }
}

/// Whether Auth has refused, and spent nothing.
fn is_final(err: &ExchangeError) -> bool {
    use ExchangeErrorKind::{InvalidClient, InvalidGrant, Rejected};
    matches!(err.kind(), InvalidGrant | InvalidClient | Rejected)
}
