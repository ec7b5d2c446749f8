//! What a secret looks like in the tests of this workspace.

/// What every secret of the emulator has in its text.
const MARKER: &str = "EmulatorOnly";
/// What tests that make secrets up by hand call those that must not be seen.
const BY_HAND: &str = "Hidden";
/// Fields and headers that are followed by a secret where they are not cut off.
const NAMES: [&str; 9] = [
    "access_token=",
    "refresh_token=",
    "id_token=",
    "client_secret=",
    "code_verifier=",
    "assertion=",
    "bearer ",
    "basic ",
    "cookie: ",
];
/// A shorter value is no secret.
const SHORTEST: usize = 8;

/// A line for each place in `text` where a secret is.
pub(super) fn findings(text: &str) -> Vec<String> {
    let encoded: Vec<String> = [MARKER, BY_HAND].into_iter().flat_map(base64_anywhere).collect();
    let lines = text.lines().enumerate();
    lines.filter_map(|(index, line)| Some(format!("{}: {}", index + 1, fault(line, &encoded)?))).collect()
}

fn fault(line: &str, encoded: &[String]) -> Option<String> {
    if line.contains(MARKER) {
        return Some("a secret of the emulator".into());
    }
    if encoded.iter().any(|text| line.contains(text)) {
        return Some("a secret in Base64".into());
    }
    if words(line).any(is_token) {
        return Some("a token made up by a test".into());
    }
    if words(line).any(is_signed) {
        return Some("a signed token".into());
    }
    let lower = line.to_ascii_lowercase();
    let name = NAMES.into_iter().find(|name| {
        lower.match_indices(name).any(|(at, _)| {
            let value = words(&line[at + name.len()..]).next().unwrap_or_default();
            line[at + name.len()..].starts_with(value) && is_opaque(value)
        })
    })?;
    Some(format!("a value behind `{}`", name.trim_end()))
}

/// What is between characters that no token has.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_ascii_alphanumeric() || "-_.+/=".contains(c)))
}

/// `AgHidden`, `Ag1…`: tokens begin with `Ag`, words of the language do not go on with a capital or a digit.
fn is_token(word: &str) -> bool {
    let rest = word.strip_prefix("Ag").unwrap_or_default();
    rest.len() > 3 && rest.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// `eyJ…`: the header of a signed token (RFC 7515) in Base64.
fn is_signed(word: &str) -> bool {
    word.find("eyJ").is_some_and(|at| word.len() - at > 30)
}

/// Long, and not only a word of the language.
fn is_opaque(value: &str) -> bool {
    value.len() >= SHORTEST && value.contains(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// The part of the Base64 of anything with `text` in it that does not depend on what is around it, for each of the three places
/// where `text` can begin.
fn base64_anywhere(text: &str) -> Vec<String> {
    let encode = |before: usize| {
        let whole: Vec<u8> = std::iter::repeat_n(0, before).chain(text.bytes()).collect();
        let bits = whole
            .chunks_exact(3)
            .map(|group| group.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte)));
        let digits: String =
            bits.flat_map(|bits| [18, 12, 6, 0].map(|shift| digit((bits >> shift) & 63))).collect();
        // The first digits hold bits of what stands before.
        digits[(before * 8).div_ceil(6)..].to_owned()
    };
    (0..3).map(encode).collect()
}

fn digit(value: u32) -> char {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char::from(DIGITS[value as usize & 63])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_secret_is_found() {
        for planted in [
            "token AgEmulatorOnlyZZZ sent",
            "\"client_secret\": \"EmulatorOnlyab+/\"",
            "authorization: Basic aWQ6RW11bGF0b3JPbmx5",
            "x AGlkOkVtdWxhdG9yT25seQ y",
            "shown AgHidden1.",
            "id eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
            "POST /token?refresh_token=0a1b2c3d4e",
            "Authorization: Bearer abc123def456",
            "cookie: session=Xs3cretXX",
        ] {
            assert_eq!(findings(planted).len(), 1, "{planted}");
        }
    }

    #[test]
    fn ordinary_lines_are_left_alone() {
        for line in [
            "DEBUG globus_authorizers: renewing the access token grant_type=refresh_token",
            "User-Agent, Again, Against Ag",
            "token=Secret(1a2b3c4d) refresh_token=Some(Secret(1a2b3c4d))",
            "Authorization: Bearer *** was refused; a bearer token is short",
            "access_token=***, basic authentication",
            "the Base64 of eyJ is short",
        ] {
            assert_eq!(findings(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn the_marker_is_that_of_the_emulator() {
        let source = include_str!("../../../crates/globus-emulator/src/ids.rs");
        assert!(source.contains(&format!("MARKER: &str = \"{MARKER}\"")));
    }
}
