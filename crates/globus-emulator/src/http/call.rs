//! A request as the handlers want to see it.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// Larger bodies are refused; a submission with 100 000 items has about 20 MB.
pub(crate) const MAX_BODY: usize = 64 * 1024 * 1024;

/// A request with its body read and its parameters decoded.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) headers: HeaderMap,
    /// As sent, percent-encoded.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = CallRejected;

    async fn from_request(request: Request, _: &S) -> Result<Self, CallRejected> {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| CallRejected)?;
        let query = pairs(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Self { headers: parts.headers, path: parts.uri.path().to_owned(), query, body })
    }
}

impl Call {
    /// The first value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// Every value of a query parameter.
    pub(crate) fn queries<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The values of a query parameter, repeated or joined by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        self.queries(name)
            .flat_map(|values| values.split(','))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// A query parameter that clients write as `1`, `true`, `True`, …
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.query(name)?.to_ascii_lowercase().as_str() {
            "1" | "true" | "yes" | "on" => Some(true),
            _ => Some(false),
        }
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> Form {
        Form(pairs(&self.body))
    }

    /// The body as a JSON object; an empty body is an empty object.
    pub(crate) fn object(&self) -> Option<serde_json::Map<String, Value>> {
        if self.body.is_empty() {
            return Some(serde_json::Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(object)) => Some(object),
            _ => None,
        }
    }

    fn authorization(&self, scheme: &str) -> Option<&str> {
        let header = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (given, rest) = header.split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
    }

    pub(crate) fn bearer(&self) -> Option<&str> {
        self.authorization("Bearer")
    }

    /// User and password of Basic authorization.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let decoded = STANDARD.decode(self.authorization("Basic")?).ok()?;
        let decoded = String::from_utf8(decoded).ok()?;
        let (user, password) = decoded.split_once(':')?;
        Some((user.to_owned(), password.to_owned()))
    }
}

/// A decoded form.
#[derive(Debug)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        first(&self.0, name)
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

/// The body did not arrive, or is too large.
#[derive(Debug)]
pub(crate) struct CallRejected;

impl IntoResponse for CallRejected {
    fn into_response(self) -> Response {
        super::text(StatusCode::BAD_REQUEST, "The request body could not be read.")
    }
}
