//! [`IdTokenVerifier`]: whether an ID token is to be believed.

use std::fmt;
use std::time::Duration;

use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
};

use super::token::{SignedToken, decode};
use super::{
    IdTokenClaims, IdTokenError, IdTokenErrorKind as Kind, JsonWebKey, JsonWebKeySet, OpenIdConfiguration,
};
use crate::{Printable, Secret, UnixTime};

/// How an ID token may be signed (RFC 7518, section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdTokenAlgorithm {
    /// RSA with SHA-256.
    Rs256,
    /// RSA with SHA-512.
    Rs512,
}

impl IdTokenAlgorithm {
    const ALL: [Self; 2] = [Self::Rs256, Self::Rs512];

    /// The name by which tokens and keys refer to it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs512 => "RS512",
        }
    }

    fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        }
    }
}

/// Verifies ID tokens of one issuer for one client.
///
/// ```no_run
/// use globus_auth_core::id_token::{IdTokenVerifier, JsonWebKeySet, OpenIdConfiguration};
/// use globus_auth_core::{Clock, Secret, SystemClock};
///
/// # fn verify(configuration: &str, keys: &str, id_token: &Secret) -> Result<(), Box<dyn std::error::Error>> {
/// let configuration: OpenIdConfiguration = serde_json::from_str(configuration)?;
/// let keys: JsonWebKeySet = serde_json::from_str(keys)?;
/// let verifier = IdTokenVerifier::from_configuration(&configuration, "11111111-2222-4333-8444-555555555555", keys);
/// let claims = verifier.verify(id_token, SystemClock.now())?;
/// println!("{} logged in", claims.sub);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct IdTokenVerifier {
    issuer: String,
    audience: String,
    keys: JsonWebKeySet,
    algorithms: Vec<IdTokenAlgorithm>,
    leeway: Duration,
    nonce: Option<Secret>,
}

impl IdTokenVerifier {
    /// Accepts tokens that `issuer` signed with one of `keys` by RS256 or RS512, for the client `audience`, with clocks that
    /// differ by 300 s at most. Auth in production signs with RS512.
    pub fn new(issuer: impl Into<String>, audience: impl Into<String>, keys: JsonWebKeySet) -> Self {
        Self {
            issuer: issuer.into(),
            audience: audience.into(),
            keys,
            algorithms: IdTokenAlgorithm::ALL.to_vec(),
            leeway: Duration::from_secs(300),
            nonce: None,
        }
    }

    /// The same with the issuer of `configuration`, and of the known algorithms only those that it announces.
    pub fn from_configuration(
        configuration: &OpenIdConfiguration,
        audience: impl Into<String>,
        keys: JsonWebKeySet,
    ) -> Self {
        let announced = &configuration.id_token_signing_alg_values_supported;
        let known = IdTokenAlgorithm::ALL.into_iter();
        Self::new(&configuration.issuer, audience, keys)
            .with_algorithms(known.filter(|known| announced.iter().any(|name| name == known.name())))
    }

    /// Accepts these algorithms and no other.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: impl IntoIterator<Item = IdTokenAlgorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// By how much the clocks of issuer and verifier may differ, in whole seconds.
    #[must_use]
    pub fn with_leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Accepts only the token of the login that sent `nonce`.
    #[must_use]
    pub fn with_nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// What `token` says, if it is to be believed at the time `now`.
    ///
    /// # Errors
    /// [`IdTokenError`], whose [`kind`](IdTokenError::kind) says which check failed. The signature is checked before anything
    /// that the token says.
    pub fn verify(&self, token: &Secret, now: UnixTime) -> Result<IdTokenClaims, IdTokenError> {
        let token = SignedToken::read(token.expose())?;
        self.check_signature(&token)?;
        let claims: IdTokenClaims = serde_json::from_slice(&token.payload).map_err(|_| {
            IdTokenError::malformed("its claims cannot be read, or `iss`, `sub`, `aud` or `exp` is missing")
        })?;
        self.check_parties(&claims)?;
        self.check_times(&claims, now)?;
        let nonce = claims.nonce.as_deref().map(Secret::from);
        match &self.nonce {
            Some(expected) if nonce.as_ref() != Some(expected) => {
                Err(IdTokenError::new(Kind::WrongNonce, "it belongs to another login: its nonce differs"))
            }
            _ => Ok(claims),
        }
    }

    fn check_signature(&self, token: &SignedToken<'_>) -> Result<(), IdTokenError> {
        let name = token.header.alg.as_str();
        let Some(algorithm) = self.algorithms.iter().find(|algorithm| algorithm.name() == name) else {
            let accepted = self.algorithms.iter().map(|algorithm| algorithm.name()).collect::<Vec<_>>();
            let reason =
                format!("it is signed with {}, only [{}] is accepted", quoted(name), accepted.join(", "));
            return Err(IdTokenError::new(Kind::UnsupportedAlgorithm, reason));
        };
        let keys = self.keys_for(token.header.kid.as_deref(), algorithm.name())?;
        let is_signed = keys.iter().any(|key| {
            let number = |text: &Option<String>| text.as_deref().and_then(|text| decode(text).ok());
            number(&key.n).zip(number(&key.e)).is_some_and(|(n, e)| {
                let key = RsaPublicKeyComponents { n, e };
                key.verify(algorithm.parameters(), token.signed, &token.signature).is_ok()
            })
        });
        if is_signed { Ok(()) } else { Err(IdTokenError::new(Kind::BadSignature, "its signature is wrong")) }
    }

    /// The keys that `kid` names; without one, the only key.
    fn keys_for(&self, kid: Option<&str>, alg: &str) -> Result<Vec<&JsonWebKey>, IdTokenError> {
        let keys: Vec<&JsonWebKey> = self.keys.keys.iter().filter(|key| key.signs_with(alg)).collect();
        match kid {
            Some(kid) => {
                let named: Vec<_> = keys.into_iter().filter(|key| key.kid.as_deref() == Some(kid)).collect();
                if named.is_empty() {
                    let reason = format!("no {alg} key is called {}; fetch the keys again", quoted(kid));
                    return Err(IdTokenError::new(Kind::UnknownKey, reason));
                }
                Ok(named)
            }
            None if keys.len() == 1 => Ok(keys),
            None => {
                let reason =
                    format!("it names no key, and there are {} {alg} keys to choose from", keys.len());
                Err(IdTokenError::new(Kind::UnknownKey, reason))
            }
        }
    }

    fn check_parties(&self, claims: &IdTokenClaims) -> Result<(), IdTokenError> {
        if claims.iss != self.issuer {
            let reason = format!("it was issued by {}, not by {}", quoted(&claims.iss), self.issuer);
            return Err(IdTokenError::new(Kind::WrongIssuer, reason));
        }
        let is_for_us = claims.aud.contains(&self.audience);
        let is_by_us = claims.azp.as_ref().map_or(claims.aud.len() == 1, |azp| *azp == self.audience);
        if !is_for_us || !is_by_us {
            let reason = format!("it was issued for another client than {}", self.audience);
            return Err(IdTokenError::new(Kind::WrongAudience, reason));
        }
        Ok(())
    }

    fn check_times(&self, claims: &IdTokenClaims, now: UnixTime) -> Result<(), IdTokenError> {
        if now >= claims.exp.saturating_add(self.leeway) {
            let ago = now.saturating_since(claims.exp).as_secs();
            return Err(IdTokenError::new(Kind::Expired, format!("it expired {ago} s ago")));
        }
        let latest = now.saturating_add(self.leeway);
        if let Some(begin) = [claims.iat, claims.nbf].into_iter().flatten().find(|&begin| begin > latest) {
            let ahead = begin.saturating_since(now).as_secs();
            let reason = format!("it begins in {ahead} s; is this computer's clock right?");
            return Err(IdTokenError::new(Kind::NotYetValid, reason));
        }
        Ok(())
    }
}

impl fmt::Debug for IdTokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenVerifier")
            .field("issuer", &self.issuer)
            .field("audience", &self.audience)
            .field("algorithms", &self.algorithms)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}

/// A name from the token, harmless and short enough to print.
fn quoted(name: &str) -> String {
    format!("{:?}", Printable::new(name).at_most(60).to_string())
}
