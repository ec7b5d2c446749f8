//! The end of a login: trade the code, see who it was and whether it is enough, store all in one step, look anew.

use std::sync::Arc;

use globus_auth_core::login::LoginErrorKind;
use globus_auth_core::{ExchangeErrorKind, OAuthTokenResponse};
use tokio::time::timeout;

use crate::board::Abandoned;
use crate::core::{Core, User};
use crate::log_in::{Required, unless};
use crate::login::{LoginAnswer, LoginReason, LoginRequest};
use crate::{AppError, TokenValidationError, TokenValidationErrorKind, validate};

/// What the storage's lock is taken under at the end of a login, which may have been begun elsewhere: nobody else's comes
/// between the look at whose tokens are stored and the write.
pub(crate) const END_LOCK: &str = "end of a login of a globus app";

/// How many codes are tried in one login.
const MOST_CODES: u32 = 5;

impl Core {
    /// Trades what the person brought for tokens. Whoever mistyped a code is asked for it again, where the manager does that.
    pub(crate) async fn trade(
        &self,
        user: &User,
        request: &LoginRequest,
        mut answer: LoginAnswer,
        abandoned: &mut Abandoned,
    ) -> Result<OAuthTokenResponse, AppError> {
        for _ in 1..MOST_CODES {
            let flow = answer.flow_of_code().cloned();
            let err = match answer.trade().await {
                Ok(tokens) => return Ok(tokens),
                Err(err) => err,
            };
            let is_refused = err.kind() == LoginErrorKind::Exchange(ExchangeErrorKind::InvalidGrant);
            let again = match flow.filter(|_| is_refused) {
                Some(flow) => {
                    let asked = timeout(user.timeout, user.manager.ask_again(request, &flow));
                    unless(abandoned, asked).await.and_then(Result::ok).flatten()
                }
                None => None,
            };
            answer = match again {
                Some(again) => again.map_err(|err| AppError::flow(request.reason(), err))?,
                None => return Err(AppError::flow(request.reason(), err.into())),
            };
        }
        answer.trade().await.map_err(|err| AppError::flow(request.reason(), err.into()))
    }

    /// Makes stored tokens of what a login brought that was begun elsewhere.
    pub(crate) async fn finish(
        self: &Arc<Self>,
        user: &User,
        answer: LoginAnswer,
        required: &Required,
        reason: &LoginReason,
    ) -> Result<(), AppError> {
        let tokens = answer.trade().await.map_err(|err| AppError::flow(reason, err.into()))?;
        self.end_login(user, &tokens, required).await
    }

    /// Stores the tokens of a login, or gives them back where they are another person's.
    pub(crate) async fn end_login(
        &self,
        user: &User,
        tokens: &OAuthTokenResponse,
        required: &Required,
    ) -> Result<(), AppError> {
        let kept = self.keep_login(user, tokens, required).await;
        let of_another =
            |err: &TokenValidationError| err.kind() == TokenValidationErrorKind::IdentityMismatch;
        if kept.as_ref().is_err_and(|err| err.validation_error().is_some_and(of_another)) {
            self.give_back(tokens).await;
        }
        kept
    }

    async fn keep_login(
        &self,
        user: &User,
        tokens: &OAuthTokenResponse,
        required: &Required,
    ) -> Result<(), AppError> {
        let identity = self.who(user, tokens).await?;
        let _lock = self.storage.lock(END_LOCK).await?;
        let entries = self.entries().await?;
        let known = validate::identity(&entries)?;
        validate::login(tokens, required, known, &identity)?;
        self.storage.store_token_response_for(tokens, Some(&identity)).await?;
        tracing::info!(app = self.shared.name, identity, "logged in");
        self.reset();
        Ok(())
    }

    async fn who(&self, user: &User, tokens: &OAuthTokenResponse) -> Result<String, AppError> {
        if tokens.id_token().is_none() {
            let why =
                "the login did not say who logged in: it brought no ID token; ask for the scope `openid`";
            return Err(TokenValidationError::new(TokenValidationErrorKind::MissingIdentity, why).into());
        }
        Ok(user.decoder.decode(tokens).await?.sub)
    }
}
