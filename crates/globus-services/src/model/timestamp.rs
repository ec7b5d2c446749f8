//! [`Timestamp`]: a point in time as the services write it.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::text::Text;

/// A point in time as the service wrote it, such as `2026-01-02T03:04:05+00:00`.
///
/// The text is kept, so nothing is lost when the document is written again, and is read when it is asked for: the
/// services use more than one spelling (`T` or a space, with an offset, with `Z`, or without either, which means UTC).
///
/// ```
/// use globus_services::Timestamp;
/// use std::time::{Duration, UNIX_EPOCH};
///
/// let time = Timestamp::from("1970-01-01 00:01:00+00:00");
/// assert_eq!(time.to_system_time(), Some(UNIX_EPOCH + Duration::from_secs(60)));
/// assert_eq!(Timestamp::from(UNIX_EPOCH).as_str(), "1970-01-01T00:00:00Z");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(Text);

impl Timestamp {
    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The time it stands for; `None` when it cannot be read as one.
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let with_offset = || self.0.parse::<jiff::Timestamp>().ok();
        let in_utc = || {
            let civil = self.0.parse::<jiff::civil::DateTime>().ok()?;
            Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
        };
        with_offset().or_else(in_utc).map(SystemTime::from)
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<SystemTime> for Timestamp {
    /// In UTC to the second. A time beyond what RFC 3339 can write becomes the last that it can.
    fn from(time: SystemTime) -> Self {
        let time = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX);
        Self(time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
