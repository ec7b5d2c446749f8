//! What the storages promise, seen from outside.

#![cfg(test)]

mod cancellation;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod children;
mod conformance;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod contract;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod damage;
#[cfg(feature = "encryption")]
mod encryption;
#[cfg(all(feature = "keyring", target_os = "linux"))]
mod encryption_keyring;
#[cfg(all(unix, any(feature = "json", feature = "sqlite")))]
mod faults;
#[cfg(feature = "json")]
mod json_damage;
#[cfg(feature = "json")]
mod json_files;
#[cfg(feature = "json")]
mod json_format;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod many;
#[cfg(all(unix, any(feature = "json", feature = "sqlite")))]
mod modes;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod processes;
#[cfg(all(unix, any(feature = "json", feature = "sqlite")))]
mod replaced;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod soak;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "json", feature = "sqlite"))]
mod support;
