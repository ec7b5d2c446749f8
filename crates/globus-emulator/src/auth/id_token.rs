//! ID tokens: who has logged in, signed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::issue::Wanted;
use super::state::AuthState;
use crate::app::App;
use crate::clock::Clock;

/// The claims of an ID token that do not depend on when it is signed.
#[derive(Debug)]
pub(crate) struct IdToken {
    claims: Value,
    lifetime_seconds: i64,
}

impl IdToken {
    pub(crate) fn new(
        auth: &AuthState,
        wanted: &Wanted,
        nonce: Option<String>,
        profile: bool,
        email: bool,
    ) -> Self {
        let mut claims = json!({ "sub": wanted.identity, "aud": wanted.client });
        if let Some(identity) = auth.identities.get(&wanted.identity) {
            if profile {
                claims["preferred_username"] = identity.username.as_str().into();
                claims["name"] = identity.name.clone().into();
                claims["organization"] = identity.organization.clone().into();
                claims["identity_provider"] = identity.provider().into();
                claims["identity_provider_display_name"] = identity.provider_name().into();
            }
            if email {
                claims["email"] = identity.email.clone().into();
            }
            if wanted.scopes.iter().any(|(scope, _)| scope == super::registry::IDENTITY_SET) {
                claims["identity_set"] = auth.linked_identities(&wanted.identity, wanted.session.as_deref());
            }
        }
        if let Some(logged_in) = auth.last_authentication(wanted.session.as_deref()) {
            claims["last_authentication"] = logged_in.into();
        }
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        Self { claims, lifetime_seconds: wanted.lifetime_seconds }
    }
}

/// Signs the token, to go along with the access token.
pub(crate) async fn sign(app: &App, token: &IdToken, access_token: Option<&str>) -> Option<String> {
    let mut claims = token.claims.clone();
    // It holds for programs that know of the emulator's clock, and for those that go by the wall clock.
    let (now, wall) = (app.clock.seconds(), Clock::wall_seconds());
    claims["iss"] = app.origin.as_str().into();
    claims["iat"] = now.min(wall).into();
    claims["exp"] = now.max(wall).saturating_add(token.lifetime_seconds).into();
    let digest = Sha256::digest(access_token.unwrap_or_default().as_bytes());
    claims["at_hash"] = URL_SAFE_NO_PAD.encode(&digest[..16]).into();
    let signed = app.key().await?.sign(&claims)?;
    app.note_secret(&signed);
    Some(signed)
}
