//! Tests through the public API.

#[cfg(test)]
#[cfg(feature = "login-flow")]
mod cancellation;
#[cfg(test)]
#[path = "../support/contract.rs"]
mod contract;
#[cfg(test)]
#[cfg(feature = "id-token")]
mod id_token;
#[cfg(test)]
#[cfg(feature = "login-flow")]
mod login;
#[cfg(test)]
#[cfg(feature = "login-flow")]
mod login_cases;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod memory;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod scopes;
#[cfg(test)]
#[cfg(feature = "login-flow")]
mod support;
#[cfg(test)]
mod token_responses;
