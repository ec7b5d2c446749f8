//! What Auth publishes about itself: [`OpenIdConfiguration`] and [`JsonWebKeySet`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The document at `.well-known/openid-configuration` (OpenID Connect Discovery, section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OpenIdConfiguration {
    /// Who issues the tokens; their claim `iss`.
    pub issuer: String,
    /// Where the keys are, as a whole URL.
    pub jwks_uri: String,
    /// How ID tokens are signed. Auth in production announces `RS512` alone.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// Where users log in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_endpoint: Option<String>,
    /// Where grants are traded for tokens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<String>,
    /// Where tokens are revoked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// Where the user is described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A set of public keys (RFC 7517, section 5).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonWebKeySet {
    /// The keys; also those of kinds that are of no use here.
    pub keys: Vec<JsonWebKey>,
}

impl JsonWebKeySet {
    /// A set of `keys`.
    pub fn new(keys: impl IntoIterator<Item = JsonWebKey>) -> Self {
        Self { keys: keys.into_iter().collect() }
    }
}

/// A public key (RFC 7517, section 4). Only RSA keys have the numbers `n` and `e`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JsonWebKey {
    /// The kind of the key, such as `RSA`.
    pub kty: String,
    /// The name of the key, by which a token refers to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// What the key is for: `sig` for signatures.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub key_use: Option<String>,
    /// The only algorithm that the key is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// The modulus, in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<String>,
    /// The exponent, in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e: Option<String>,
    /// All other fields.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl JsonWebKey {
    /// An RSA key for signatures with the modulus `n` and the exponent `e`, both in base64url.
    pub fn rsa(kid: impl Into<String>, n: impl Into<String>, e: impl Into<String>) -> Self {
        Self {
            kty: "RSA".to_owned(),
            kid: Some(kid.into()),
            key_use: Some("sig".to_owned()),
            n: Some(n.into()),
            e: Some(e.into()),
            ..Self::default()
        }
    }

    /// Whether it may have made a signature by the algorithm `alg`.
    pub(super) fn signs_with(&self, alg: &str) -> bool {
        self.kty == "RSA"
            && self.key_use.as_deref().is_none_or(|key_use| key_use == "sig")
            && self.alg.as_deref().is_none_or(|only| only == alg)
    }
}
