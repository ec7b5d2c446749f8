//! [`AuthorizationHeader`]: the value of the `Authorization` header.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use globus_auth_core::Secret;

/// The value of an `Authorization` header. A clone shares the text; `Debug` shows a fingerprint.
///
/// ```
/// use globus_authorizers::AuthorizationHeader;
/// use globus_auth_core::Secret;
///
/// let header = AuthorizationHeader::bearer(&Secret::from("AgExample"));
/// assert_eq!(header.value().expose(), "Bearer AgExample");
/// assert!(!format!("{header:?}").contains("AgExample"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationHeader(Secret);

impl AuthorizationHeader {
    /// `Bearer …` (RFC 6750, section 2.1).
    pub fn bearer(access_token: &Secret) -> Self {
        let mut value = String::with_capacity("Bearer ".len() + access_token.expose().len());
        value.push_str("Bearer ");
        value.push_str(access_token.expose());
        Self(value.into())
    }

    /// `Basic …` (RFC 7617, section 2) over the UTF-8 bytes of `user:password`.
    pub fn basic(user: &str, password: &Secret) -> Self {
        let mut pair = String::with_capacity(user.len() + 1 + password.expose().len());
        pair.push_str(user);
        pair.push(':');
        pair.push_str(password.expose());
        let pair = Secret::from(pair);
        let mut value = String::with_capacity("Basic ".len() + pair.expose().len().div_ceil(3) * 4);
        value.push_str("Basic ");
        STANDARD.encode_string(pair.expose(), &mut value);
        Self(value.into())
    }

    /// The value, to be sent and never shown.
    pub fn value(&self) -> &Secret {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_base64_of_utf8() {
        let header = AuthorizationHeader::basic("Aladdin", &"open sesame".into());
        assert_eq!(header.value().expose(), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let header = AuthorizationHeader::basic("test", &"123\u{a3}".into());
        assert_eq!(header.value().expose(), "Basic dGVzdDoxMjPCow==");
    }

    #[test]
    fn debug_shows_neither_token_nor_password() {
        let bearer = AuthorizationHeader::bearer(&"AgHidden".into());
        let basic = AuthorizationHeader::basic("user", &"hidden".into());
        let shown = format!("{bearer:?} {basic:?}");
        assert!(!shown.contains("Hidden") && !shown.contains(basic.value().expose()), "{shown}");
    }
}
