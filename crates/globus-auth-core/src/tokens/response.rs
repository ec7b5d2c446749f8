//! [`OAuthTokenResponse`]: a whole answer of the token endpoint.

use std::collections::BTreeMap;
use std::time::Duration;
use std::{error, fmt};

use serde::Deserialize;

use super::OAuthToken;
use crate::{Secret, UnixTime};

/// The answer of Auth's token endpoint: one token for each resource server, and an ID token if `openid` was asked for.
///
/// One login can bring several tokens: the first in the body, the rest in its `other_tokens`.
/// `Display` shows the structure, never a token.
///
/// ```
/// use globus_auth_core::{OAuthTokenResponse, UnixTime};
///
/// let body = br#"{"access_token": "AgSecret", "scope": "urn:globus:auth:scope:transfer.api.globus.org:all",
///     "expires_in": 172800, "token_type": "Bearer", "resource_server": "transfer.api.globus.org", "other_tokens": []}"#;
/// let tokens = OAuthTokenResponse::from_json(body, UnixTime::from_seconds(1_700_000_000))?;
/// let transfer = &tokens.by_resource_server()["transfer.api.globus.org"];
/// assert_eq!(transfer.expires_at().as_seconds(), 1_700_172_800);
/// assert!(!tokens.to_string().contains("AgSecret"));
/// # Ok::<(), globus_auth_core::TokenResponseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthTokenResponse {
    tokens: Vec<OAuthToken>,
    by_resource_server: BTreeMap<String, OAuthToken>,
    id_token: Option<Secret>,
}

impl OAuthTokenResponse {
    /// Reads the body of an answer that arrived at `received_at`, from which `expires_in` is counted.
    ///
    /// A dependent-token grant is answered with a bare array, which is read as well.
    ///
    /// # Errors
    /// When the body is not JSON, is cut off, or lacks a field that tokens cannot be used without. The error names the
    /// trouble and never quotes the body.
    pub fn from_json(body: &[u8], received_at: UnixTime) -> Result<Self, TokenResponseError> {
        if body.trim_ascii_start().starts_with(b"[") {
            let wires: Vec<WireToken> =
                serde_json::from_slice(body).map_err(TokenResponseError::from_serde)?;
            return Self::collect(wires, received_at);
        }
        let wire: WireToken = serde_json::from_slice(body).map_err(TokenResponseError::from_serde)?;
        Self::collect(vec![wire], received_at)
    }

    /// A response made of tokens at hand, for tests and for exchanges of your own.
    pub fn from_tokens(tokens: Vec<OAuthToken>, id_token: Option<Secret>) -> Self {
        let by_resource_server =
            tokens.iter().map(|token| (token.resource_server().to_owned(), token.clone())).collect();
        Self { tokens, by_resource_server, id_token }
    }

    fn collect(wires: Vec<WireToken>, received_at: UnixTime) -> Result<Self, TokenResponseError> {
        let mut tokens = Vec::new();
        let mut id_token = None;
        let mut queue: std::collections::VecDeque<WireToken> = wires.into();
        while let Some(mut wire) = queue.pop_front() {
            queue.extend(wire.other_tokens.take().unwrap_or_default());
            id_token = id_token.or(wire.id_token.take());
            tokens.push(wire.into_token(received_at)?);
        }
        Ok(Self::from_tokens(tokens, id_token))
    }

    /// The tokens by resource server; indexing with one that is not there panics, as a map does: use
    /// [`get`](BTreeMap::get) or [`Self::require`] where the answer decides.
    pub fn by_resource_server(&self) -> &BTreeMap<String, OAuthToken> {
        &self.by_resource_server
    }

    /// The token for `resource_server`.
    ///
    /// # Errors
    /// When the response has none; the error lists those it has.
    pub fn require(&self, resource_server: &str) -> Result<&OAuthToken, TokenResponseError> {
        self.by_resource_server.get(resource_server).ok_or_else(|| {
            let held: Vec<&str> = self.by_resource_server.keys().map(String::as_str).collect();
            TokenResponseError::new(format!(
                "no token for {resource_server} in the response, only for [{}]; ask for one of its scopes",
                held.join(", ")
            ))
        })
    }

    /// The tokens by scope.
    pub fn by_scopes(&self) -> TokensByScope<'_> {
        TokensByScope { tokens: &self.tokens }
    }

    /// All tokens: first the one of the body, then its `other_tokens`, in the order of the answer.
    pub fn tokens(&self) -> &[OAuthToken] {
        &self.tokens
    }

    /// The tokens beside the first.
    pub fn other_tokens(&self) -> &[OAuthToken] {
        self.tokens.get(1..).unwrap_or_default()
    }

    /// The ID token (OpenID Connect Core, section 2), not yet verified; present when `openid` was asked for.
    pub fn id_token(&self) -> Option<&Secret> {
        self.id_token.as_ref()
    }
}

impl fmt::Display for OAuthTokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id_token = if self.id_token.is_some() { "with" } else { "without" };
        writeln!(f, "{} token(s), {id_token} ID token", self.tokens.len())?;
        self.tokens.iter().try_for_each(|token| writeln!(f, "  {token}"))
    }
}

/// Looks tokens up by what they allow.
#[derive(Clone, Copy, Debug)]
pub struct TokensByScope<'a> {
    tokens: &'a [OAuthToken],
}

impl<'a> TokensByScope<'a> {
    /// The one token that holds every scope named in `scopes` (separated by spaces); `None` when no single token does.
    pub fn get(&self, scopes: &str) -> Option<&'a OAuthToken> {
        let mut wanted = scopes.split_whitespace().peekable();
        wanted.peek()?;
        self.tokens.iter().find(|token| wanted.clone().all(|scope| token.scopes().any(|held| held == scope)))
    }
}

/// Why an answer of the token endpoint cannot be used. It never quotes the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenResponseError(String);

impl TokenResponseError {
    fn new(message: String) -> Self {
        Self(message)
    }

    /// Keeps where and how it failed, but no text of the body: serde's own message may quote a value.
    fn from_serde(err: serde_json::Error) -> Self {
        let what = match err.classify() {
            serde_json::error::Category::Eof => "it is cut off",
            serde_json::error::Category::Data => "a value has the wrong type",
            _ => "it is not JSON",
        };
        Self(format!(
            "the token response cannot be read: {what} (line {}, column {})",
            err.line(),
            err.column()
        ))
    }
}

impl fmt::Display for TokenResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for TokenResponseError {}

/// A token as it is written, at the top level and in `other_tokens`. All optional, so that the error can name what is missing.
#[derive(Deserialize)]
struct WireToken {
    access_token: Option<Secret>,
    refresh_token: Option<Secret>,
    id_token: Option<Secret>,
    resource_server: Option<String>,
    scope: Option<String>,
    expires_in: Option<f64>,
    token_type: Option<String>,
    other_tokens: Option<Vec<Self>>,
}

impl WireToken {
    fn into_token(self, received_at: UnixTime) -> Result<OAuthToken, TokenResponseError> {
        let missing = |field: &str| TokenResponseError::new(format!("the token response has no `{field}`"));
        let access_token =
            self.access_token.filter(|t| !t.is_empty()).ok_or_else(|| missing("access_token"))?;
        let resource_server = self.resource_server.ok_or_else(|| missing("resource_server"))?;
        // A negative or absurd lifetime saturates: the token then counts as expired, or as long-lived, and a 401 decides.
        let lifetime = Duration::from_secs(self.expires_in.unwrap_or(0.0) as u64);
        let scope = self.scope.unwrap_or_default();
        Ok(OAuthToken::new(resource_server, scope, access_token, received_at.saturating_add(lifetime))
            .with_refresh_token(self.refresh_token.filter(|token| !token.is_empty()))
            .with_token_type(self.token_type.unwrap_or_else(|| "Bearer".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime::from_seconds(1_700_000_000);
    const TWO: &str = r#"{"access_token": "AgSecretOne", "refresh_token": "AgSecretTwo", "scope": "a b", "expires_in": 10,
        "token_type": "Bearer", "resource_server": "one", "id_token": "eyJSecret",
        "other_tokens": [{"access_token": "AgSecretThree", "scope": "c", "expires_in": 20, "resource_server": "two"}]}"#;

    fn read(body: &str) -> Result<OAuthTokenResponse, TokenResponseError> {
        OAuthTokenResponse::from_json(body.as_bytes(), NOW)
    }

    #[test]
    fn every_token_is_found_by_resource_server_and_by_scope() {
        let tokens = read(TWO).unwrap();
        assert_eq!(tokens.by_resource_server()["one"].expires_at().as_seconds(), 1_700_000_010);
        assert_eq!(tokens.other_tokens()[0].resource_server(), "two");
        assert_eq!(tokens.by_scopes().get("b a").unwrap().resource_server(), "one");
        assert!(tokens.by_scopes().get("a c").is_none());
        assert!(tokens.by_scopes().get("").is_none());
        assert_eq!(tokens.id_token().unwrap().expose(), "eyJSecret");
        assert_eq!(
            tokens.require("three").unwrap_err().to_string(),
            "no token for three in the response, only for [one, two]; ask for one of its scopes"
        );
    }

    #[test]
    fn neither_display_nor_debug_shows_a_token() {
        let tokens = read(TWO).unwrap();
        let shown = format!("{tokens} {tokens:?} {tokens:#?}");
        assert!(shown.contains("one") && shown.contains("two"));
        assert!(!shown.contains("AgSecret") && !shown.contains("eyJSecret"), "{shown}");
    }

    #[test]
    fn a_dependent_token_answer_is_an_array_and_may_be_empty() {
        let tokens = read(
            r#"[{"access_token": "A", "resource_server": "x"}, {"access_token": "B", "resource_server": "y"}]"#,
        );
        assert_eq!(tokens.unwrap().by_resource_server().len(), 2);
        assert!(read(" []").unwrap().tokens().is_empty());
    }

    #[test]
    fn an_unusable_answer_is_named_without_being_quoted() {
        for (body, error) in [
            ("<html>AgSecret</html>", "it is not JSON"),
            (r#"{"access_token": "AgSec"#, "it is cut off"),
            (r#"{"access_token": {"AgSecret": 1}}"#, "a value has the wrong type"),
            (r#"{"resource_server": "x", "expires_in": 1}"#, "no `access_token`"),
            (r#"{"access_token": "", "resource_server": "x"}"#, "no `access_token`"),
            (r#"{"access_token": "AgSecret"}"#, "no `resource_server`"),
            (
                r#"{"access_token": "A", "resource_server": "x", "other_tokens": [{"scope": "s"}]}"#,
                "no `access_token`",
            ),
            ("", "it is cut off"),
        ] {
            let text = read(body).unwrap_err().to_string();
            assert!(text.contains(error), "{body}: {text}");
            assert!(!text.contains("AgSec"), "{text}");
        }
    }

    #[test]
    fn a_strange_lifetime_saturates() {
        for (expires_in, expires_at) in
            [("-5", NOW.as_seconds()), ("1e300", i64::MAX), ("null", NOW.as_seconds())]
        {
            let body =
                format!(r#"{{"access_token": "A", "resource_server": "x", "expires_in": {expires_in}}}"#);
            assert_eq!(
                read(&body).unwrap().tokens()[0].expires_at().as_seconds(),
                expires_at,
                "{expires_in}"
            );
        }
    }
}
