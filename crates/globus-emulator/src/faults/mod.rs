//! Trouble on demand.

mod action;
mod answer;
mod change;
mod dice;
mod fault;
mod pattern;
mod plan;
mod rule;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

pub use action::{FaultAction, Latency, SessionDemand};
pub(crate) use answer::error_answer;
pub(crate) use change::finish;
pub use fault::{Fault, Service};
pub(crate) use pattern::Pattern;
pub(crate) use plan::Plan;

use self::rule::Rule;
use crate::error::Result;
use crate::lock::lock;

/// What faults look at of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) body: &'a [u8],
    /// In milliseconds since 1970, by the emulator's clock.
    pub(crate) now: i64,
}

/// The faults that are there, in the order in which they came.
#[derive(Debug)]
pub(crate) struct Faults {
    seed: u64,
    list: Mutex<List>,
    /// Whether there are any, so that a request need not take the lock to find none.
    any: AtomicBool,
}

#[derive(Debug, Default)]
struct List {
    rules: Vec<Rule>,
    /// How many got an id made up.
    named: u64,
}

impl Faults {
    /// What happens by chance follows from the seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, list: Mutex::default(), any: AtomicBool::new(false) }
    }

    /// Adds a fault, in place of the one with its id if there is one; the id it goes by.
    pub(crate) fn add(&self, mut fault: Fault) -> Result<String> {
        fault.check()?;
        let mut list = lock(&self.list);
        let id = fault.id.clone().unwrap_or_else(|| {
            list.named += 1;
            format!("fault-{}", list.named)
        });
        fault.id = Some(id.clone());
        list.rules.retain(|rule| rule.id != id);
        if fault.times != Some(0) {
            list.rules.push(Rule::new(id.clone(), fault, self.seed));
        }
        self.any.store(!list.rules.is_empty(), Ordering::SeqCst);
        Ok(id)
    }

    /// Removes a fault; whether it was there.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut list = lock(&self.list);
        let before = list.rules.len();
        list.rules.retain(|rule| rule.id != id);
        self.any.store(!list.rules.is_empty(), Ordering::SeqCst);
        list.rules.len() < before
    }

    pub(crate) fn clear(&self) {
        let mut list = lock(&self.list);
        list.rules.clear();
        self.any.store(false, Ordering::SeqCst);
    }

    /// As after the start: without faults, and with the first of the made-up ids before it.
    pub(crate) fn reset(&self) {
        self.clear();
        lock(&self.list).named = 0;
    }

    /// The documents of all, each with how many requests it met and how many it happened to.
    pub(crate) fn documents(&self) -> Vec<Value> {
        lock(&self.list).rules.iter().map(Rule::document).collect()
    }

    /// What happens to a request. Each fault that it meets counts it, up to the first that answers it.
    pub(crate) fn plan(&self, asked: Asked<'_>) -> Plan {
        let mut plan = Plan::default();
        if !self.any.load(Ordering::SeqCst) {
            return plan;
        }
        let mut list = lock(&self.list);
        for rule in &mut list.rules {
            if rule.meets(asked) && rule.happens(asked, &mut plan) && plan.ending.is_some() {
                break;
            }
        }
        list.rules.retain(|rule| !rule.is_used_up());
        self.any.store(!list.rules.is_empty(), Ordering::SeqCst);
        plan
    }
}

#[cfg(test)]
mod tests;
