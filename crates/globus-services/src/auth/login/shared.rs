//! `login_client!`: the methods that both login clients have.

/// Declares what a client with and one without a secret do in the same way.
macro_rules! login_client {
    ($name:ident) => {
        impl $name {
            /// The id of the client.
            pub fn client_id(&self) -> &str {
                &self.login.client_id
            }

            /// Trades a refresh token for new tokens. An authorizer does this by itself.
            ///
            /// [Service documentation](https://docs.globus.org/api/auth/reference/#refresh_token_grant_post_v2oauth2token)
            /// (RFC 6749, section 6). Fails with `invalid_grant` when the refresh token is revoked, expired, or another client's.
            pub fn oauth2_refresh_token(
                &self,
                refresh_token: impl Into<::globus_auth_core::Secret>,
            ) -> $crate::auth::requests::TokenRequest {
                self.login.refresh(refresh_token)
            }

            /// Ends a token at once. Revoke refresh tokens and those of `other_tokens` as well.
            ///
            /// [Service documentation](https://docs.globus.org/api/auth/reference/#token-revoke) (RFC 7009).
            pub fn oauth2_revoke_token(
                &self,
                token: impl Into<::globus_auth_core::Secret>,
            ) -> $crate::Request<$crate::auth::RevokedToken> {
                self.login.revoke(&token.into())
            }

            /// Looks up where Auth's endpoints are and how it signs (OpenID Connect Discovery, section 4).
            pub fn get_openid_configuration(
                &self,
            ) -> $crate::Request<::globus_auth_core::id_token::OpenIdConfiguration> {
                $crate::auth::login::openid_configuration(&self.login.core)
            }

            /// Fetches the keys with which Auth signs ID tokens.
            ///
            /// # Errors
            /// As for any call. The keys are taken from Auth's own address only.
            pub async fn get_jwk(
                &self,
            ) -> Result<::globus_auth_core::id_token::JsonWebKeySet, ::globus_transport::Error> {
                $crate::auth::login::key_set(&self.login.core).await.map(|(_, keys)| keys)
            }

            /// Verifies the ID token of a response and gives what it says: signature, issuer, audience, expiry, and the
            /// nonce if one was used at login.
            ///
            /// # Errors
            /// When there is none, when Auth's keys cannot be fetched, or when it is not accepted: the error says why.
            pub async fn decode_id_token(
                &self,
                tokens: &::globus_auth_core::OAuthTokenResponse,
                nonce: Option<&str>,
            ) -> Result<::globus_auth_core::id_token::IdTokenClaims, ::globus_transport::Error> {
                self.login.verify_id_token(tokens, nonce).await
            }

            /// A request to any route of Auth, authorized as the client is, with the retries and errors of every other call.
            ///
            /// `path` is relative to Auth's address and is sent as it is, so it must be percent-encoded.
            pub fn request(
                &self,
                method: ::globus_transport::Method,
                path: impl Into<String>,
            ) -> $crate::RawRequest {
                self.login.core.request(method, path)
            }
        }
    };
}
pub(super) use login_client;
