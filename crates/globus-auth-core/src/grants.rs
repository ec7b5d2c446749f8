//! [`Grant`]: what is traded for tokens at the token endpoint.

use std::borrow::Cow;

use crate::Secret;

/// A grant (RFC 6749, section 1.3, and Globus' dependent-token grant) as a value.
///
/// It says what is exchanged; how the client proves who it is belongs to the [`TokenExchange`](crate::TokenExchange).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Grant {
    /// The code that a login brought (RFC 6749, section 4.1.3).
    AuthorizationCode {
        /// The code; it works once.
        code: Secret,
        /// The redirect URI of the authorize request, letter for letter.
        redirect_uri: String,
        /// The PKCE verifier (RFC 7636, section 4.5) when the authorize request carried its challenge.
        code_verifier: Option<Secret>,
    },
    /// A refresh token (RFC 6749, section 6).
    RefreshToken {
        /// The token.
        refresh_token: Secret,
    },
    /// The client itself (RFC 6749, section 4.4).
    ClientCredentials {
        /// The scopes asked for, separated by spaces.
        scope: String,
    },
    /// A token that a service received, traded for tokens for the services it calls in turn (Globus Auth
    /// documentation, "Dependent Token Grant").
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
            Self::RefreshToken { refresh_token } => {
                form.push("refresh_token", refresh_token);
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

/// Fields of a form, in order. The values are kept as secrets, since most of them are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormFields(Vec<(Cow<'static, str>, Secret)>);

impl FormFields {
    /// Adds a field at the end.
    pub fn push(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Secret>) -> &mut Self {
        self.0.push((name.into(), value.into()));
        self
    }

    /// Sets a field, in place of what it was.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Secret>) -> &mut Self {
        let name = name.into();
        self.remove(&name).push(name, value)
    }

    /// Takes a field out.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
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
        let (code, redirect_uri) = (Secret::from("c"), "https://example.org/cb".to_owned());
        let plain = Grant::AuthorizationCode {
            code: code.clone(),
            redirect_uri: redirect_uri.clone(),
            code_verifier: None,
        };
        assert!(fields(&plain).iter().all(|(name, _)| name != "code_verifier"));
        let pkce = Grant::AuthorizationCode { code, redirect_uri, code_verifier: Some(Secret::from("v")) };
        assert!(fields(&pkce).contains(&("code_verifier".into(), "v".into())));
    }

    #[test]
    fn a_dependent_token_grant_names_only_what_was_asked_for() {
        let token = Secret::from("t");
        let all = Grant::DependentTokens { token: token.clone(), scope: None, refresh_tokens: false };
        assert_eq!(fields(&all).len(), 2);
        let some = Grant::DependentTokens { token, scope: Some("a b".into()), refresh_tokens: true };
        assert!(fields(&some).contains(&("access_type".into(), "offline".into())));
        assert!(fields(&some).contains(&("scope".into(), "a b".into())));
    }

    #[test]
    fn a_field_that_is_set_again_is_replaced() {
        let mut form = FormFields::default();
        form.push("a", "1").push("b", "2").set("a", "3");
        let fields: Vec<_> = form.iter().map(|(name, value)| (name, value.expose())).collect();
        assert_eq!(fields, [("b", "2"), ("a", "3")]);
    }

    #[test]
    fn debug_of_a_grant_hides_its_secrets() {
        let grant = Grant::RefreshToken { refresh_token: Secret::from("AgHidden") };
        assert!(!format!("{grant:?} {:?}", grant.form()).contains("AgHidden"));
    }
}
