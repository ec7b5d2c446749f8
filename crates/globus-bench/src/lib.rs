#![doc = include_str!("../README.md")]

mod arguments;
mod process;
mod report;

pub use arguments::{Arguments, UsageError};
pub use process::{cpu_time, peak_rss_kb};
pub use report::{Failure, NOT_IMPLEMENTED, Report, finish, percentile};
