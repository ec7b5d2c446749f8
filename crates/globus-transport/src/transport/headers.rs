//! The headers of a request.

use globus_authorizers::AuthorizationHeader;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue,
    PROXY_AUTHORIZATION, USER_AGENT,
};

use crate::request::secret_bytes;
use crate::{Body, Error, ErrorKind, HttpRequest};

/// What every request of a transport says.
#[derive(Clone, Debug, Default)]
pub(super) struct FixedHeaders {
    pub(super) app_name: Option<String>,
    pub(super) products: Vec<(String, String)>,
    user_agent: Option<HeaderValue>,
    client_info: Option<HeaderValue>,
}

const CLIENT_INFO: HeaderName = HeaderName::from_static("x-globus-client-info");
const SDK: &str = concat!("globus-sdk-rust/", env!("CARGO_PKG_VERSION"));
const PRODUCT: &str = concat!("product=rust-sdk,version=", env!("CARGO_PKG_VERSION"));

impl FixedHeaders {
    /// Writes the values once.
    pub(super) fn prepare(mut self) -> Result<Self, Error> {
        // Constants, where nothing is added: their clones count nothing that threads would contend for.
        self.user_agent = Some(match &self.app_name {
            None => HeaderValue::from_static(SDK),
            Some(name) => value(&format!("{SDK}/{name}"), "the application's name")?,
        });
        if self.products.is_empty() {
            self.client_info = Some(HeaderValue::from_static(PRODUCT));
            return Ok(self);
        }
        let mut client_info = PRODUCT.to_owned();
        for (product, version) in &self.products {
            if [product, version].iter().any(|text| text.contains([';', ',', '='])) {
                return Err(Error::new(
                    ErrorKind::Usage,
                    format!("the client info {product:?} {version:?} must not contain `;`, `,` or `=`"),
                ));
            }
            client_info.push_str(&format!(";product={product},version={version}"));
        }
        self.client_info = Some(value(&client_info, "the client info")?);
        Ok(self)
    }

    /// The headers of `request` but for `Authorization`.
    pub(super) fn write(&self, request: &HttpRequest, headers: &mut HeaderMap) -> Result<(), Error> {
        // Room for these, for Authorization, and for the host, which the HTTP stack adds. Six are the usual number, and the most
        // that a small table holds; a larger one costs each call twice as much.
        let of_body = if matches!(request.body(), Body::None) { 0 } else { 2 };
        headers.reserve(6 + of_body + request.headers().count());
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(user_agent) = &self.user_agent {
            headers.insert(USER_AGENT, user_agent.clone());
        }
        if let Some(client_info) = self.client_info.as_ref().filter(|_| request.sends_client_info()) {
            headers.insert(CLIENT_INFO, client_info.clone());
        }
        if let Some(content_type) = request.body().content_type() {
            headers.insert(CONTENT_TYPE, content_type);
        }
        for (name, text) in request.headers() {
            let name_read = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                Error::new(ErrorKind::Usage, format!("{name:?} cannot be the name of a header"))
            })?;
            let mut value = value(text, name)?;
            value.set_sensitive(name_read == AUTHORIZATION || name_read == COOKIE);
            headers.insert(name_read, value);
        }
        Ok(())
    }
}

/// Whether the caller gave credentials in a header.
pub(super) fn has_credentials(headers: &HeaderMap) -> bool {
    [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION].iter().any(|name| headers.contains_key(name))
}

/// Sets the authorizer's header, without a copy of the token.
pub(super) fn authorize(headers: &mut HeaderMap, header: &AuthorizationHeader) -> Result<(), Error> {
    let mut value = HeaderValue::from_maybe_shared(secret_bytes(header.value().clone())).map_err(|_| {
        Error::new(ErrorKind::Authorization, "the token has characters that cannot stand in a header")
    })?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(())
}

/// Leaves only what may go to another origin: nothing that the caller or the authorizer gave, but for the content's type.
pub(super) fn for_another_origin(headers: &mut HeaderMap) {
    const HARMLESS: [HeaderName; 4] = [ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, USER_AGENT];
    let strangers: Vec<HeaderName> =
        headers.keys().filter(|name| !HARMLESS.contains(name)).cloned().collect();
    for name in strangers {
        headers.remove(name);
    }
}

fn value(text: &str, what: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|_| {
        Error::new(ErrorKind::Usage, format!("{what} has characters that cannot stand in a header"))
    })
}
