//! What a fault is: which requests it meets, how often, and what it does to them.

use serde::{Deserialize, Serialize};

use super::action::FaultAction;
use super::pattern::Pattern;
use crate::error::{Error, Result};

/// A rule that makes requests fail.
///
/// It is a value in Rust and a document in JSON, with the same fields and meaning (see `FAULTS.md` beside the README).
///
/// ```
/// use globus_emulator::{Fault, FaultAction};
///
/// let fault = Fault::on("/v0.10/**", FaultAction::error(503).header("Retry-After", "1")).method("GET").times(2);
/// let same = Fault::from_json(r#"{
///     "path": "/v0.10/**", "method": "GET", "times": 2,
///     "action": {"error": {"status": 503, "headers": {"Retry-After": "1"}}}
/// }"#)?;
/// assert_eq!(fault, same);
/// # Ok::<(), globus_emulator::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// What it is called in the journal and when it is to be removed; made up if it is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Meets requests whose path, as it was sent, has this form: `*` or `{name}` is one segment, `**` any number of them.
    #[serde(default = "everything")]
    pub path: String,
    /// Meets requests with this method only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Meets requests to this service only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Meets requests about this collection only: those with its id in the path, and tasks from it, to it or on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub collection: Option<String>,
    /// How many requests it lets pass first.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub skip: u64,
    /// How many requests it happens to before it is gone; `None` for all that come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// The share of the requests that it happens to, from 0 to 1; all of them unless set. Which ones follows from the
    /// emulator's seed, the id of the fault and the how-manieth request it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
    /// What happens.
    pub action: FaultAction,
}

/// A service that the emulator stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Service {
    /// Globus Auth, and everything that is nobody else's.
    Auth,
    /// Globus Groups.
    Groups,
    /// Globus Transfer.
    Transfer,
}

impl Service {
    /// Whose path it is. All services share one address; their paths differ.
    pub(crate) fn of(path: &str) -> Self {
        const GROUPS: [&str; 3] = ["/v2/groups", "/v2/preferences", "/v2/subscription_info"];
        if path.starts_with("/v0.10/") {
            Self::Transfer
        } else if GROUPS.iter().any(|prefix| path.starts_with(prefix)) {
            Self::Groups
        } else {
            Self::Auth
        }
    }
}

fn everything() -> String {
    "/**".to_owned()
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Fault {
    /// Every request whose path has this form gets `action`, until the fault is removed.
    #[must_use]
    pub fn on(path: impl Into<String>, action: FaultAction) -> Self {
        Self {
            id: None,
            path: path.into(),
            method: None,
            service: None,
            collection: None,
            skip: 0,
            times: None,
            rate: None,
            action,
        }
    }

    /// Reads the document of a fault.
    ///
    /// # Errors
    ///
    /// When it is no such document, or has a value that cannot be; the error says which.
    pub fn from_json(text: &str) -> Result<Self> {
        let fault: Self =
            serde_json::from_str(text).map_err(|error| Error::new(format!("this is no fault: {error}")))?;
        fault.check()?;
        Ok(fault)
    }

    /// Reads a document with one fault, or a list of them.
    ///
    /// # Errors
    ///
    /// As [`from_json`](Self::from_json).
    pub fn list_from_json(text: &str) -> Result<Vec<Self>> {
        if !text.trim_start().starts_with('[') {
            return Self::from_json(text).map(|fault| vec![fault]);
        }
        let faults: Vec<Self> = serde_json::from_str(text)
            .map_err(|error| Error::new(format!("this is no list of faults: {error}")))?;
        faults.iter().try_for_each(Self::check)?;
        Ok(faults)
    }

    /// Sets the id.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Only requests with this method (`GET`, `POST`, …).
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Only requests to this service.
    #[must_use]
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Only requests about this collection.
    #[must_use]
    pub fn collection(mut self, id: impl Into<String>) -> Self {
        self.collection = Some(id.into());
        self
    }

    /// Lets that many requests pass first.
    #[must_use]
    pub fn skip(mut self, count: u64) -> Self {
        self.skip = count;
        self
    }

    /// Happens to one request, and is gone.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Happens to that many requests, and is gone.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Happens to this share of the requests, from 0 to 1.
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Whether everything in it can be.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::new(format!("this is no fault: {what}")));
        if !Pattern::is_one(&self.path) {
            return wrong(format!("a path begins with a slash, not '{}'", self.path));
        }
        if self.rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            return wrong("a rate is a number from 0 to 1".to_owned());
        }
        if let Some(method) = &self.method
            && !method.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            return wrong(format!("'{method}' is no method"));
        }
        if self.id.as_ref().is_some_and(|id| id.is_empty() || id.contains('/')) {
            return wrong("an id is not empty and has no slash".to_owned());
        }
        self.action.check().or_else(wrong)
    }
}
