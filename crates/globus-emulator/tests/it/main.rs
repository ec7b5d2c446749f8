//! The emulator, seen from outside: plain HTTP, as any client speaks it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a helper cannot do fails the test")]

mod assurance;
mod auth;
mod bookmarks;
mod command;
mod config;
mod controls;
#[cfg(unix)]
mod copies;
mod damage;
mod documents;
mod escapes;
mod faults;
mod grants;
mod groups;
mod guide;
mod id_token;
mod managers;
mod memberships;
mod pages;
mod paths;
mod pauses;
mod projects;
mod reset;
mod restart;
mod routes;
mod scopes;
mod search;
mod server;
mod sessions;
mod sharing;
mod soak;
mod support;
mod sync;
mod tasks;
mod tunnels;
mod walls;
