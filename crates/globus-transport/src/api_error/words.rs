//! What to say about an answer that has neither code nor message.

use http::StatusCode;

use super::ApiError;

/// Plain text up to this length is shown as it is.
const SHORT: usize = 200;

impl ApiError {
    /// `Bad Gateway, with an HTML page instead of an error of the service`
    pub(crate) fn body_in_words(&self) -> String {
        let status = StatusCode::from_u16(self.http_status).ok();
        let reason = status.and_then(|status| status.canonical_reason()).unwrap_or("an unknown status");
        let media_type = self.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        let body = self.raw_body.trim_ascii();
        if body.is_empty() {
            return format!("{reason}, without a body");
        }
        if self.json.is_some() {
            return format!("{reason}, with JSON that has no message");
        }
        if media_type.starts_with("text/html") || body.starts_with(b"<") {
            return format!("{reason}, with an HTML page instead of an error of the service");
        }
        if media_type.starts_with("text/plain")
            && body.len() <= SHORT
            && let Ok(text) = std::str::from_utf8(body)
        {
            return if text == reason { reason.to_owned() } else { format!("{reason}: {text}") };
        }
        format!("{reason}, with a body that is not an error of the service")
    }
}
