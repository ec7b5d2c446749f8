//! [`Variables`]: where settings are looked up.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::{env, fmt};

/// The environment variables that settings come from: those of the process, or a table given by a test or a program
/// that must not depend on its surroundings.
///
/// ```
/// use globus_transport::{Environment, Service, Variables};
///
/// let variables = Variables::from_pairs([("GLOBUS_SDK_ENVIRONMENT", "sandbox")]);
/// let environment = Environment::from_variables(&variables)?;
/// assert_eq!(environment.service_url_in(Service::Auth, &variables)?.as_str(), "https://auth.sandbox.globuscs.info/");
/// # Ok::<(), globus_transport::Error>(())
/// ```
/// `Debug` shows the names, since a value may hold a password.
#[derive(Clone, Default)]
pub struct Variables(Option<Arc<BTreeMap<String, String>>>);

impl Variables {
    /// The variables of this process.
    pub const fn process() -> Self {
        Self(None)
    }

    /// These variables and no others.
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(Some(Arc::new(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())))
    }

    /// Whether these are the variables of the process, so that what else the process knows counts as well.
    pub fn is_process(&self) -> bool {
        self.0.is_none()
    }

    /// The value of `name`. Bytes that are not text become replacement characters, which no setting accepts, so that
    /// the error can show the value.
    pub fn get(&self, name: &str) -> Option<String> {
        match &self.0 {
            Some(table) => table.get(name).cloned(),
            None => env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
        }
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(table) => f.debug_set().entries(table.keys()).finish(),
            None => f.write_str("Variables(process)"),
        }
    }
}
