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
        fn no_header_brings_it_down_or_is_longer_than_the_longest(value in ".*") {
            prop_assert!(seconds(&value).is_none_or(|wait| (1..=LONGEST).contains(&wait)));
        }

        #[test]
        fn every_number_of_seconds_is_read_as_it_is_up_to_the_longest(number in any::<u128>(), blanks in " {0,3}") {
            let read = seconds(&format!("{blanks}{number}{blanks}"));
            let wait = u64::try_from(number).unwrap_or(LONGEST).min(LONGEST);
            prop_assert_eq!(read, (wait > 0).then_some(wait));
        }

        #[test]
        fn every_date_is_read_as_the_time_until_then(at in -62_000_000_000_i64..250_000_000_000) {
            let date = jiff::Timestamp::from_second(at).unwrap();
            let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date).unwrap();
            let wait = u64::try_from(at - NOW).unwrap_or(0).min(LONGEST);
            prop_assert_eq!(seconds(&date), (wait > 0).then_some(wait), "{}", date);
        }

        #[test]
        fn what_is_nearly_a_number_or_a_date_is_no_wish(
            value in r"[-+]\d{1,20}|\d{1,9}\.\d{0,9}|\d{1,4} ?[smh]|0x\d{1,4}|\d{1,3},\d{3}|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2}"
        ) {
            prop_assert_eq!(seconds(&value), None);
        }
    }
}
