//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::Duration;

use globus_auth_core::{Clock, SystemClock};
use jiff::fmt::rfc2822::DateTimeParser;

/// How long the header asks to wait; nothing when it is unreadable or its time is over.
pub(crate) fn retry_after(value: &str) -> Option<Duration> {
    read(value, || SystemClock.now().as_seconds())
}

fn read(value: &str, now: impl FnOnce() -> i64) -> Option<Duration> {
    let value = value.trim();
    let wait = if value.bytes().all(|byte| byte.is_ascii_digit()) {
        Duration::from_secs(value.parse().ok()?)
    } else {
        let at = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok()?;
        Duration::from_secs(u64::try_from(at.as_second().checked_sub(now())?).ok()?)
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sun, 06 Nov 1994 08:49:37 GMT.
    const NOW: i64 = 784_111_777;

    fn seconds(value: &str) -> Option<u64> {
        read(value, || NOW).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(seconds("3"), Some(3));
        assert_eq!(seconds(" 4 "), Some(4));
        assert_eq!(seconds("86400"), Some(86400));
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
    }

    #[test]
    fn what_is_unreadable_or_over_is_ignored() {
        for value in [
            "",
            "0",
            "-1",
            "1.5",
            "abc",
            "99999999999999999999",
            "Sun, 06 Nov 1994 08:49:36 GMT",
            "Sun, 99 Nov",
        ] {
            assert_eq!(seconds(value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_header_brings_it_down(value in ".*") {
            let _ = seconds(&value);
        }
    }
}
