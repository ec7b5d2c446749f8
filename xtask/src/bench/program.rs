//! Running one of the bench's programs, and reading what it reports.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use super::pinning::{self, Pinning};
use super::server::Server;
use super::workload::{Unit, Workload};
use crate::failure::{Failure, Outcome};

#[derive(Debug)]
pub(super) struct Program<'a> {
    path: PathBuf,
    server: &'a Server,
    pinning: Option<&'a Pinning>,
}

/// What one run gave.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    /// In the workload's unit.
    pub(super) time: f64,
    pub(super) peak_kb: f64,
    /// Follows from the data that were read: equal, when the same work was done.
    pub(super) check: String,
}

impl<'a> Program<'a> {
    pub(super) fn new(path: PathBuf, server: &'a Server, pinning: Option<&'a Pinning>) -> Self {
        Self { path, server, pinning }
    }

    pub(super) fn run(&self, workload: &Workload, quick: bool) -> Outcome<Sample> {
        let n = if quick { workload.quick_n } else { workload.n };
        let mut command = pinning::command(self.pinning, &self.path);
        command.arg(workload.name).args(["--base-url", &self.server.url(workload.size)]);
        command.args(["--n", &n.to_string()]).args(workload.options);
        measure(&mut command, workload.unit)
    }
}

fn measure(command: &mut Command, unit: Unit) -> Outcome<Sample> {
    let shown = format!("{command:?}");
    let start = Instant::now();
    let output = command
        .env("PERF_RSS", "1")
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::while_doing(format!("starting {shown}")))?;
    let elapsed = start.elapsed();
    let (said, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        return Err(Failure::new(format!("{shown} failed ({}):\n{complaint}", output.status)));
    }
    let sample = match unit {
        Unit::ProcessMs => number(&complaint, "peak_rss_kb").map(|peak_kb| Sample {
            time: elapsed.as_secs_f64() * 1e3,
            peak_kb,
            check: said.clone().into_owned(),
        }),
        _ => read(&said, unit),
    };
    sample.ok_or_else(|| Failure::new(format!("{shown} printed\n{said}{complaint}\nwhich is no report")))
}

/// Reads a line of JSON.
fn read(line: &str, unit: Unit) -> Option<Sample> {
    let (seconds, items) = (number(line, "seconds")?, number(line, "items")?);
    let time = match unit {
        Unit::ProcessMs | Unit::Ms => seconds * 1e3,
        Unit::MicrosEach => seconds / items * 1e6,
        Unit::CpuMicrosEach => number(line, "cpu_us_per_call")?,
        Unit::NanosEach => number(line, "ns_per_call")?,
    };
    let check = format!("{} of {items} items", number(line, "check")?);
    Some(Sample { time, peak_kb: number(line, "peak_rss_kb")?, check })
}

/// The number under `key` in a flat JSON object.
fn number(json: &str, key: &str) -> Option<f64> {
    let (_, value) = json.split_once(&format!("\"{key}\":"))?;
    value.split([',', '}']).next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"check":240,"cpu_us_per_call":12.5,"items":20,"peak_rss_kb":5000,"seconds":0.004,"workload":"seq_task"}"#;

    #[test]
    fn a_report_is_read_in_the_unit_asked_for() {
        let times =
            [Unit::Ms, Unit::MicrosEach, Unit::CpuMicrosEach].map(|unit| read(LINE, unit).unwrap().time);
        assert_eq!(times, [4.0, 200.0, 12.5]);
        let sample = read(LINE, Unit::Ms).unwrap();
        assert_eq!((sample.peak_kb, sample.check.as_str()), (5000.0, "240 of 20 items"));
    }

    #[test]
    fn what_is_no_report_is_none() {
        for line in ["", "{}", r#"{"seconds":"x"}"#] {
            assert_eq!(read(line, Unit::Ms), None);
        }
    }
}
