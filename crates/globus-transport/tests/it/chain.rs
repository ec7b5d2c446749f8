//! What holds for every error.

use std::error::Error as _;

use globus_transport::Error;

/// One line, short, plain, and each cause adds something that is said nowhere above it.
pub(crate) fn assert_said_once(error: &Error) {
    let line = error.to_string();
    assert!(!line.is_empty() && line.len() < 5000 && !line.contains(char::is_control), "{line:?}");
    let mut above = line.to_lowercase();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string().to_lowercase();
        assert!(!text.is_empty() && !above.contains(&text), "said twice: {text:?} in {above:?}");
        above = format!("{above}\n{text}");
        next = cause.source();
    }
}
