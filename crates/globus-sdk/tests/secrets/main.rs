//! Nothing that is logged, shown or told has a secret in it: whole flows, with everything logged, and each type that can hold a
//! secret printed with one inside. A program of its own, since what is logged is a matter of the whole process.

// Helpers count as tests then, and may panic.
#![cfg(test)]

#[cfg(feature = "app")]
mod apps;
mod evidence;
mod failures;
mod flows;
mod needles;
mod storages;
mod types;
#[expect(dead_code, reason = "shared with the other tests")]
#[path = "../it/world.rs"]
mod world;
