//! [`Settings`]: what the environment says about how requests are made.

use std::path::PathBuf;
use std::time::Duration;

use crate::{Error, ErrorKind, Variables};

/// How requests are made, as far as environment variables say it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// `GLOBUS_SDK_HTTP_TIMEOUT` in seconds: how long an attempt may stand still. 60 s when unset or empty, none for `-1`.
    pub http_timeout: Option<Duration>,
    /// `GLOBUS_SDK_VERIFY_SSL`: whose certificates are accepted.
    pub verify_ssl: VerifySsl,
}

/// Whose certificates are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifySsl {
    /// Those that lead to a root which the platform trusts.
    #[default]
    Platform,
    /// Those that lead to a root in this file (PEM), and no others. It is read before the first `https` request.
    CaFile(PathBuf),
    /// Everybody's. Anyone on the way can then read tokens and forge answers: only for a test server.
    DangerNone,
}

const TIMEOUT: &str = "GLOBUS_SDK_HTTP_TIMEOUT";
const VERIFY: &str = "GLOBUS_SDK_VERIFY_SSL";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

impl Settings {
    /// What the variables of this process say.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] that names the variable, its value and what it may be.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&Variables::process())
    }

    /// What `variables` say.
    ///
    /// # Errors
    /// As [`Settings::from_env`].
    pub fn from_variables(variables: &Variables) -> Result<Self, Error> {
        let given = |name| variables.get(name).filter(|value| !value.trim().is_empty());
        Ok(Self {
            http_timeout: match given(TIMEOUT) {
                Some(text) => timeout(&text)?,
                None => Some(DEFAULT_TIMEOUT),
            },
            verify_ssl: match given(VERIFY) {
                Some(text) => verify(&text),
                None => VerifySsl::default(),
            },
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self { http_timeout: Some(DEFAULT_TIMEOUT), verify_ssl: VerifySsl::default() }
    }
}

fn timeout(text: &str) -> Result<Option<Duration>, Error> {
    let wrong = || wrong(TIMEOUT, text, "a number of seconds above 0, or -1 for no timeout");
    let seconds: f64 = text.trim().parse().map_err(|_| wrong())?;
    if seconds == -1.0 {
        return Ok(None);
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) if !timeout.is_zero() => Ok(Some(timeout)),
        _ => Err(wrong()),
    }
}

/// What is no known word is taken for a path: whether a file is there is seen when it is needed.
fn verify(text: &str) -> VerifySsl {
    match text.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => VerifySsl::Platform,
        "n" | "no" | "f" | "false" | "off" | "0" => VerifySsl::DangerNone,
        _ => VerifySsl::CaFile(PathBuf::from(text)),
    }
}

fn wrong(variable: &str, value: &str, expected: &str) -> Error {
    Error::new(
        ErrorKind::Configuration,
        format!("{variable}={value:?} cannot be used: it must be {expected}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, value: &str) -> Result<Settings, Error> {
        Settings::from_variables(&Variables::from_pairs([(name, value)]))
    }

    #[test]
    fn the_timeout_is_a_number_of_seconds_or_none() {
        for (value, seconds) in
            [("", Some(60.0)), ("120", Some(120.0)), (" 0.5 ", Some(0.5)), ("-1", None), ("-1.0", None)]
        {
            assert_eq!(
                read(TIMEOUT, value).unwrap().http_timeout.map(|t| t.as_secs_f64()),
                seconds,
                "{value}"
            );
        }
        assert_eq!(
            Settings::from_variables(&Variables::from_pairs::<&str, &str>([])).unwrap(),
            Settings::default()
        );
        for value in ["abc", "0", "-5", "nan", "inf", "1e300"] {
            let error = read(TIMEOUT, value).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains(&format!("GLOBUS_SDK_HTTP_TIMEOUT={value:?}")), "{error}");
        }
    }

    #[test]
    fn verification_is_switched_by_every_spelling() {
        for value in ["y", "YES", "t", "True", "on", "1", ""] {
            assert_eq!(read(VERIFY, value).unwrap().verify_ssl, VerifySsl::Platform, "{value}");
        }
        for value in ["n", "No", "F", "false", "OFF", "0"] {
            assert_eq!(read(VERIFY, value).unwrap().verify_ssl, VerifySsl::DangerNone, "{value}");
        }
    }

    #[test]
    fn verification_may_name_a_file_which_is_not_looked_at() {
        for value in ["/etc/ssl/my ca.pem", "/no/such/file", "maybe"] {
            assert_eq!(read(VERIFY, value).unwrap().verify_ssl, VerifySsl::CaFile(value.into()));
        }
    }
}
