//! Keys in PEM, for other libraries.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::JsonWebKey;

/// `rsaEncryption` with its empty parameters (RFC 8017, appendix A.1), in DER.
const RSA_ENCRYPTION: &[u8] = &[0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
const INTEGER: u8 = 2;
const BIT_STRING: u8 = 3;
const SEQUENCE: u8 = 0x30;
/// Of characters (RFC 7468, section 2).
const LINE: usize = 64;

impl JsonWebKey {
    /// The key as `-----BEGIN PUBLIC KEY-----` (RFC 7468, section 13), which other libraries read. `None` when it is not an RSA
    /// key, or its numbers cannot be read.
    ///
    /// ```
    /// use globus_auth_core::id_token::JsonWebKey;
    ///
    /// let pem = JsonWebKey::rsa("key-1", "sXch", "AQAB").to_pem().unwrap();
    /// assert_eq!(pem, "-----BEGIN PUBLIC KEY-----\nMB8wDQYJKoZIhvcNAQEBBQADDgAwCwIEALF3IQIDAQAB\n-----END PUBLIC KEY-----\n");
    /// ```
    pub fn to_pem(&self) -> Option<String> {
        let number = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        let (n, e) = (number(&self.n)?, number(&self.e)?);
        if self.kty != "RSA" || n.is_empty() || e.is_empty() {
            return None;
        }
        let numbers = value(SEQUENCE, &[integer(&n), integer(&e)].concat());
        // No bit of the last byte is unused.
        let key = value(BIT_STRING, &[&[0], &*numbers].concat());
        let encoded = STANDARD.encode(value(SEQUENCE, &[RSA_ENCRYPTION, &*key].concat()));
        let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
        for (index, character) in encoded.chars().enumerate() {
            if index > 0 && index % LINE == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push_str("\n-----END PUBLIC KEY-----\n");
        Some(pem)
    }
}

/// A positive number: without zeros before it, but for one where it would else read as negative.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    let needs_zero = digits.first().is_none_or(|first| first & 0x80 != 0);
    let zero: &[u8] = if needs_zero { &[0] } else { &[] };
    value(INTEGER, &[zero, digits].concat())
}

/// A value of DER: its tag, its length, its content.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count();
    let digits = length.get(zeros..).unwrap_or_default();
    let mut der = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => der.push(short),
        // There are eight digits at most.
        _ => {
            der.push(0x80 | digits.len() as u8);
            der.extend(digits);
        }
    }
    der.extend(content);
    der
}
