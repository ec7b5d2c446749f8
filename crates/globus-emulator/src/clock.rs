//! The emulator's own clock: the wall clock, moved by what the test asked for.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Reads the wall clock and adds an offset.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    offset_millis: AtomicI64,
}

impl Clock {
    /// The wall clock, in milliseconds since 1970.
    fn wall_millis() -> i64 {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(wall.as_millis()).unwrap_or(i64::MAX)
    }

    /// The wall clock, in whole seconds since 1970: what programs go by whose clock nobody has moved.
    pub(crate) fn wall_seconds() -> i64 {
        Self::wall_millis().div_euclid(1000)
    }

    /// Now, in milliseconds since 1970.
    pub(crate) fn millis(&self) -> i64 {
        Self::wall_millis().saturating_add(self.offset_millis())
    }

    /// Now, in whole seconds since 1970.
    pub(crate) fn seconds(&self) -> i64 {
        self.millis().div_euclid(1000)
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.set_offset(self.offset_millis().saturating_add(by));
    }

    /// How far it is before the wall clock.
    pub(crate) fn offset_millis(&self) -> i64 {
        self.offset_millis.load(Ordering::SeqCst)
    }

    pub(crate) fn set_offset(&self, millis: i64) {
        self.offset_millis.store(millis.clamp(-FARTHEST_MILLIS, FARTHEST_MILLIS), Ordering::SeqCst);
    }
}

/// A thousand years: what lies beyond cannot be written as a date.
const FARTHEST_MILLIS: i64 = 1000 * 365 * 24 * 3600 * 1000;

/// `Fri, 02 Jan 2026 03:04:05 GMT`, as HTTP writes times.
pub(crate) fn http_date(millis: i64) -> String {
    format(millis, "%a, %d %b %Y %H:%M:%S GMT")
}

/// `2026-01-02T03:04:05+00:00`, as the services write most times.
pub(crate) fn rfc3339(millis: i64) -> String {
    format(millis, "%Y-%m-%dT%H:%M:%S+00:00")
}

/// `2026-01-02 03:04:05+00:00`, as Transfer writes the times of files.
pub(crate) fn spaced(millis: i64) -> String {
    format(millis, "%Y-%m-%d %H:%M:%S+00:00")
}

/// `2026-01-02T03:04:05.678000`, as newer parts of Transfer write times, in UTC.
pub(crate) fn micros(millis: i64) -> String {
    format(millis, "%Y-%m-%dT%H:%M:%S%.6f")
}

fn format(millis: i64, pattern: &str) -> String {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH).strftime(pattern).to_string()
}

/// Reads a time as clients send it: with or without offset, or only a date; without offset it is UTC.
pub(crate) fn parse(text: &str) -> Option<i64> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Some(stamp.as_millisecond());
    }
    let civil = text
        .parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|date| date.to_datetime(jiff::civil::Time::midnight())))
        .ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_offset_without_and_as_a_date() {
        let noon = Some(1_767_355_200_000);
        assert_eq!(parse("2026-01-02T12:00:00Z"), noon);
        assert_eq!(parse("2026-01-02 13:00:00+01:00"), noon);
        assert_eq!(parse("2026-01-02T12:00:00"), noon);
        assert_eq!(parse("2026-01-02"), noon.map(|millis| millis - 12 * 3_600_000));
        assert_eq!(parse("soon"), None);
    }

    #[test]
    fn times_are_written_as_the_services_write_them() {
        assert_eq!(rfc3339(1_767_355_200_000), "2026-01-02T12:00:00+00:00");
        assert_eq!(spaced(1_767_355_200_999), "2026-01-02 12:00:00+00:00");
        assert_eq!(http_date(1_767_355_200_000), "Fri, 02 Jan 2026 12:00:00 GMT");
    }

    #[test]
    fn the_clock_moves_when_told() {
        let clock = Clock::default();
        let before = clock.seconds();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.seconds() - before >= 3600);
        clock.set_offset(-7_200_000);
        assert!(clock.seconds() < before);
        clock.set_offset(i64::MAX);
        assert!(rfc3339(clock.millis()).starts_with("30"));
    }
}
