//! Values that nobody can guess.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::{LoginError, LoginErrorKind};
use crate::Secret;

/// 32 random bytes as 43 characters that are safe in a URL.
pub(super) fn random_text() -> Result<Secret, LoginError> {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_| {
        LoginError::new(
            LoginErrorKind::NoRandomness,
            "the system gives no random numbers to protect a login with",
        )
    })?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}
