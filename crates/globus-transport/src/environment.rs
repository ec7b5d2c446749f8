//! [`Environment`]: which deployment of Globus is talked to.

use std::fmt;
use std::str::FromStr;

use crate::{BaseUrl, Error, ErrorKind, Service, Variables};

/// A deployment of Globus. Users want [`Environment::Production`], the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// What everybody uses.
    #[default]
    Production,
    /// The next release on the data of production.
    Preview,
    /// A place for trials, with accounts of its own.
    Sandbox,
    /// Used by the developers of the services.
    Integration,
    /// Used by the developers of the services.
    Test,
    /// Used by the developers of the services.
    Staging,
}

const VARIABLE: &str = "GLOBUS_SDK_ENVIRONMENT";

impl Environment {
    /// Every one of them.
    pub const ALL: &'static [Self] =
        &[Self::Production, Self::Preview, Self::Sandbox, Self::Integration, Self::Test, Self::Staging];

    /// The environment that `GLOBUS_SDK_ENVIRONMENT` names; production when it is unset or empty.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the name is unknown.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&Variables::process())
    }

    /// The same from given variables.
    ///
    /// # Errors
    /// As [`Environment::from_env`].
    pub fn from_variables(variables: &Variables) -> Result<Self, Error> {
        match variables.get(VARIABLE) {
            Some(name) if !name.trim().is_empty() => {
                name.parse().map_err(|err: Error| err.context(format!("{VARIABLE}={name:?}")))
            }
            _ => Ok(Self::default()),
        }
    }

    /// Its name as `GLOBUS_SDK_ENVIRONMENT` has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Preview => "preview",
            Self::Sandbox => "sandbox",
            Self::Integration => "integration",
            Self::Test => "test",
            Self::Staging => "staging",
        }
    }

    /// The address of `service` here, or what its variable (`GLOBUS_SDK_SERVICE_URL_TRANSFER`, …) says.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when the variable holds no address, [`ErrorKind::Usage`] for a service without a fixed
    /// address ([`Service::Gcs`], [`Service::Other`]).
    pub fn service_url(self, service: Service) -> Result<BaseUrl, Error> {
        self.service_url_in(service, &Variables::process())
    }

    /// The same with given variables.
    ///
    /// # Errors
    /// As [`Environment::service_url`].
    pub fn service_url_in(self, service: Service, variables: &Variables) -> Result<BaseUrl, Error> {
        let Some(variable) = service.url_variable() else {
            return Err(Error::new(
                ErrorKind::Usage,
                format!(
                    "{service} has no fixed address; build its client with the address of the endpoint or service"
                ),
            ));
        };
        match variables.get(variable) {
            Some(text) if !text.trim().is_empty() => {
                BaseUrl::parse(&text).map_err(|err| err.context(variable.to_owned()))
            }
            _ => Ok(BaseUrl::trusted(self.default_url(service))),
        }
    }

    fn default_url(self, service: Service) -> String {
        let (label, name) = (service.host_label(), self.name());
        match (service, self) {
            (Service::Auth, Self::Production) => "https://auth.globus.org/".to_owned(),
            (Service::Auth, Self::Preview) => "https://auth.preview.globus.org/".to_owned(),
            (Service::Auth, _) => format!("https://auth.{name}.globuscs.info/"),
            (Service::Flows | Service::Timers, Self::Production) => {
                format!("https://{label}.automate.globus.org/")
            }
            (Service::Flows | Service::Timers, _) => format!("https://{name}.{label}.automate.globus.org/"),
            (_, Self::Production) => format!("https://{label}.api.globus.org/"),
            (_, Self::Preview) => format!("https://{label}.api.preview.globus.org/"),
            (_, _) => format!("https://{label}.api.{name}.globuscs.info/"),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Environment {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.iter().copied().find(|known| known.name() == name.trim()).ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|known| known.name()).collect();
            Error::new(
                ErrorKind::Configuration,
                format!("there is no environment {name:?}, only {}", all.join(", ")),
            )
        })
    }
}

#[cfg(test)]
mod tests;
