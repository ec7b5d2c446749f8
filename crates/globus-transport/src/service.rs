//! [`Service`]: which of the Globus services a request is for.

use std::fmt;

/// A Globus service. It decides where requests go, how errors are read, and what they are called in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Globus Auth.
    Auth,
    /// Globus Transfer.
    Transfer,
    /// Globus Groups.
    Groups,
    /// Globus Search.
    Search,
    /// Globus Flows.
    Flows,
    /// Globus Timers, called `timer` in addresses and variables.
    Timers,
    /// Globus Compute.
    Compute,
    /// The manager API of one Globus Connect Server endpoint; its address is the endpoint's.
    Gcs,
    /// Anything else that accepts Globus Auth tokens; its address is given by the caller.
    Other,
}

impl Service {
    /// What messages and traces call it: `auth`, `transfer`, `timers`, `gcs`, `service`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Transfer => "transfer",
            Self::Groups => "groups",
            Self::Search => "search",
            Self::Flows => "flows",
            Self::Timers => "timers",
            Self::Compute => "compute",
            Self::Gcs => "gcs",
            Self::Other => "service",
        }
    }

    /// The variable that replaces its address, such as `GLOBUS_SDK_SERVICE_URL_TIMER`; none for services whose address
    /// the caller gives.
    pub const fn url_variable(self) -> Option<&'static str> {
        Some(match self {
            Self::Auth => "GLOBUS_SDK_SERVICE_URL_AUTH",
            Self::Transfer => "GLOBUS_SDK_SERVICE_URL_TRANSFER",
            Self::Groups => "GLOBUS_SDK_SERVICE_URL_GROUPS",
            Self::Search => "GLOBUS_SDK_SERVICE_URL_SEARCH",
            Self::Flows => "GLOBUS_SDK_SERVICE_URL_FLOWS",
            Self::Timers => "GLOBUS_SDK_SERVICE_URL_TIMER",
            Self::Compute => "GLOBUS_SDK_SERVICE_URL_COMPUTE",
            Self::Gcs | Self::Other => return None,
        })
    }

    /// Its name in host names.
    pub(crate) const fn host_label(self) -> &'static str {
        match self {
            Self::Timers => "timer",
            other => other.name(),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
