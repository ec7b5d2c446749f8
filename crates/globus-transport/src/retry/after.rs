//! The `Retry-After` header (RFC 9110, section 10.2.3).

use std::time::Duration;

use globus_auth_core::{Clock, SystemClock};
use jiff::fmt::rfc2822::DateTimeParser;

/// How long the header asks to wait; nothing when it is unreadable or its time is over.
pub(crate) fn retry_after(value: &str) -> Option<Duration> {
    read(value, || SystemClock.now().as_seconds())
}

/// Longer wishes are read as this one: a program can still add it to a time.
const LONGEST: u64 = 1 << 32;

fn read(value: &str, now: impl FnOnce() -> i64) -> Option<Duration> {
    let value = value.trim();
    let seconds = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Only too many digits can fail.
        value.parse().unwrap_or(LONGEST)
    } else {
        u64::try_from(date(value)?.checked_sub(now())?).ok()?
    };
    (seconds > 0).then(|| Duration::from_secs(seconds.min(LONGEST)))
}

/// In seconds since 1970.
fn date(value: &str) -> Option<i64> {
    match DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value) {
        Ok(at) => Some(at.as_second()),
        // `Fri, 31 Dec 9999 23:59:59 GMT` means "never", and is beyond what a timestamp holds.
        Err(_) => value.ends_with(" 9999 23:59:59 GMT").then_some(i64::MAX),
    }
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
    fn a_wish_without_end_is_a_long_one() {
        for value in [
            "4294967296",
            "18446744073709551615",
            "99999999999999999999",
            "Sat, 06 Nov 2994 08:50:37 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
        ] {
            assert_eq!(seconds(value), Some(LONGEST), "{value}");
        }
    }

    #[test]
    fn what_is_unreadable_or_over_is_ignored() {
        for value in ["", "0", "-1", "1.5", "abc", "Sun, 06 Nov 1994 08:49:36 GMT", "Sun, 99 Nov"] {
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
