//! Which token of an answer is ours.

use globus_auth_core::{OAuthToken, OAuthTokenResponse};

use crate::{AuthorizerError, AuthorizerErrorKind};

/// The token for `resource_server`, or the only token when there is no name to look for.
///
/// More tokens than that mean that the scopes of several services were asked for, which is an error, unless
/// `tolerant`: the answer to a refresh token may not come twice.
pub(crate) fn only_token<'a>(
    response: &'a OAuthTokenResponse,
    resource_server: Option<&str>,
    tolerant: bool,
) -> Result<&'a OAuthToken, AuthorizerError> {
    let found = match (resource_server, response.tokens()) {
        (None, [token]) => Some(token),
        (None, _) => None,
        (Some(name), tokens) if tolerant || tokens.len() == 1 => response.by_resource_server().get(name),
        (Some(_), _) => None,
    };
    found.ok_or_else(|| {
        let held: Vec<&str> = response.tokens().iter().map(OAuthToken::resource_server).collect();
        AuthorizerError::new(
            AuthorizerErrorKind::UnexpectedTokens,
            format!(
                "Auth answered with tokens for [{}] where exactly one for {} was expected; \
                 give each authorizer the scopes of one service",
                held.join(", "),
                resource_server.unwrap_or("one service"),
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use globus_auth_core::UnixTime;

    use super::*;

    fn response(names: &[&str]) -> OAuthTokenResponse {
        let token = |name: &&str| OAuthToken::new(*name, "s", "AgHidden", UnixTime::from_seconds(5));
        OAuthTokenResponse::from_tokens(names.iter().map(token).collect(), None)
    }

    #[test]
    fn exactly_the_token_asked_for_is_taken() {
        for (names, wanted, tolerant, found) in [
            (&["a"][..], Some("a"), false, true),
            (&["a"], None, false, true),
            (&["b"], Some("a"), false, false),
            (&["b"], Some("a"), true, false),
            (&["a", "b"], Some("a"), false, false),
            (&["a", "b"], Some("a"), true, true),
            (&["a", "b"], None, false, false),
            (&[], None, true, false),
        ] {
            let response = response(names);
            let token = only_token(&response, wanted, tolerant);
            assert_eq!(token.is_ok(), found, "{names:?} {wanted:?} {tolerant}");
            if let Err(err) = token {
                assert!(err.to_string().contains(&names.join(", ")), "{err}");
            }
        }
    }
}
