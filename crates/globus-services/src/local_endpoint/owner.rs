//! [`GlobusConnectPersonalOwnerInfo`], and how it is written in the `gridmap` file.

use std::fmt;

use crate::model::IdentityId;

/// To whom a local Globus Connect Personal belongs. Its files name the owner in one of two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GlobusConnectPersonalOwnerInfo {
    /// By identity.
    Id(IdentityId),
    /// By username.
    Username(String),
}

/// How a line begins that names an owner.
const SUBJECT: &str = "\"/C=US/O=Globus Consortium/OU=Globus Connect User/CN=";

/// Where usernames without a domain come from.
const DOMAIN: &str = "globusid.org";

impl GlobusConnectPersonalOwnerInfo {
    /// The owner that the first line with one names; nothing when there is none, and `Err` when it cannot be read.
    pub(super) fn read(gridmap: &str) -> Result<Option<Self>, ()> {
        let Some(rest) = gridmap.lines().find_map(|line| line.strip_prefix(SUBJECT)) else { return Ok(None) };
        let (name, account) = rest.split_once('"').ok_or(())?;
        let account = account.strip_prefix(char::is_whitespace).ok_or(())?.trim();
        let quoted =
            |quote| account.strip_prefix(quote)?.strip_suffix(quote).filter(|name| !name.contains(quote));
        let is_one = account.split_whitespace().count() == 1 && !account.contains(['"', '\'']);
        if name.is_empty() || !(is_one || quoted('"').is_some() || quoted('\'').is_some()) {
            return Err(());
        }
        Ok(Some(match identity(name) {
            Some(id) => Self::Id(id),
            None => Self::Username(format!("{name}@{DOMAIN}")),
        }))
    }

    /// The identity, when the files name it.
    pub fn id(&self) -> Option<&IdentityId> {
        match self {
            Self::Id(id) => Some(id),
            Self::Username(_) => None,
        }
    }

    /// The username, when the files name it.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Username(username) => Some(username),
        }
    }
}

impl fmt::Display for GlobusConnectPersonalOwnerInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => fmt::Display::fmt(id, f),
            Self::Username(username) => f.pad(username),
        }
    }
}

/// An identity as `u_` and the 16 bytes of its UUID in base 32 (RFC 4648, section 6), in lower case and without padding.
fn identity(name: &str) -> Option<IdentityId> {
    let digits = name.strip_prefix("u_")?.as_bytes();
    if digits.len() != 26 {
        return None;
    }
    // 26 digits of 5 bits are 130: two more than the UUID has, at its end.
    let mut last = 0;
    let mut uuid = 0u128;
    for (index, digit) in digits.iter().enumerate() {
        let value = match digit {
            b'a'..=b'z' => digit - b'a',
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        if index < 25 {
            uuid = uuid << 5 | u128::from(value);
        } else {
            last = value;
        }
    }
    let uuid = uuid << 3 | u128::from(last >> 2);
    let hex = format!("{uuid:032x}");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    Some(parts.join("-").into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn owner(gridmap: &str) -> Result<Option<String>, ()> {
        GlobusConnectPersonalOwnerInfo::read(gridmap).map(|owner| owner.map(|owner| owner.to_string()))
    }

    fn line(name: &str) -> String {
        format!("{SUBJECT}{name}\" ada\n")
    }

    #[test]
    fn an_identity_is_read_from_base_32_and_anything_else_is_a_username() {
        let id = "u_vy2bvggsoqi6loei3oxdvc5fiu";
        assert_eq!(owner(&line(id)), Ok(Some("ae341a98-d274-11e5-b888-dbae3a8ba545".to_owned())));
        let digits = &id[2..];
        for name in [digits, &id[..27], &format!("{}/", &id[..27]), "u_", "u_åååååååååååååååååååååååååå"]
        {
            assert_eq!(owner(&line(name)), Ok(Some(format!("{name}@globusid.org"))), "{name}");
        }
    }

    #[test]
    fn the_first_line_with_an_owner_counts() {
        let gridmap = format!("# a remark\n\n\"/C=UK/CN=x\" x\n{}{}", line("ada"), line("bo"));
        assert_eq!(owner(&gridmap), Ok(Some("ada@globusid.org".to_owned())));
        for none in ["", "\n", "\"\" ada", "ada ada"] {
            assert_eq!(owner(none), Ok(None), "{none}");
        }
    }

    #[test]
    fn a_line_that_is_not_whole_is_told() {
        for rest in
            ["ada", "ada\"", "ada\" ", "ada\"ada", "ada\" ada ada", "\" ada", "ada\" \"a", "ada\" a'b"]
        {
            assert_eq!(owner(&format!("{SUBJECT}{rest}")), Err(()), "{rest}");
        }
        assert!(owner(&format!("{SUBJECT}ada\" \"Ada L\"")).is_ok_and(|owner| owner.is_some()));
    }

    fn base_32(uuid: u128) -> String {
        let digit =
            |at: u32| b"abcdefghijklmnopqrstuvwxyz234567"[(uuid >> (123 - 5 * at) & 31) as usize] as char;
        let last = b"abcdefghijklmnopqrstuvwxyz234567"[((uuid & 7) << 2) as usize] as char;
        (0..25).map(digit).chain([last]).collect()
    }

    proptest! {
        #[test]
        fn every_identity_is_found_again(uuid: u128) {
            let id = identity(&format!("u_{}", base_32(uuid))).unwrap();
            prop_assert_eq!(id.as_str().replace('-', ""), format!("{uuid:032x}"));
        }

        #[test]
        fn no_text_is_too_odd(text in "\\PC{0,40}", name in "(u_)?\\PC{0,28}") {
            let _ = owner(&text);
            let _ = owner(&format!("{SUBJECT}{text}"));
            let _ = owner(&line(&name));
        }
    }
}
