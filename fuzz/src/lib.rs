#![doc = include_str!("../README.md")]

pub mod callbacks;
mod emulator;
pub mod emulator_authorize;
pub mod emulator_tasks;
pub mod emulator_token;
pub mod error_bodies;
pub mod json_files;
mod loopback;
pub mod paging;
mod replay;
pub mod retry_after;
pub mod scopes;
mod scratch;
pub mod sqlite_files;
pub mod token_responses;
mod tokens;

#[cfg(fuzzing)]
pub use libfuzzer_sys;
pub use replay::replay;

/// Makes a program of a check: one that libFuzzer drives under cargo-fuzz, else one that checks the files it is given.
#[cfg(fuzzing)]
#[macro_export]
macro_rules! target {
    ($check:path) => {
        $crate::libfuzzer_sys::fuzz_target!(|data: &[u8]| $check(data));
    };
}

/// Makes a program of a check: one that libFuzzer drives under cargo-fuzz, else one that checks the files it is given.
#[cfg(not(fuzzing))]
#[macro_export]
macro_rules! target {
    ($check:path) => {
        fn main() -> std::process::ExitCode {
            $crate::replay($check)
        }
    };
}
