//! What the renewing authorizers promise, with a fake Auth and a clock that is moved by hand.

#![cfg(test)]

mod client_credentials;
mod early;
mod interruptions;
mod logins;
mod processes;
mod refusal;
mod rejection;
mod secrets;
mod settle;
mod single_flight;
mod storage;
mod support;
