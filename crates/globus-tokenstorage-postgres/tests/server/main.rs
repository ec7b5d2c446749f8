//! Against a real server: the one that `GLOBUS_SDK_TEST_POSTGRES` names, or one that these tests start.

#![cfg(test)]
#![cfg(unix)]

mod access;
mod cancellation;
mod conformance;
mod faults;
mod locks;
mod many;
mod processes;
mod schema;
mod secrets;
mod server;
mod soak;
mod support;
mod tls;
