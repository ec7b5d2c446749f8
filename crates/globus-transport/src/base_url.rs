//! [`BaseUrl`]: the address of a service.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

use crate::{Error, ErrorKind};

/// The address under which the paths of a service lie. It is a valid `http` or `https` address that ends with a slash
/// and has no query, fragment, user name or password.
///
/// ```
/// use globus_transport::BaseUrl;
///
/// let base: BaseUrl = "https://example.org/prefix".parse()?;
/// assert_eq!(base.join("/v1/things%20here"), "https://example.org/prefix/v1/things%20here");
/// # Ok::<(), globus_transport::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Reads an address; a missing trailing slash is added, a path prefix is kept.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // A text with one of these may hold a password or a token, wherever the parser stumbled over it.
        let shown =
            if text.contains(['@', '?', '#']) { "what is given".to_owned() } else { format!("{text:?}") };
        let wrong = |why: &str| {
            Error::new(ErrorKind::Configuration, format!("{shown} cannot be the address of a service: {why}"))
        };
        let mut url = Url::parse(text.trim()).map_err(|err| wrong(&err.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("it must start with https:// (or http:// for a server on this machine)"));
        }
        if has_user_info(&url) {
            return Err(wrong("it must not hold a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it must not have a query or fragment"));
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url.into()))
    }

    /// For an address made of parts that are known to be fine.
    pub(crate) const fn trusted(text: String) -> Self {
        Self(text)
    }

    /// The address, with its trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of `path`, which is already percent-encoded and may have a query; a leading slash is optional and does
    /// not drop the prefix.
    pub fn join(&self, path: &str) -> String {
        let path = path.strip_prefix('/').unwrap_or(path);
        let mut url = String::with_capacity(self.0.len() + path.len());
        url.push_str(&self.0);
        url.push_str(path);
        url
    }

    /// Scheme, host and port, such as `https://transfer.api.globus.org`: how far credentials may go.
    pub fn origin(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |at| at + 3);
        let end = self.0[after_scheme..].find('/').map_or(self.0.len(), |at| after_scheme + at);
        &self.0[..end]
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Whether `url` holds a user name or password.
pub(crate) fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Whether `url` leads to this machine, by its text alone. Names below `localhost` are not meant: resolvers may ask the
/// network for them, whatever RFC 6761 says.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped).is_loopback(),
            None => address.is_loopback(),
        },
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether credentials for `one` may go to `other`.
pub(crate) fn same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_known_default() == other.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trailing_slash_is_optional_and_a_prefix_is_kept() {
        for (text, origin, joined) in [
            ("https://h.example.org", "https://h.example.org", "https://h.example.org/v1/x?a=b"),
            ("https://h.example.org/", "https://h.example.org", "https://h.example.org/v1/x?a=b"),
            ("http://[::1]:8080/pre/fix", "http://[::1]:8080", "http://[::1]:8080/pre/fix/v1/x?a=b"),
            ("HTTPS://H.Example.org:443/p/", "https://h.example.org", "https://h.example.org/p/v1/x?a=b"),
        ] {
            let base = BaseUrl::parse(text).unwrap();
            assert_eq!(base.origin(), origin);
            assert_eq!(base.join("/v1/x?a=b"), joined);
            assert_eq!(base.join("v1/x?a=b"), joined);
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused_in_words() {
        for (text, why) in [
            ("transfer.api.globus.org", "relative URL"),
            ("ftp://example.org/", "https://"),
            ("https://example.org/?a=b", "query"),
            ("", "relative URL"),
            ("https://", "empty host"),
        ] {
            let error = BaseUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn an_address_that_is_refused_is_not_quoted_when_it_may_hold_a_secret() {
        for text in [
            "https://me:hunter2@example.org/",
            "https://me:hunter2@exa mple.org/",
            "ftp://me:hunter2@example.org/",
            "https://me:hunter2@host:99999/",
            "https://me:hunter2@[::1",
            "me:hunter2@example.org",
            "https://example.org/?access_token=hunter2",
            "https://example.org/#hunter2",
        ] {
            let error = BaseUrl::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
            assert!(error.to_string().starts_with("what is given cannot be the address of a service: "));
        }
    }

    #[test]
    fn only_localhost_itself_and_loopback_addresses_are_this_machine() {
        let loopback = |text: &str| is_loopback(&Url::parse(text).unwrap());
        for text in [
            "http://localhost:1/",
            "http://LOCALHOST/",
            "http://127.3.2.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(loopback(text), "{text}");
        }
        for text in [
            "http://localhost./",
            "http://a.localhost/",
            "http://localhost.example.org/",
            "http://127.0.0.1.example.org/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
        ] {
            assert!(!loopback(text), "{text}");
        }
    }
}
