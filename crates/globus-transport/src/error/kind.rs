//! [`ErrorKind`]: what went wrong, and whether the request may have arrived.

/// What went wrong. Each kind says what is known about the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The service answered with an error: [`Error::api`](crate::Error::api) has it.
    Api,
    /// The name of the host has no address. Nothing was sent.
    HostNotFound,
    /// No connection could be made (refused, unreachable, a proxy in the way). Nothing was sent.
    Connect,
    /// No secure connection could be made, most often because the certificate is not trusted. Nothing was sent.
    Tls,
    /// Time ran out. The request may have been carried out, unless the message says that connecting timed out, or that no
    /// connection was free.
    Timeout,
    /// The connection broke off while the request was sent or answered. It may have been carried out.
    Network,
    /// The service redirected in a circle, to an unusable address, or to where the body must not go; or a request that
    /// must not be repeated was redirected to its result, and that could not be asked for. It may have been carried out.
    Redirect,
    /// The answer is larger than this transport accepts. The request was carried out.
    TooLarge,
    /// The service answered well, but with something that cannot be read as what was expected. The request was carried out.
    Decode,
    /// There are no usable tokens; only a login brings new ones. Nothing was sent.
    LoginRequired,
    /// The authorizer could not give a token to send. Nothing was sent.
    Authorization,
    /// A setting, a variable or a file it names cannot be used. Nothing was sent.
    Configuration,
    /// The library was called in a way that cannot work. Nothing was sent.
    Usage,
    /// Reading on in a paged result makes no progress.
    Paging,
}

impl ErrorKind {
    pub(crate) const fn is_transient(self) -> bool {
        matches!(self, Self::Connect | Self::Timeout | Self::Network)
    }
}
