//! [`IdTokenClaims`]: what a verified ID token says.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Number, Value};

use crate::UnixTime;

/// What an ID token says about a login (OpenID Connect Core, section 2, and the claims of Globus Auth).
///
/// Only [`IdTokenVerifier::verify`](super::IdTokenVerifier::verify) is a reason to believe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// Who issued it.
    pub iss: String,
    /// The id of the identity that logged in.
    pub sub: String,
    /// The clients for which it was issued.
    #[serde(deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// When its time is over.
    #[serde(deserialize_with = "time")]
    pub exp: UnixTime,
    /// When it was issued.
    #[serde(default, deserialize_with = "optional_time", skip_serializing_if = "Option::is_none")]
    pub iat: Option<UnixTime>,
    /// When its time begins, if that is said.
    #[serde(default, deserialize_with = "optional_time", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<UnixTime>,
    /// The client that asked for it, when there are several audiences.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// The nonce of the login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The hash of the access token that came with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The user's name; with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The user name of the identity, such as `someone@example.org`; with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// The user's organization; with the scope `profile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The user's email address; with the scope `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The id of the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_provider: Option<String>,
    /// The name of the identity provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_provider_display_name: Option<String>,
    /// All other claims, such as `identity_set`.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// RFC 7519, section 4.1.3: a text or a list of texts.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Audience {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Audience::deserialize(deserializer)? {
        Audience::One(one) => vec![one],
        Audience::Many(many) => many,
    })
}

/// RFC 7519, section 2, "NumericDate": seconds, which may have a fraction.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<UnixTime, D::Error> {
    Number::deserialize(deserializer).map(whole_seconds)
}

fn optional_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<UnixTime>, D::Error> {
    Ok(Option::<Number>::deserialize(deserializer)?.map(whole_seconds))
}

/// The conversion of a float saturates: an absurd time stays absurd.
fn whole_seconds(number: Number) -> UnixTime {
    let from_float = || number.as_f64().map_or(i64::MIN, |seconds| seconds.floor() as i64);
    UnixTime::from_seconds(number.as_i64().unwrap_or_else(from_float))
}
