//! What is wrong, and why it is.

use std::fmt;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Violation {
    pub(super) place: String,
    pub(super) what: String,
    pub(super) why: String,
}

impl Violation {
    pub(super) fn new(place: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), why: why.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.what, self.why)
    }
}
