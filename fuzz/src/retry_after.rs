//! Values of the `Retry-After` header.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use globus_transport::{HttpRequest, Method, Service};

use crate::loopback;

/// The longest wish that is told.
const LONGEST: Duration = Duration::from_secs(1 << 32);
/// Reading a date and checking it are two moments.
const SLACK: u64 = 5;

/// A wish is followed or told, never more than 2³² seconds; seconds and dates of RFC 9110 mean what they say; what is neither, or
/// over, is as if nothing had been asked.
pub fn check(input: &[u8]) {
    if !loopback::is_header_value(input) {
        return;
    }
    let (wish, requests) = told(input);
    // One second is all that the call has: a wish ends it at once, and without one the second request is the last.
    assert_eq!(requests, if wish.is_some() { 1 } else { 2 });
    assert!(wish.is_none_or(|wish| wish >= Duration::from_secs(1) && wish <= LONGEST), "{wish:?}");
    let text = String::from_utf8_lossy(input);
    let text = text.trim_matches([' ', '\t']);
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds = text.parse().unwrap_or(u64::MAX).min(LONGEST.as_secs());
        assert_eq!(wish, (seconds > 0).then(|| Duration::from_secs(seconds)), "{text:?}");
    } else if let Some(date) = http_date(text) {
        let seconds =
            date.duration_since(SystemTime::now()).map_or(0, |wait| wait.as_secs()).min(LONGEST.as_secs());
        let told = wish.map_or(0, |wish| wish.as_secs());
        // The last day of the year 9999 is where the calendar of the code ends, but for its last second.
        let is_beyond = wish.is_none() && text.contains(" Dec 9999 ");
        assert!(is_beyond || told.abs_diff(seconds) <= SLACK, "{text:?}: {told} s instead of {seconds} s");
    }
}

/// The form of a date that servers must use (RFC 9110, section 5.6.7), read by another reader.
fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok().filter(|date| httpdate::fmt_http_date(*date) == text)
}

/// The wish that a call of one second ends with, and how many requests it made.
fn told(value: &[u8]) -> (Option<Duration>, u32) {
    let answer = loopback::answer(429, &[("retry-after", value)], b"");
    let count = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&count);
    let script = move |_: &str| {
        *counted.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        answer.clone()
    };
    let wish = loopback::run(script, async |url, transport| {
        let request = HttpRequest::new(Service::Other, "fuzz", Method::Get, url)
            .with_timeout(Duration::from_secs(1))
            .with_max_retries(1);
        transport.send(request).await.err().and_then(|error| error.retry_after())
    });
    let requests = *count.lock().unwrap_or_else(PoisonError::into_inner);
    (wish, requests)
}
