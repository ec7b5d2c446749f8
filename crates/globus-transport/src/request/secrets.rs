//! [`Secrets`]: what a request carries and no message may repeat.

use std::borrow::Cow;

use bytes::Bytes;
use globus_auth_core::Secret;
use globus_authorizers::AuthorizationHeader;
use serde_json::{Map, Value};

use super::{Body, HttpRequest};

/// The secrets of a request. A service, or what answers in its place, may quote them when it complains.
#[derive(Debug, Default)]
pub(crate) struct Secrets(Vec<Secret>);

/// Form fields that may be shown. What is not known here is taken for a secret.
const PUBLIC_FIELDS: [&str; 8] = [
    "access_type",
    "client_id",
    "grant_type",
    "include",
    "redirect_uri",
    "response_type",
    "scope",
    "token_type_hint",
];

/// Anything shorter is no secret, and would be found in ordinary words.
const SHORTEST: usize = 4;

const HIDDEN: &str = "***";

impl Secrets {
    pub(crate) fn of(request: &HttpRequest, authorization: Option<&AuthorizationHeader>) -> Self {
        let mut secrets = Vec::new();
        secrets.extend(authorization.map(|header| after_scheme(header.value().expose())));
        for (name, value) in request.headers() {
            match name.to_ascii_lowercase().as_str() {
                "authorization" | "proxy-authorization" => secrets.push(after_scheme(value)),
                "cookie" => {
                    let values = value.split("; ").filter_map(|pair| Some(pair.split_once('=')?.1));
                    secrets.extend(values);
                }
                _ => {}
            }
        }
        if let Body::Form(fields) = request.body() {
            let hidden = fields.iter().filter(|(name, _)| !PUBLIC_FIELDS.contains(name));
            secrets.extend(hidden.map(|(_, value)| value.expose()));
        }
        secrets.retain(|secret| secret.len() >= SHORTEST);
        // One may begin with another: then the rest of it must not stay behind.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets.into_iter().map(Secret::from).collect())
    }

    /// `text` with `***` in place of each secret.
    pub(crate) fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.0 {
            if shown.contains(secret.expose()) {
                shown = Cow::Owned(shown.replace(secret.expose(), HIDDEN));
            }
        }
        shown
    }

    /// The same for a body, which need not be text as a whole.
    pub(crate) fn hide_in_body(&self, body: Bytes) -> Bytes {
        match std::str::from_utf8(&body).map(|text| self.hide(text)) {
            Ok(Cow::Owned(shown)) => shown.into(),
            Ok(Cow::Borrowed(_)) => body,
            Err(_) => self.0.iter().fold(body, |body, secret| {
                replaced(&body, secret.expose().as_bytes()).map_or(body, Bytes::from)
            }),
        }
    }

    /// The same for a document whose text may have hidden a secret behind escapes.
    pub(crate) fn hide_in_json(&self, document: &mut Value) {
        match document {
            Value::String(text) => {
                if let Cow::Owned(shown) = self.hide(text) {
                    *text = shown;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_in_json(item)),
            Value::Object(fields) => {
                if fields.keys().any(|name| matches!(self.hide(name), Cow::Owned(_))) {
                    let renamed = std::mem::take(fields).into_iter();
                    *fields = renamed
                        .map(|(name, value)| (self.hide(&name).into_owned(), value))
                        .collect::<Map<_, _>>();
                }
                fields.values_mut().for_each(|value| self.hide_in_json(value));
            }
            _ => {}
        }
    }
}

/// `bytes` with `***` in place of `secret`; nothing when it is not in there.
fn replaced(bytes: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let find = |bytes: &[u8]| bytes.windows(secret.len()).position(|window| window == secret);
    let mut next = Some(find(bytes)?);
    let (mut shown, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    while let Some(at) = next {
        shown.extend_from_slice(&rest[..at]);
        shown.extend_from_slice(HIDDEN.as_bytes());
        rest = &rest[at + secret.len()..];
        next = find(rest);
    }
    shown.extend_from_slice(rest);
    Some(shown)
}

/// `token` of `Bearer token`.
fn after_scheme(header: &str) -> &str {
    header.split_once(' ').map_or(header, |(_, credentials)| credentials)
}

#[cfg(test)]
mod tests {
    use globus_auth_core::FormFields;

    use super::*;
    use crate::{Method, Service};

    fn secrets() -> Secrets {
        let mut form = FormFields::default();
        form.push("grant_type", "refresh_token").push("refresh_token", "AgHidden").push("x", "1");
        let request = HttpRequest::new(Service::Auth, "x", Method::Post, "https://a/")
            .with_header("Cookie", "a=CookieHidden; b=c")
            .with_body(Body::Form(form));
        Secrets::of(&request, Some(&AuthorizationHeader::bearer(&"AgHiddenLonger".into())))
    }

    #[test]
    fn tokens_cookies_and_form_secrets_are_hidden_and_words_of_the_protocol_are_not() {
        for (text, shown) in [
            ("Bearer AgHiddenLonger is bad", "Bearer *** is bad"),
            ("AgHidden, AgHiddenLonger", "***, ***"),
            ("bad refresh_token, error 1", "bad refresh_token, error 1"),
            ("c: CookieHidden", "c: ***"),
        ] {
            assert_eq!(secrets().hide(text), shown);
        }
    }

    #[test]
    fn an_escaped_secret_is_hidden_in_texts_and_in_names() {
        let text = r#"{"\u0041gHidden": ["x AgHid\u0064en y", 7, {"a": "AgHidden"}], "b": null}"#;
        let mut document = serde_json::from_str(text).unwrap();
        secrets().hide_in_json(&mut document);
        assert_eq!(document.to_string(), r#"{"***":["x *** y",7,{"a":"***"}],"b":null}"#);
    }

    #[test]
    fn a_secret_is_hidden_among_bytes_that_are_no_text() {
        let body = Bytes::from_static(b"\xffAgHiddenAgHiddenLonger\xfe AgHid");
        assert_eq!(&secrets().hide_in_body(body)[..], b"\xff******\xfe AgHid");
    }

    #[test]
    fn without_a_secret_nothing_is_copied() {
        let body = Bytes::from_static(b"nothing to hide");
        assert_eq!(secrets().hide_in_body(body.clone()).as_ptr(), body.as_ptr());
        let no_text = Bytes::from_static(b"\xff\xfe");
        assert_eq!(secrets().hide_in_body(no_text.clone()), no_text);
    }
}
