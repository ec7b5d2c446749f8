//! [`Grant`]: what is traded for tokens at the token endpoint.

use crate::{FormFields, IntoScopes, Secret};

/// A grant (RFC 6749, section 1.3, and Globus' dependent-token grant) as a value.
///
/// It says what is exchanged; how the client proves who it is belongs to the [`TokenExchange`](crate::TokenExchange). The
/// functions make grants; a variant may get further fields, each with a default in them.
///
/// ```
/// use globus_auth_core::{Grant, Secret};
///
/// let grant = Grant::refresh_token("AgExample").with_scope("openid email");
/// assert!(grant.form().iter().any(|field| field == ("scope", &Secret::from("openid email"))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The code that a login brought (RFC 6749, section 4.1.3).
    #[non_exhaustive]
    AuthorizationCode {
        /// The code; it works once.
        code: Secret,
        /// The redirect URI of the authorize request, letter for letter.
        redirect_uri: String,
        /// The PKCE verifier (RFC 7636, section 4.5) when the authorize request carried its challenge.
        code_verifier: Option<Secret>,
    },
    /// A refresh token (RFC 6749, section 6).
    #[non_exhaustive]
    RefreshToken {
        /// The token.
        refresh_token: Secret,
        /// The scopes asked for, separated by spaces, of those that were granted; all of them when `None`.
        scope: Option<String>,
    },
    /// The client itself (RFC 6749, section 4.4).
    #[non_exhaustive]
    ClientCredentials {
        /// The scopes asked for, separated by spaces.
        scope: String,
    },
    /// A token that a service received, traded for tokens for the services it calls in turn (Globus Auth
    /// documentation, "Dependent Token Grant").
    #[non_exhaustive]
    DependentTokens {
        /// The access token that the service received.
        token: Secret,
        /// The scopes asked for, separated by spaces; all dependent scopes when `None`.
        scope: Option<String>,
        /// Whether refresh tokens are asked for as well.
        refresh_tokens: bool,
    },
}

impl Grant {
    /// The code that a login with this redirect URI brought, and its PKCE verifier when it had one.
    pub fn authorization_code(
        code: impl Into<Secret>,
        redirect_uri: impl Into<String>,
        code_verifier: Option<Secret>,
    ) -> Self {
        Self::AuthorizationCode { code: code.into(), redirect_uri: redirect_uri.into(), code_verifier }
    }

    /// A refresh token, for all that was granted with it.
    pub fn refresh_token(refresh_token: impl Into<Secret>) -> Self {
        Self::RefreshToken { refresh_token: refresh_token.into(), scope: None }
    }

    /// The client itself, for these scopes.
    pub fn client_credentials(scopes: impl IntoScopes) -> Self {
        Self::ClientCredentials { scope: scopes.into_scope_string() }
    }

    /// A token that a service received, traded for access tokens for all that its scope depends on.
    pub fn dependent_tokens(token: impl Into<Secret>) -> Self {
        Self::DependentTokens { token: token.into(), scope: None, refresh_tokens: false }
    }

    /// The same for these scopes. A code is for what its login asked for: it stays as it is.
    #[must_use]
    pub fn with_scope(mut self, scopes: impl IntoScopes) -> Self {
        match &mut self {
            Self::AuthorizationCode { .. } => {}
            Self::ClientCredentials { scope } => *scope = scopes.into_scope_string(),
            Self::RefreshToken { scope, .. } | Self::DependentTokens { scope, .. } => {
                *scope = Some(scopes.into_scope_string());
            }
        }
        self
    }

    /// The same with refresh tokens, or without. Only a grant for dependent tokens has the choice; others stay as they are.
    #[must_use]
    pub fn with_refresh_tokens(mut self, wanted: bool) -> Self {
        if let Self::DependentTokens { refresh_tokens, .. } = &mut self {
            *refresh_tokens = wanted;
        }
        self
    }

    /// The value of the form field `grant_type`.
    pub fn grant_type(&self) -> &'static str {
        match self {
            Self::AuthorizationCode { .. } => "authorization_code",
            Self::RefreshToken { .. } => "refresh_token",
            Self::ClientCredentials { .. } => "client_credentials",
            Self::DependentTokens { .. } => "urn:globus:auth:grant_type:dependent_token",
        }
    }

    /// The form fields to send, without those that identify the client.
    pub fn form(&self) -> FormFields {
        let mut form = FormFields::default();
        form.push("grant_type", self.grant_type());
        match self {
            Self::AuthorizationCode { code, redirect_uri, code_verifier } => {
                form.push("code", code).push("redirect_uri", redirect_uri.as_str());
                if let Some(verifier) = code_verifier {
                    form.push("code_verifier", verifier);
                }
            }
            Self::RefreshToken { refresh_token, scope } => {
                form.push("refresh_token", refresh_token);
                if let Some(scope) = scope {
                    form.push("scope", scope.as_str());
                }
            }
            Self::ClientCredentials { scope } => {
                form.push("scope", scope.as_str());
            }
            Self::DependentTokens { token, scope, refresh_tokens } => {
                form.push("token", token);
                if *refresh_tokens {
                    form.push("access_type", "offline");
                }
                if let Some(scope) = scope {
                    form.push("scope", scope.as_str());
                }
            }
        }
        form
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(grant: &Grant) -> Vec<(String, String)> {
        grant.form().iter().map(|(name, value)| (name.to_owned(), value.expose().to_owned())).collect()
    }

    #[test]
    fn a_code_grant_carries_its_verifier_only_when_it_has_one() {
        let grant = |verifier| Grant::authorization_code("c", "https://example.org/cb", verifier);
        assert!(fields(&grant(None)).iter().all(|(name, _)| name != "code_verifier"));
        let pkce = grant(Some(Secret::from("v")));
        assert!(fields(&pkce).contains(&("code_verifier".into(), "v".into())));
        assert_eq!(pkce.clone().with_scope("s"), pkce);
    }

    #[test]
    fn a_dependent_token_grant_names_only_what_was_asked_for() {
        let all = Grant::dependent_tokens("t");
        assert_eq!(fields(&all).len(), 2);
        let some = all.with_scope(["a", "b"]).with_refresh_tokens(true);
        assert!(fields(&some).contains(&("access_type".into(), "offline".into())));
        assert!(fields(&some).contains(&("scope".into(), "a b".into())));
    }

    #[test]
    fn a_refresh_grant_may_ask_for_less_than_was_granted() {
        let all = Grant::refresh_token("r");
        assert_eq!(
            fields(&all),
            [("grant_type".into(), "refresh_token".into()), ("refresh_token".into(), "r".into())]
        );
        assert!(fields(&all.with_scope("a b")).contains(&("scope".into(), "a b".into())));
    }

    #[test]
    fn debug_of_a_grant_hides_its_secrets() {
        let grant = Grant::refresh_token("AgHidden");
        assert!(!format!("{grant:?} {:?}", grant.form()).contains("AgHidden"));
    }
}
