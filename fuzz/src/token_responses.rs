//! Bodies of the token endpoint.

use std::collections::{BTreeSet, VecDeque};

use globus_auth_core::{OAuthToken, OAuthTokenResponse, Secret, UnixTime};
use serde_json::Value;

use crate::tokens;

const RECEIVED: UnixTime = UnixTime::from_seconds(1_700_000_000);
const SECRETS: [&str; 3] = ["access_token", "refresh_token", "id_token"];

/// Every token of the body is found, in order and by its resource server, and ends no sooner than it came; no error quotes
/// the body, and nothing printed shows a token.
pub fn check(input: &[u8]) {
    match OAuthTokenResponse::from_json(input, RECEIVED) {
        Ok(response) => {
            is_consistent(&response);
            if let Ok(body) = serde_json::from_slice(input) {
                is_whole(&response, &body);
                is_hidden(&response, &body);
            }
        }
        Err(err) => assert!(is_known(&err.to_string()), "a new text, or the body is quoted: {err}"),
    }
}

fn is_consistent(response: &OAuthTokenResponse) {
    let tokens = response.tokens();
    let servers: BTreeSet<&str> = tokens.iter().map(OAuthToken::resource_server).collect();
    assert!(response.by_resource_server().keys().map(String::as_str).eq(servers));
    assert_eq!(response.other_tokens().len(), tokens.len().saturating_sub(1));
    for token in tokens {
        assert!(!token.access_token().is_empty());
        assert!(token.refresh_token().is_none_or(|token| !token.is_empty()));
        assert!(token.expires_at() >= RECEIVED);
        assert_eq!(
            response.require(token.resource_server()).ok().map(OAuthToken::resource_server),
            Some(token.resource_server())
        );
        let found = response.by_scopes().get(token.scope());
        assert_eq!(found.is_some(), token.scopes().next().is_some());
    }
    assert!(tokens.is_empty() || response.require("no such server\u{0}").is_err());
}

/// As many tokens, and in the order, that a reader who knows nothing of the SDK finds: those of one level before the next.
fn is_whole(response: &OAuthTokenResponse, body: &Value) {
    let mut waiting: VecDeque<&Value> = match body {
        Value::Array(bodies) => bodies.iter().collect(),
        body => [body].into(),
    };
    let mut expected = Vec::new();
    while let Some(token) = waiting.pop_front() {
        expected.push(token["access_token"].as_str());
        waiting.extend(token["other_tokens"].as_array().into_iter().flatten());
    }
    let found: Vec<_> = response.tokens().iter().map(|token| Some(token.access_token().expose())).collect();
    assert_eq!(found, expected);
}

fn is_hidden(response: &OAuthTokenResponse, body: &Value) {
    let harmless = |token: &OAuthToken| {
        OAuthToken::new(token.resource_server(), token.scope(), "", token.expires_at())
            .with_refresh_token(token.refresh_token().map(|_| Secret::from("")))
            .with_token_type(token.token_type())
    };
    let id_token = response.id_token().map(|_| Secret::from(""));
    let frame = OAuthTokenResponse::from_tokens(response.tokens().iter().map(harmless).collect(), id_token);
    let show = |response: &OAuthTokenResponse| format!("{response} {response:?} {response:#?}");
    tokens::assert_hidden(&tokens::only_under(body, &SECRETS), &show(response), &show(&frame));
}

fn is_known(error: &str) -> bool {
    let text: String = error.chars().filter(|c| !c.is_ascii_digit()).collect();
    let unreadable = ["it is cut off", "a value has the wrong type", "it is not JSON"];
    let missing = ["access_token", "resource_server"];
    unreadable
        .iter()
        .any(|what| text == format!("the token response cannot be read: {what} (line , column )"))
        || missing.iter().any(|field| text == format!("the token response has no `{field}`"))
}
