//! [`TokenData`]: what is stored for one resource server.

use globus_auth_core::{OAuthToken, Secret, UnixTime};

/// The tokens of one resource server as they are stored.
///
/// `Debug` shows fingerprints, never the tokens.
///
/// ```
/// use globus_auth_core::UnixTime;
/// use globus_tokenstorage::TokenData;
///
/// let data = TokenData::new("groups.api.globus.org", "all", "AgExample", UnixTime::from_seconds(1_700_003_600))
///     .with_identity_id(Some("ff3ced1a-96d1-5c96-a6a5-6bf01e40b140".to_owned()));
/// assert_eq!(data.access_token.expose(), "AgExample");
/// assert!(!format!("{data:?}").contains("AgExample"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenData {
    /// The service that accepts the access token, such as `transfer.api.globus.org`.
    pub resource_server: String,
    /// The id of the identity that logged in; `None` when nobody did, or it is not known.
    pub identity_id: Option<String>,
    /// The granted scopes, separated by spaces.
    pub scope: String,
    /// What is sent as `Authorization: Bearer …`.
    pub access_token: Secret,
    /// What new access tokens are obtained with.
    pub refresh_token: Option<Secret>,
    /// When the access token ends (`expires_at_seconds` in files).
    pub expires_at: UnixTime,
    /// `Bearer`, where it is known.
    pub token_type: Option<String>,
}

impl TokenData {
    /// A bearer token for `resource_server` that holds the space-separated scopes `scope` until `expires_at`, with
    /// neither refresh token nor identity.
    pub fn new(
        resource_server: impl Into<String>,
        scope: impl Into<String>,
        access_token: impl Into<Secret>,
        expires_at: UnixTime,
    ) -> Self {
        Self {
            resource_server: resource_server.into(),
            identity_id: None,
            scope: scope.into(),
            access_token: access_token.into(),
            refresh_token: None,
            expires_at,
            token_type: Some("Bearer".to_owned()),
        }
    }

    /// The same with a refresh token, or without one.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: Option<Secret>) -> Self {
        self.refresh_token = refresh_token;
        self
    }

    /// The same for the identity with this id, or for an unknown one.
    #[must_use]
    pub fn with_identity_id(mut self, identity_id: Option<String>) -> Self {
        self.identity_id = identity_id;
        self
    }

    /// The same with another token type than `Bearer`, or with none.
    #[must_use]
    pub fn with_token_type(mut self, token_type: Option<String>) -> Self {
        self.token_type = token_type;
        self
    }

    /// The granted scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split_whitespace()
    }
}

/// Takes everything from a token but the identity, which a token does not name.
impl From<&OAuthToken> for TokenData {
    fn from(token: &OAuthToken) -> Self {
        Self::new(token.resource_server(), token.scope(), token.access_token().clone(), token.expires_at())
            .with_refresh_token(token.refresh_token().cloned())
            .with_token_type(Some(token.token_type().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_token() {
        let data = TokenData::new("rs", "s", "AgHiddenAccess", UnixTime::from_seconds(5))
            .with_refresh_token(Some(Secret::from("AgHiddenRefresh")));
        let shown = format!("{data:?} {data:#?}");
        assert!(shown.contains("rs") && !shown.contains("AgHidden"), "{shown}");
    }

    #[test]
    fn a_token_of_a_response_is_taken_over_whole() {
        let token = OAuthToken::new("rs", "a b", "A", UnixTime::from_seconds(5))
            .with_refresh_token(Some(Secret::from("R")))
            .with_token_type("MAC");
        let data = TokenData::from(&token);
        assert_eq!(data.scopes().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(data.refresh_token, Some(Secret::from("R")));
        assert_eq!(data.token_type.as_deref(), Some("MAC"));
        assert_eq!((data.identity_id, data.expires_at), (None, UnixTime::from_seconds(5)));
    }
}
