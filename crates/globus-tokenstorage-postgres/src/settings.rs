//! [`Settings`]: what was decided before the first connection.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use globus_tokenstorage::StorageError;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::url::wrong;

/// Whose certificates are believed.
#[derive(Clone, Debug)]
pub(crate) enum Roots {
    Platform,
    File(PathBuf),
    Pem(Vec<u8>),
}

/// When TLS is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    Never,
    /// Without, when the server has none; on this machine also when its certificate is not trusted.
    IfOffered {
        on_this_machine: bool,
    },
    Always,
}

/// How many, and how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) wait: Duration,
    pub(crate) operation: Duration,
    pub(crate) lock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let ten_seconds = Duration::from_secs(10);
        Self { connections: 8, wait: ten_seconds, operation: ten_seconds, lock: Duration::from_secs(60) }
    }
}

pub(crate) struct Settings {
    /// With the password.
    pub(crate) config: Config,
    pub(crate) tls: Tls,
    pub(crate) roots: Roots,
    pub(crate) limits: Limits,
    /// The name of the database in errors.
    pub(crate) place: String,
}

impl Settings {
    pub(crate) fn new(
        mut config: Config,
        roots: Roots,
        plaintext_allowed: bool,
        limits: Limits,
    ) -> Result<Self, StorageError> {
        let hosts = config.get_hosts();
        if hosts.is_empty() && config.get_hostaddrs().is_empty() {
            return Err(wrong("it names no host"));
        }
        if !hosts.iter().all(is_plausible) {
            return Err(wrong(
                "its host is no name of a host; characters such as `/` in a password are to be written as `%2F`",
            ));
        }
        let tls = tls(&config, plaintext_allowed)?;
        let place = place(&config);
        if config.get_application_name().is_none() {
            config.application_name("globus-sdk-rust");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(limits.operation);
        }
        // A server that vanishes without a word is noticed before anybody gives up waiting for it.
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(limits.operation);
        }
        config.keepalives_idle(config.get_keepalives_idle().min(Duration::from_secs(30)));
        Ok(Self { config, tls, roots, limits, place })
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("place", &self.place)
            .field("tls", &self.tls)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn tls(config: &Config, plaintext_allowed: bool) -> Result<Tls, StorageError> {
    let addresses = config.get_hostaddrs();
    let hosts = config.get_hosts();
    if addresses.is_empty() && hosts.iter().all(is_socket) {
        return Ok(Tls::Never);
    }
    let on_this_machine = if addresses.is_empty() {
        hosts.iter().all(is_this_machine)
    } else {
        addresses.iter().all(IpAddr::is_loopback)
    };
    match config.get_ssl_mode() {
        SslMode::Require => Ok(Tls::Always),
        SslMode::Disable if on_this_machine || plaintext_allowed => Ok(Tls::Never),
        SslMode::Disable => Err(wrong(
            "`sslmode=disable` would send the password readable over the network; leave it away, or call \
             `danger_allow_plaintext(true)`",
        )),
        _ if on_this_machine || plaintext_allowed => Ok(Tls::IfOffered { on_this_machine }),
        _ => Ok(Tls::Always),
    }
}

#[cfg(unix)]
fn is_socket(host: &Host) -> bool {
    matches!(host, Host::Unix(_))
}

#[cfg(not(unix))]
fn is_socket(_: &Host) -> bool {
    false
}

fn is_this_machine(host: &Host) -> bool {
    match host {
        Host::Tcp(name) if name.eq_ignore_ascii_case("localhost") => true,
        Host::Tcp(name) => name.parse().is_ok_and(|address: IpAddr| address.is_loopback()),
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// Part of a password that was not percent-encoded is not taken for a host: it would be shown.
fn is_plausible(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':' | '%'))
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

fn place(config: &Config) -> String {
    let ports = config.get_ports();
    let port = |index: usize| ports.get(index).or(ports.first()).copied().unwrap_or(5432);
    let hosts = config.get_hosts().iter().enumerate().map(|(index, host)| match host {
        Host::Tcp(name) => format!("{name}:{}", port(index)),
        #[cfg(unix)]
        Host::Unix(path) => format!("{}:{}", path.display(), port(index)),
    });
    let mut hosts: Vec<_> = hosts.collect();
    if hosts.is_empty() {
        hosts.extend(config.get_hostaddrs().iter().map(ToString::to_string));
    }
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("the database {} at {}", database.escape_debug(), hosts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url;

    fn settings(url: &str, plaintext_allowed: bool) -> Result<Settings, StorageError> {
        let url = url::parse(url)?;
        Settings::new(url.config, Roots::Platform, plaintext_allowed, Limits::default())
    }

    #[test]
    fn nothing_goes_over_a_network_readable_unless_that_was_asked_for_by_name() {
        let here = Tls::IfOffered { on_this_machine: true };
        let there = Tls::IfOffered { on_this_machine: false };
        for (url, usual, with_danger) in [
            ("postgres://u@db.example.org/d", Tls::Always, there),
            ("postgres://u@db.example.org/d?sslmode=prefer", Tls::Always, there),
            ("postgres://u@db.example.org/d?sslmode=require", Tls::Always, Tls::Always),
            ("postgres://u@localhost,db.example.org/d", Tls::Always, there),
            ("postgres://u@localhost/d?hostaddr=192.0.2.1", Tls::Always, there),
            ("postgres://u@localhost/d", here, here),
            ("postgres://u@[::1]/d?sslmode=disable", Tls::Never, Tls::Never),
            ("postgres://u@127.0.0.2/d?sslmode=verify-full", Tls::Always, Tls::Always),
            ("postgres://u@%2Frun%2Fpostgresql/d", Tls::Never, Tls::Never),
        ] {
            assert_eq!(settings(url, false).unwrap().tls, usual, "{url}");
            assert_eq!(settings(url, true).unwrap().tls, with_danger, "{url}");
        }
        let disabled = "postgres://u:hunter2@db.example.org/d?sslmode=disable";
        let err = settings(disabled, false).unwrap_err();
        assert!(err.to_string().contains("danger_allow_plaintext"), "{err}");
        assert_eq!(settings(disabled, true).unwrap().tls, Tls::Never);
    }

    #[test]
    fn the_place_is_named_without_user_and_password() {
        let settings = settings("postgres://alice:hunter2@db.example.org,other:5433/tokens", false).unwrap();
        assert_eq!(settings.place, "the database tokens at db.example.org:5432, other:5433");
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn a_url_without_a_host_or_with_an_odd_one_is_refused() {
        for url in ["postgres:///d", "postgres://u:hunter2#x", "postgres://u:p@ho st/d", "postgres://u:p@,/d"]
        {
            let Err(err) = settings(url, false) else { panic!("{url} is taken") };
            assert!(!err.to_string().contains("hunter2"), "{err}");
        }
    }
}
