//! Authorizers whose header never changes.

use async_trait::async_trait;
use globus_auth_core::Secret;

use crate::{AuthorizationHeader, Authorizer, AuthorizerError};

/// Sends requests without an `Authorization` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NullAuthorizer;

impl NullAuthorizer {
    /// The authorizer: the same as its bare name.
    pub const fn new() -> Self {
        Self
    }
}

#[async_trait]
impl Authorizer for NullAuthorizer {
    fn current_header(&self) -> Option<AuthorizationHeader> {
        None
    }

    async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
        Ok(None)
    }

    fn refused(&self, _header: &AuthorizationHeader) -> bool {
        false
    }
}

/// Sends a user name, such as a client id, and a password (RFC 7617).
#[derive(Clone, Debug)]
pub struct BasicAuthorizer {
    header: AuthorizationHeader,
}

impl BasicAuthorizer {
    /// An authorizer for this user. The name must not contain a colon, which ends it.
    pub fn new(user: impl AsRef<str>, password: impl Into<Secret>) -> Self {
        Self { header: AuthorizationHeader::basic(user.as_ref(), &password.into()) }
    }
}

/// Sends one access token, for as long as it lives; a refused or expired token is the caller's to replace.
///
/// ```
/// use globus_authorizers::{AccessTokenAuthorizer, Authorizer};
///
/// let authorizer = AccessTokenAuthorizer::new("AgExample");
/// let header = authorizer.current_header().ok_or("no header")?;
/// assert_eq!(header.value().expose(), "Bearer AgExample");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct AccessTokenAuthorizer {
    header: AuthorizationHeader,
}

impl AccessTokenAuthorizer {
    /// An authorizer for this access token.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self { header: AuthorizationHeader::bearer(&access_token.into()) }
    }
}

macro_rules! fixed {
    ($($authorizer:ty),*) => {$(
        #[async_trait]
        impl Authorizer for $authorizer {
            fn current_header(&self) -> Option<AuthorizationHeader> {
                Some(self.header.clone())
            }

            async fn authorization_header(&self) -> Result<Option<AuthorizationHeader>, AuthorizerError> {
                Ok(Some(self.header.clone()))
            }

            fn refused(&self, _header: &AuthorizationHeader) -> bool {
                false
            }
        }
    )*};
}

fixed!(BasicAuthorizer, AccessTokenAuthorizer);

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_fixed_header_stays_what_it_is() {
        let authorizer: Box<dyn Authorizer> = Box::new(BasicAuthorizer::new("id", "hidden"));
        let header = authorizer.current_header().unwrap();
        assert_eq!(header.value().expose(), "Basic aWQ6aGlkZGVu");
        assert!(!authorizer.refused(&header));
        assert_eq!(authorizer.authorization_header().await.unwrap(), Some(header));
        assert!(!format!("{authorizer:?}").contains("hidden"));
    }

    #[tokio::test]
    async fn the_null_authorizer_sends_nothing() {
        let authorizer = NullAuthorizer;
        assert_eq!(authorizer.current_header(), None);
        assert_eq!(authorizer.authorization_header().await.unwrap(), None);
    }
}
