//! The compact form of a signed token (RFC 7515, section 3.1), taken apart.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::IdTokenError;

/// Far more than any ID token: one with a hundred linked identities has some 30 KiB.
const MAX_TOKEN: usize = 64 * 1024;

pub(super) struct SignedToken<'a> {
    pub(super) header: Header,
    /// What the signature is about.
    pub(super) signed: &'a [u8],
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
    crit: Option<IgnoredAny>,
}

impl<'a> SignedToken<'a> {
    pub(super) fn read(token: &'a str) -> Result<Self, IdTokenError> {
        if token.len() > MAX_TOKEN {
            return Err(IdTokenError::malformed("it is too long"));
        }
        let parts = token.rsplit_once('.').and_then(|(signed, signature)| {
            let (header, payload) = signed.split_once('.')?;
            (!payload.contains('.')).then_some((header, payload, signed, signature))
        });
        let Some((header, payload, signed, signature)) = parts else {
            return Err(IdTokenError::malformed("it does not have three parts"));
        };
        let header: Header = serde_json::from_slice(&decode(header)?)
            .map_err(|_| IdTokenError::malformed("its header cannot be read"))?;
        if header.crit.is_some() {
            // RFC 7515, section 4.1.11: what is critical and not understood makes a token invalid.
            return Err(IdTokenError::malformed("its header demands an extension"));
        }
        Ok(Self {
            header,
            signed: signed.as_bytes(),
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }
}

pub(super) fn decode(part: &str) -> Result<Vec<u8>, IdTokenError> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| IdTokenError::malformed("a part of it is not base64url"))
}
