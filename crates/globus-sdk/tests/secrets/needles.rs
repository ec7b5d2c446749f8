//! Secrets in all their spellings.

use std::collections::HashSet;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// So many characters of a secret in a row are a leak: who cuts a secret off still tells it.
const WINDOW: usize = 12;

/// A text that tells a part of one of `secrets`, with what is around it.
pub(crate) fn leak(text: &str, secrets: &[String]) -> Option<String> {
    let forms: Vec<String> = secrets.iter().flat_map(|secret| spellings(secret)).collect();
    let parts: HashSet<&[u8]> = forms.iter().flat_map(|form| form.as_bytes().windows(WINDOW)).collect();
    let at = text.as_bytes().windows(WINDOW).position(|part| parts.contains(part))?;
    let around = at.saturating_sub(120)..(at + 80).min(text.len());
    Some(String::from_utf8_lossy(&text.as_bytes()[around]).into_owned())
}

fn spellings(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    let (mut percent, mut hex) = (String::new(), String::new());
    for byte in secret.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            percent.push(char::from(byte));
        } else {
            let _ = write!(percent, "%{byte:02X}");
        }
        let _ = write!(hex, "{byte:02x}");
    }
    forms.extend([percent, hex.to_ascii_uppercase(), hex]);
    // As JSON may have it, and as bytes are shown.
    forms.push(secret.replace('/', "\\/"));
    forms.push(secret.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", "));
    // In Base64 it depends on what stands before: there are three ways to begin.
    for before in 0..3 {
        let padded: Vec<u8> = std::iter::repeat_n(b' ', before).chain(secret.bytes()).collect();
        for encoded in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
            forms.push(encoded[4..encoded.len() - 4].to_owned());
        }
    }
    forms
}

#[test]
fn every_spelling_of_a_secret_is_found_and_other_text_is_not() {
    let secret = "AgSecret/Secret+Secret=123".to_owned();
    let basic = STANDARD.encode(format!("someone:{secret}"));
    for text in [
        "x AgSecret/Secr y".to_owned(),
        format!("Basic {basic}"),
        "token=AgSecret%2FSecret%2BSec".to_owned(),
        r#"{"a": "AgSecret\/Secret"}"#.to_owned(),
        format!("{:?}", secret.as_bytes()),
        "416753656372".to_owned(),
    ] {
        assert!(leak(&text, std::slice::from_ref(&secret)).is_some(), "{text}");
    }
    assert_eq!(leak("AgSecret is a secret, Secret(1a2b3c4d)", &[secret]), None);
}
