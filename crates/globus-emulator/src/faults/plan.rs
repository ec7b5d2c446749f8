//! What happens to one request, all faults together.

use std::time::Duration;

use super::action::FaultAction;

/// Nothing, unless a fault says otherwise.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// The ids of the faults.
    pub(crate) faults: Vec<String>,
    pub(crate) delay: Duration,
    pub(crate) token_lifetime_seconds: Option<u32>,
    /// Instead of serving the request.
    pub(crate) ending: Option<Ending>,
    pub(crate) empty_pages: bool,
    pub(crate) bytes_per_second: Option<u64>,
    pub(crate) truncate: bool,
    pub(crate) lose_answer: bool,
}

/// How a request ends that is not served.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    Drop,
    /// One of the actions that are answers, and the collection that the fault is about.
    Answer(FaultAction, Option<String>),
    /// Too many requests; when there may be the next one.
    Limited {
        retry_after_seconds: u64,
    },
}

impl Plan {
    /// Adds what an action does; `chance` from 0 to 1 decides what it leaves open.
    pub(crate) fn add(&mut self, action: &FaultAction, collection: Option<&String>, chance: f64) {
        match action {
            FaultAction::Delay(latency) => {
                self.delay += latency.least + (latency.most - latency.least).mul_f64(chance);
            }
            FaultAction::TokenLifetimeSeconds(seconds) => self.token_lifetime_seconds = Some(*seconds),
            FaultAction::EmptyPages => self.empty_pages = true,
            FaultAction::SlowBody { bytes_per_second } => self.bytes_per_second = Some(*bytes_per_second),
            FaultAction::Truncate => self.truncate = true,
            FaultAction::LoseAnswer => self.lose_answer = true,
            FaultAction::Drop => self.ending = Some(Ending::Drop),
            // Counted by the rule, which knows what came before.
            FaultAction::RateLimit { .. } => {}
            FaultAction::Error { .. }
            | FaultAction::Answer { .. }
            | FaultAction::HtmlPage { .. }
            | FaultAction::ConsentRequired { .. }
            | FaultAction::SessionRequired(_) => {
                self.ending = Some(Ending::Answer(action.clone(), collection.cloned()));
            }
        }
    }
}
