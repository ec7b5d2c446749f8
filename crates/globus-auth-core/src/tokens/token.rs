//! [`OAuthToken`]: the tokens for one resource server.

use std::fmt;

use crate::{Secret, UnixTime};

/// The tokens that Auth issued for one resource server.
///
/// `Display` shows what it is for and until when, never the tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthToken {
    resource_server: String,
    scope: String,
    access_token: Secret,
    refresh_token: Option<Secret>,
    expires_at: UnixTime,
    token_type: String,
}

impl OAuthToken {
    /// A bearer token for `resource_server` that holds the space-separated scopes `scope` until `expires_at`.
    pub fn new(
        resource_server: impl Into<String>,
        scope: impl Into<String>,
        access_token: impl Into<Secret>,
        expires_at: UnixTime,
    ) -> Self {
        Self {
            resource_server: resource_server.into(),
            scope: scope.into(),
            access_token: access_token.into(),
            refresh_token: None,
            expires_at,
            token_type: "Bearer".to_owned(),
        }
    }

    /// The same with a refresh token, or without one.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: Option<Secret>) -> Self {
        self.refresh_token = refresh_token;
        self
    }

    /// The same with another token type than `Bearer`.
    #[must_use]
    pub fn with_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = token_type.into();
        self
    }

    /// The service that accepts the access token, such as `transfer.api.globus.org`.
    pub fn resource_server(&self) -> &str {
        &self.resource_server
    }

    /// The granted scopes, separated by spaces: root scopes only, without their dependencies.
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The granted scopes one by one.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split_whitespace()
    }

    /// What is sent as `Authorization: Bearer …`.
    pub fn access_token(&self) -> &Secret {
        &self.access_token
    }

    /// What new access tokens are obtained with; present when refresh tokens were asked for at login.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh_token.as_ref()
    }

    /// When the access token ends, by the clock that was injected when the answer arrived.
    pub fn expires_at(&self) -> UnixTime {
        self.expires_at
    }

    /// `Bearer`, in every answer seen so far.
    pub fn token_type(&self) -> &str {
        &self.token_type
    }
}

impl fmt::Display for OAuthToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} token for [{}], expires at {}, {} refresh token",
            self.resource_server,
            self.token_type,
            self.scope,
            self.expires_at,
            if self.refresh_token.is_some() { "with" } else { "without" },
        )
    }
}
