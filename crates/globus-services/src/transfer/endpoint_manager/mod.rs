//! What administrators and managers see and do on the endpoints they run: everybody's tasks, and pause rules.

pub(super) mod actions;
pub(super) mod endpoints;
pub(super) mod pause_rules;
pub(super) mod tasks;
