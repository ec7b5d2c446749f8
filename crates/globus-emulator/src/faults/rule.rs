//! A fault that is there, and what it has seen.

use serde_json::Value;

use super::Asked;
use super::action::FaultAction;
use super::dice::throw;
use super::fault::{Fault, Service};
use super::pattern::Pattern;
use super::plan::{Ending, Plan};

#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) id: String,
    fault: Fault,
    path: Pattern,
    seed: u64,
    met: u64,
    happened: u64,
    window: Option<Window>,
}

/// The requests that a limit let through since a moment.
#[derive(Clone, Copy, Debug)]
struct Window {
    ends_millis: i64,
    through: u64,
}

impl Rule {
    pub(crate) fn new(id: String, fault: Fault, seed: u64) -> Self {
        Self { path: Pattern::new(&fault.path), id, fault, seed, met: 0, happened: 0, window: None }
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.fault.times.is_some_and(|times| self.happened >= times)
    }

    pub(crate) fn document(&self) -> Value {
        let mut document = serde_json::to_value(&self.fault).unwrap_or_default();
        document["met"] = self.met.into();
        document["happened"] = self.happened.into();
        document
    }

    pub(crate) fn meets(&self, asked: Asked<'_>) -> bool {
        let fault = &self.fault;
        !self.is_used_up()
            && fault.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case(asked.method))
            && fault.service.is_none_or(|service| service == Service::of(asked.path))
            && self.path.matches(asked.path)
            && fault.collection.as_ref().is_none_or(|collection| is_about(asked, collection))
    }

    /// Counts a request that the fault meets, and adds to the plan what happens to it. Whether anything does.
    pub(crate) fn happens(&mut self, asked: Asked<'_>, plan: &mut Plan) -> bool {
        let ordinal = self.met;
        self.met += 1;
        let (choice, chance) = throw(self.seed, &self.id, ordinal);
        let chosen = ordinal >= self.fault.skip && self.fault.rate.is_none_or(|rate| choice < rate);
        if !chosen {
            return false;
        }
        if let FaultAction::RateLimit { requests, window_seconds } = self.fault.action {
            let Some(retry_after_seconds) = self.wait(asked.now, requests, window_seconds) else {
                return false;
            };
            plan.ending = Some(Ending::Limited { retry_after_seconds });
        } else {
            plan.add(&self.fault.action, self.fault.collection.as_ref(), chance);
        }
        self.happened += 1;
        plan.faults.push(self.id.clone());
        true
    }

    /// How many seconds are left of a window that is full; `None` if there is place in it, which is taken.
    fn wait(&mut self, now: i64, requests: u64, window_seconds: f64) -> Option<u64> {
        #[expect(clippy::cast_possible_truncation, reason = "checked to be less than 1e9 seconds")]
        let length = ((window_seconds * 1000.0) as i64).max(1);
        // A clock that was set back must not make a window longer than it is.
        let open =
            self.window.filter(|window| now < window.ends_millis && window.ends_millis - now <= length);
        let mut window = open.unwrap_or(Window { ends_millis: now + length, through: 0 });
        if window.through < requests {
            window.through += 1;
            self.window = Some(window);
            return None;
        }
        self.window = Some(window);
        u64::try_from((window.ends_millis - now + 999) / 1000).ok()
    }
}

/// Whether the collection is in the path, or in the document of a task.
fn is_about(asked: Asked<'_>, collection: &str) -> bool {
    if asked.path.split('/').any(|segment| segment == collection) {
        return true;
    }
    if !matches!(asked.path, "/v0.10/transfer" | "/v0.10/delete") {
        return false;
    }
    let document: Value = serde_json::from_slice(asked.body).unwrap_or_default();
    ["source_endpoint", "destination_endpoint", "endpoint"].iter().any(|field| document[field] == collection)
}
