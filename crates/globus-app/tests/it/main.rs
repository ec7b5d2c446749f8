//! Apps from the user's side, with a person that a script stands for.

// Helpers count as tests then, and may panic.
#![cfg(test)]

mod asking;
mod cancellation;
mod clients;
mod consents;
mod endings;
mod faults;
mod fleet;
mod interference;
mod namespaces;
mod places;
mod processes;
mod users;
mod world;
