//! The one place where TLS is chosen and set up.
//!
//! A second implementation (the platform's own, say) is a sibling of `rustls` here and a feature in the manifest.

use reqwest::ClientBuilder;

use crate::settings::VerifySsl;
use crate::{Error, ErrorKind};

#[cfg(feature = "rustls")]
#[path = "rustls.rs"]
mod with_rustls;

/// What a transport needs to know for TLS.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "rustls"), expect(dead_code, reason = "read by implementations of TLS only"))]
pub(crate) struct TlsSettings {
    pub(crate) verify: VerifySsl,
    /// PEM texts.
    pub(crate) extra_roots: Vec<Vec<u8>>,
}

impl TlsSettings {
    /// Whether setting up TLS reads a file.
    pub(crate) const fn read_a_file(&self) -> bool {
        cfg!(feature = "rustls") && matches!(self.verify, VerifySsl::CaFile(_))
    }
}

/// TLS that is set up once and shared by every client of a transport.
#[derive(Clone)]
pub(crate) struct Tls {
    #[cfg(feature = "rustls")]
    config: rustls::ClientConfig,
}

impl Tls {
    /// Reads the certificates that the settings name, and blocks when they are in a file. Those of the platform are loaded when the first server shows its
    /// certificate, and never for plain HTTP.
    pub(crate) fn new(settings: &TlsSettings) -> Result<Self, Error> {
        #[cfg(feature = "rustls")]
        {
            Ok(Self { config: with_rustls::config(settings)? })
        }
        #[cfg(not(feature = "rustls"))]
        {
            // Not an error: the variables are set for every program of a user.
            let _ = settings;
            Ok(Self {})
        }
    }

    pub(crate) fn apply(&self, builder: ClientBuilder) -> ClientBuilder {
        #[cfg(feature = "rustls")]
        {
            builder.tls_backend_preconfigured(self.config.clone())
        }
        #[cfg(not(feature = "rustls"))]
        {
            builder
        }
    }
}

/// Builds an HTTP client. Without TLS of ours that may panic inside reqwest: when another crate of the program switched TLS on
/// there and installed no crypto provider.
pub(crate) fn without_panic<T>(build: impl FnOnce() -> T) -> Result<T, Error> {
    if cfg!(feature = "rustls") {
        return Ok(build());
    }
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(build)).map_err(|_| {
        Error::new(
            ErrorKind::Configuration,
            "the HTTP client cannot be set up: another crate of this program switched TLS on in reqwest, without a crypto \
             provider; enable the feature `rustls`, or install a provider first",
        )
    })
}

/// Whether `https` works at all in this build.
pub(crate) const fn require() -> Option<fn() -> Error> {
    if cfg!(feature = "rustls") { None } else { Some(unavailable) }
}

fn unavailable() -> Error {
    Error::new(
        ErrorKind::Configuration,
        "this program was built without TLS, so that only http:// on this machine works; enable the feature `rustls`",
    )
}

/// Why no secure connection could be made, when that is what failed.
pub(crate) fn failure_in_words(err: &reqwest::Error, host: &str) -> Option<String> {
    #[cfg(feature = "rustls")]
    {
        with_rustls::failure_in_words(err, host)
    }
    #[cfg(not(feature = "rustls"))]
    {
        let _ = (err, host);
        None
    }
}
