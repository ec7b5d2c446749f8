//! `login_client!`: the methods that both login clients have.

/// Declares what a client with and one without a secret do in the same way.
macro_rules! login_client {
    ($name:ident) => {
        impl $name {
            /// The id of the client.
            pub fn client_id(&self) -> &str {
                &self.login.client_id
            }

            /// The address of Auth, as the client was given it or its environment has it.
            pub fn base_url(&self) -> &::globus_transport::BaseUrl {
                self.login.core.base_url()
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
            ) -> $crate::auth::requests::Oauth2RevokeToken {
                $crate::auth::requests::Oauth2RevokeToken::new(&self.login, token.into())
            }

            /// Trades the code of a login for tokens. [`LoginFlow::exchange_code_for_tokens`] does the same for a login at hand, and
            /// [`LoginFlow::exchange_callback`] checks the callback as well.
            ///
            /// [Service documentation](https://docs.globus.org/api/auth/reference/#authorization_code_grant_preferred)
            /// (RFC 6749, section 4.1.3). Fails with `invalid_grant` when the code was used, has expired, or is another client's.
            ///
            /// [`LoginFlow::exchange_code_for_tokens`]: globus_auth_core::login::LoginFlow::exchange_code_for_tokens
            /// [`LoginFlow::exchange_callback`]: globus_auth_core::login::LoginFlow::exchange_callback
            pub fn oauth2_exchange_code_for_tokens(
                &self,
                login: &::globus_auth_core::login::PendingLogin,
                auth_code: impl Into<::globus_auth_core::Secret>,
            ) -> $crate::auth::requests::TokenRequest {
                self.login.code(login, &auth_code.into())
            }

            /// Sends a form to the token endpoint as it is, for a grant that has no method of its own. A client without a secret names
            /// itself in it, as `client_id`. It is not sent again after a failure, since it is not known what the grant does.
            ///
            /// [Service documentation](https://docs.globus.org/api/auth/reference/#token-endpoint) (RFC 6749, section 3.2).
            pub fn oauth2_token<N, V>(
                &self,
                form_data: impl IntoIterator<Item = (N, V)>,
            ) -> $crate::auth::requests::TokenRequest
            where
                N: Into<::std::borrow::Cow<'static, str>>,
                V: Into<::globus_auth_core::Secret>,
            {
                let mut form = ::globus_auth_core::FormFields::default();
                for (name, value) in form_data {
                    form.push(name, value);
                }
                self.login.token_form("oauth2_token", form, ::globus_transport::Idempotency::Unsafe)
            }

            /// Looks up where Auth's endpoints are and how it signs ([OpenID Connect Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html), section 4).
            pub fn get_openid_configuration(
                &self,
            ) -> $crate::Request<::globus_auth_core::id_token::OpenIdConfiguration> {
                $crate::auth::keys::openid_configuration(&self.login.core)
            }

            /// Fetches the keys with which Auth signs ID tokens, after the configuration, which says where they are. They are
            /// taken from Auth's own address only.
            ///
            /// [Service documentation](https://docs.globus.org/api/auth/reference/#jwks) (RFC 7517).
            pub fn get_jwk(&self) -> $crate::auth::requests::GetJwk {
                $crate::auth::requests::GetJwk::new(&self.login.core)
            }

            /// Verifies the ID token of a response and gives what it says: signature, issuer, audience, expiry, and the
            /// nonce if one was used at login ([OpenID Connect Core](https://openid.net/specs/openid-connect-core-1_0.html), section
            /// 3.1.3.7).
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
