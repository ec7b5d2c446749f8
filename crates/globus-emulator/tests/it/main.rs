//! The emulator, seen from outside: plain HTTP, as any client speaks it.

mod auth;
mod command;
mod faults;
mod grants;
mod groups;
mod id_token;
mod paths;
mod search;
mod sharing;
mod support;
mod sync;
mod tasks;
