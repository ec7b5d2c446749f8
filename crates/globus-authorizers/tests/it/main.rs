//! What the renewing authorizers promise, with a fake Auth and a clock that is moved by hand.

#![cfg(test)]

mod cancellation;
mod client_credentials;
mod clocks;
mod crash;
mod early;
mod events;
mod fleet;
mod interruptions;
mod logins;
mod messages;
mod processes;
mod refusal;
mod rejection;
mod secrets;
mod settle;
mod single_flight;
mod soak;
mod storage;
mod support;
mod unsaved;
