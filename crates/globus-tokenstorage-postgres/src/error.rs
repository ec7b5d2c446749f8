//! What a failure of the server, or of the way to it, means for the caller.

use std::{error, io};

use globus_tokenstorage::{StorageError, StorageErrorKind};
use rustls::{CertificateError, Error as TlsError};
use tokio_postgres::Error as ServerError;
use tokio_postgres::error::{DbError, SqlState};

/// What was being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doing {
    Reading,
    Writing,
    Locking,
}

impl Doing {
    fn words(self) -> &'static str {
        match self {
            Self::Reading => "read the tokens in",
            Self::Writing => "change the tokens in",
            Self::Locking => "take a lock in",
        }
    }

    /// What it means when this cannot be done, and waiting does not help.
    pub(crate) fn kind(self) -> StorageErrorKind {
        match self {
            Self::Reading | Self::Locking => StorageErrorKind::Unreadable,
            Self::Writing => StorageErrorKind::Unwritable,
        }
    }
}

/// Where, for errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) place: &'a str,
    pub(crate) doing: Doing,
}

impl Context<'_> {
    pub(crate) fn error(self, kind: StorageErrorKind, why: &str) -> StorageError {
        StorageError::new(kind, format!("cannot {} {}: {why}", self.doing.words(), self.place))
    }

    pub(crate) fn because(self, err: ServerError) -> StorageError {
        let (kind, why) = self.meaning(&err);
        let error = self.error(kind, &why);
        let said = err.to_string();
        match err.into_source().map(|source| source.downcast::<DbError>()) {
            // Its detail may quote a row.
            Some(Ok(reported)) => error.with_source(Cause::new(format!(
                "{} (SQLSTATE {})",
                reported.message(),
                reported.code().code()
            ))),
            Some(Err(source)) => error.with_source(Cause::of(source)),
            None => error.with_source(Cause::new(said)),
        }
    }

    fn meaning(self, err: &ServerError) -> (StorageErrorKind, String) {
        if let Some(reported) = err.as_db_error() {
            let (kind, why) = self.reported(reported.code());
            return (kind, why.to_owned());
        }
        if let Some((kind, why)) = network(error::Error::source(err)) {
            return (kind, why);
        }
        // The library tells its other failures apart in words only.
        let said = err.to_string();
        if said.contains("TLS") {
            let why = "no secure connection could be made; give the server a certificate, or see the cause";
            return (self.doing.kind(), why.to_owned());
        }
        if said.contains("authentication") || said.contains("configuration") {
            return (self.doing.kind(), "it asks for another way of logging in; see the cause".to_owned());
        }
        if said.contains("serializing parameter") || said.contains("encoding message") {
            return (self.doing.kind(), "a text is not one that it can keep; see the cause".to_owned());
        }
        (StorageErrorKind::Unavailable, "the connection broke off; try again".to_owned())
    }

    fn reported(self, code: &SqlState) -> (StorageErrorKind, &'static str) {
        use StorageErrorKind::{Corrupt, Other, Unavailable, Unwritable};

        let kind = self.doing.kind();
        let code = code.code();
        match code {
            "28P01" | "28000" => {
                (kind, "it refuses this user, or the password; see the URL, and the server's pg_hba.conf")
            }
            "3D000" => (kind, "there is no such database; create it, or see the URL"),
            "42501" => (kind, "this user may not; the README says which rights it needs"),
            "42P01" | "3F000" => (kind, "the tables are gone; start the program again to create them"),
            "42703" | "42804" | "42P07" => {
                (Corrupt, "its tables are not those of this program; use another schema or database")
            }
            "25006" => {
                (Unwritable, "it takes no writes, as a standby does; see `target_session_attrs` of the URL")
            }
            "53100" => (Unwritable, "its disk is full; free some space"),
            "53300" => (Unavailable, "it has no connection free; try again, or raise its `max_connections`"),
            "54000" => (kind, "a name is too long for its index"),
            "55P03" | "57014" => (Unavailable, "somebody keeps the table locked; try again"),
            "40001" | "40P01" => (Unavailable, "it gave up between two changes at one time; try again"),
            _ => match &code[..code.len().min(2)] {
                "08" | "53" | "57" | "58" => (Unavailable, "it is not there for the moment; try again"),
                "22" | "23" => (kind, "a text is not one that it can keep; see the cause"),
                _ => (Other, "it reports a failure; see the cause"),
            },
        }
    }
}

/// Whether the same statement, which changes nothing if it has taken effect already, is worth another attempt.
pub(crate) fn may_be_repeated(err: &ServerError) -> bool {
    match err.code().map(SqlState::code) {
        Some(code) => code.starts_with("57P") || code.starts_with("08") || code == "40001" || code == "40P01",
        None => is_lost(err),
    }
}

/// Whether the connection is of no use any more.
pub(crate) fn is_lost(err: &ServerError) -> bool {
    err.is_closed()
        || error::Error::source(err).is_some_and(|source| source.is::<io::Error>())
        || err.code().is_some_and(|code| code.code().starts_with("57P"))
}

fn network(source: Option<&(dyn error::Error + 'static)>) -> Option<(StorageErrorKind, String)> {
    let err = source?.downcast_ref::<io::Error>()?;
    if let Some(err) = err.get_ref().and_then(|err| err.downcast_ref::<TlsError>()) {
        return Some((StorageErrorKind::Unreadable, tls(err).to_owned()));
    }
    let why = match err.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there; see whether the server runs, and the URL",
        io::ErrorKind::NotFound => "there is no such socket; see whether the server runs, and the URL",
        io::ErrorKind::TimedOut => {
            "it does not answer in time; see whether the server runs, and the way to it"
        }
        io::ErrorKind::PermissionDenied => {
            return Some((StorageErrorKind::Unreadable, "this user may not use the socket".into()));
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            "there is no way to this host; see the network"
        }
        // How the failure of a look-up reads, which has no kind of its own.
        _ if err.to_string().contains("lookup") => {
            "its name cannot be looked up; see the URL, and the network"
        }
        _ => "the connection broke off; try again",
    };
    Some((StorageErrorKind::Unavailable, why.to_owned()))
}

fn tls(err: &TlsError) -> &'static str {
    match err {
        TlsError::InvalidCertificate(why) => match why {
            CertificateError::UnknownIssuer => {
                "its certificate is not trusted, its issuer is unknown here; give the issuer with `sslrootcert=<file>`"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "its certificate was issued for another name; use that name in the URL"
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "its certificate has expired"
            }
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                "its certificate is not valid yet; check the clock of this machine"
            }
            _ => "its certificate is not trusted; see the cause",
        },
        _ => "no secure connection could be made; see the cause",
    }
}

/// What the layer below said.
#[derive(Debug)]
pub(crate) struct Cause {
    said: String,
    source: Option<Box<dyn error::Error + Send + Sync>>,
}

impl Cause {
    fn new(said: String) -> Self {
        Self { said, source: None }
    }

    pub(crate) fn of(source: Box<dyn error::Error + Send + Sync>) -> Self {
        Self { said: source.to_string(), source: Some(source) }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.said)
    }
}

impl error::Error for Cause {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        // `source` itself is said above.
        self.source.as_ref().and_then(|source| source.source())
    }
}
