//! The text that stands in place of a token: `globus-sealed:1:<id of the key>:<base64url of nonce, ciphertext and tag>`.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use globus_auth_core::Secret;
use zeroize::Zeroizing;

use super::{EncryptionKey, EncryptionKeys};
use crate::{StorageError, StorageErrorKind};

/// What every sealed text begins with, whatever its version. No token of Globus has a colon.
const MARK: &str = "globus-sealed:";
const VERSION: &str = "1";
const NONCE: usize = 24;
const TAG: usize = 16;

/// Why a text could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A version that a later release of this crate writes.
    NewerVersion,
    /// Sealed with the key that has this id.
    UnknownKey(String),
    /// Not as it was when it was sealed, or not where it was.
    Tampered,
}

/// Whether a text claims to be sealed.
pub(super) fn is_sealed(text: &str) -> bool {
    text.starts_with(MARK)
}

/// Whether a text was sealed with this key, as far as it says itself.
pub(super) fn names(text: &str, key: &EncryptionKey) -> bool {
    matches!(parts(text), Ok((id, _)) if id == key.id())
}

/// Seals `plain` with a nonce of its own, so that no two sealed texts are alike. It opens only together with `binding`.
///
/// 192 random bits do not repeat, however many tokens are sealed with one key.
pub(super) fn seal(key: &EncryptionKey, plain: &str, binding: &[u8]) -> Result<Secret, StorageError> {
    let mut nonce = [0; NONCE];
    fill_with_chance(&mut nonce)?;
    seal_with(key, &nonce, plain, binding)
}

/// What was sealed.
pub(super) fn open(keys: &EncryptionKeys, sealed: &str, binding: &[u8]) -> Result<Secret, Refusal> {
    let (id, payload) = parts(sealed)?;
    let key = keys.find(id).ok_or_else(|| Refusal::UnknownKey(readable(id)))?;
    let mut bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload).map_err(|_| Refusal::Tampered)?);
    let (nonce, rest) = bytes.split_first_chunk_mut::<NONCE>().ok_or(Refusal::Tampered)?;
    let (text, tag) = rest.split_last_chunk_mut::<TAG>().ok_or(Refusal::Tampered)?;
    cipher(key)
        .decrypt_inout_detached(&XNonce::from(*nonce), binding, (&mut *text).into(), &Tag::from(*tag))
        .map_err(|_| Refusal::Tampered)?;
    str::from_utf8(text).map(Secret::from).map_err(|_| Refusal::Tampered)
}

/// Half of the tag of an empty message under a nonce that chance does not bring, as banks tell their keys apart: what the
/// cipher makes of its key says nothing about the key.
pub(super) fn id_of(key: &[u8; 32]) -> String {
    let cipher = XChaCha20Poly1305::new(key.into());
    let tag = cipher.encrypt_inout_detached(
        &XNonce::from([0; NONCE]),
        b"globus-sealed key id",
        (&mut [][..]).into(),
    );
    // Only a message of 256 GB is refused.
    let tag = tag.unwrap_or_default();
    tag.iter().take(8).fold(String::with_capacity(16), |mut id, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

/// Random numbers of the operating system.
pub(super) fn fill_with_chance(bytes: &mut [u8]) -> Result<(), StorageError> {
    getrandom::fill(bytes).map_err(|err| {
        StorageError::new(
            StorageErrorKind::Other,
            "cannot encrypt: the operating system gives no random numbers; see the cause",
        )
        .with_source(err)
    })
}

fn seal_with(
    key: &EncryptionKey,
    nonce: &[u8; NONCE],
    plain: &str,
    binding: &[u8],
) -> Result<Secret, StorageError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(NONCE + plain.len() + TAG));
    bytes.extend_from_slice(nonce);
    bytes.extend_from_slice(plain.as_bytes());
    let tag = cipher(key)
        .encrypt_inout_detached(&XNonce::from(*nonce), binding, (&mut bytes[NONCE..]).into())
        .map_err(|_| StorageError::new(StorageErrorKind::Other, "cannot encrypt a token of 256 GB"))?;
    bytes.extend_from_slice(&tag);
    Ok(Secret::from(format!("{MARK}{VERSION}:{}:{}", key.id(), URL_SAFE_NO_PAD.encode(&*bytes))))
}

/// The id of the key and the payload.
fn parts(sealed: &str) -> Result<(&str, &str), Refusal> {
    let (version, rest) =
        sealed.strip_prefix(MARK).and_then(|rest| rest.split_once(':')).ok_or(Refusal::Tampered)?;
    if version != VERSION {
        let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if is_number { Refusal::NewerVersion } else { Refusal::Tampered });
    }
    rest.split_once(':').ok_or(Refusal::Tampered)
}

/// An id as an error may show it. It is what somebody wrote there.
fn readable(id: &str) -> String {
    let is_id = id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { id.to_owned() } else { "of a strange form".to_owned() }
}

fn cipher(key: &EncryptionKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.bytes().into())
}
