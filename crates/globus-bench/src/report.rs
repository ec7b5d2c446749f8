//! What a workload prints at its end.

use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{Arguments, cpu_time, peak_rss_kb};

/// The exit status of a program that does not have the workload it was asked for.
pub const NOT_IMPLEMENTED: u8 = 3;

/// Why a workload could not be done.
pub type Failure = Box<dyn Error + Send + Sync>;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Report {
    seconds: f64,
    items: usize,
    check: i64,
    more: Map<String, Value>,
}

impl Report {
    /// The timed part took `elapsed` for `items`; `check` is a number that follows from the data which were read.
    pub fn new(elapsed: Duration, items: usize, check: i64) -> Self {
        Self { seconds: elapsed.as_secs_f64(), items, check, more: Map::new() }
    }

    /// The same with another figure.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.more.insert(name.to_owned(), json!((value * 1000.0).round() / 1000.0));
        self
    }

    /// The same with a whole number.
    #[must_use]
    pub fn with_count(mut self, name: &str, count: i64) -> Self {
        self.more.insert(name.to_owned(), json!(count));
        self
    }

    /// The line that is printed.
    pub fn line(&self, workload: &str) -> String {
        let mut line = self.more.clone();
        line.insert("workload".to_owned(), json!(workload));
        line.insert("seconds".to_owned(), json!(self.seconds));
        line.insert("items".to_owned(), json!(self.items));
        line.insert("check".to_owned(), json!(self.check));
        line.insert("peak_rss_kb".to_owned(), json!(peak_rss_kb()));
        line.insert("cpu_s".to_owned(), json!(cpu_time().as_secs_f64()));
        Value::Object(line).to_string()
    }
}

/// The value below which `percent` of `sorted` lie.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let index = sorted.len() * percent / 100;
    sorted.get(index.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

/// The end of a program: what `run` measured is printed, `Ok(None)` means that there is no such workload.
///
/// `run` prints the output of `cold` itself. The variable `PERF_RSS` adds that program's peak memory on standard error.
pub fn finish(run: impl FnOnce(&Arguments) -> Result<Option<Report>, Failure>) -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(err) => {
            eprintln!("{err}");
            return ExitCode::from(2);
        }
    };
    match run(&arguments) {
        Ok(Some(report)) if arguments.workload == "cold" => {
            if std::env::var_os("PERF_RSS").is_some() {
                eprintln!("{{\"peak_rss_kb\":{},\"items\":{}}}", peak_rss_kb(), report.items);
            }
            ExitCode::SUCCESS
        }
        Ok(Some(report)) => {
            println!("{}", report.line(&arguments.workload));
            ExitCode::SUCCESS
        }
        Ok(None) => ExitCode::from(NOT_IMPLEMENTED),
        Err(err) => {
            eprintln!("{}: {err}", arguments.workload);
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_one_json_object_with_the_agreed_keys() {
        let line = Report::new(Duration::from_millis(1500), 3, 7).with("p50_us", 12.34567).line("seq_task");
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(
            (&value["seconds"], &value["items"], &value["check"], &value["p50_us"]),
            (&json!(1.5), &json!(3), &json!(7), &json!(12.346))
        );
        assert!(value["peak_rss_kb"].is_u64() && !line.contains('\n'));
    }

    #[test]
    fn percentiles_stay_within_what_was_measured() {
        let sorted: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(percentile(&sorted, 50), Duration::from_micros(101));
        assert_eq!(percentile(&sorted, 100), Duration::from_micros(200));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}
