//! PKCE (RFC 7636): the code is worth nothing without the verifier, which never leaves the program before the exchange.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use super::{LoginError, LoginErrorKind};
use crate::Secret;

/// The challenge for a verifier by the method `S256`.
pub(super) fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.expose().as_bytes()))
}

/// Whether a verifier follows RFC 7636, section 4.1.
pub(super) fn check_verifier(verifier: &Secret) -> Result<(), LoginError> {
    let text = verifier.expose().as_bytes();
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    if (43..=128).contains(&text.len()) && text.iter().all(allowed) {
        return Ok(());
    }
    Err(LoginError::new(
        LoginErrorKind::InvalidFlow,
        "the code verifier is not valid: it has 43 to 128 letters, digits, or `-._~` (RFC 7636, section 4.1)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_that_of_rfc_7636_appendix_b() {
        let verifier = Secret::from("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_verifier_is_held_to_length_and_alphabet() {
        for (verifier, good) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("Z9-._~".repeat(20), true),
            ("a".repeat(128), true),
            ("a".repeat(129), false),
            ("a".repeat(43) + "+", false),
            ("ä".repeat(43), false),
            (String::new(), false),
        ] {
            let checked = check_verifier(&Secret::from(verifier.as_str()));
            assert_eq!(checked.is_ok(), good, "{verifier}");
            if let Err(err) = checked {
                assert!(verifier.is_empty() || !err.to_string().contains(&verifier));
            }
        }
    }
}
