//! Running one of the bench's programs, and reading what it reports.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::pinning::{self, Pinning};
use super::scratch::Scratch;
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
    pub(super) figure: f64,
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
        let scratch = Scratch::new(workload.files)?;
        if let Some(scratch) = &scratch {
            command.arg("--dir").arg(scratch.path());
        }
        self.server.counts()?;
        let run = Run::of(&mut command)?;
        run.read(workload.unit, &self.server.counts()?)
    }
}

/// What a process did.
struct Run {
    shown: String,
    elapsed: Duration,
    said: String,
    complaint: String,
}

impl Run {
    fn of(command: &mut Command) -> Outcome<Self> {
        let shown = format!("{command:?}");
        let start = Instant::now();
        let output = command
            .env("PERF_RSS", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(Failure::while_doing(format!("starting {shown}")))?;
        let elapsed = start.elapsed();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (said, complaint) = (text(&output.stdout), text(&output.stderr));
        if !output.status.success() {
            return Err(Failure::new(format!("{shown} failed ({}):\n{complaint}", output.status)));
        }
        Ok(Self { shown, elapsed, said, complaint })
    }

    /// `counts` is what the server saw meanwhile.
    fn read(&self, unit: Unit, counts: &str) -> Outcome<Sample> {
        let sample = match unit {
            Unit::ProcessMs => number(&self.complaint, "peak_rss_kb").map(|peak_kb| Sample {
                figure: self.elapsed.as_secs_f64() * 1e3,
                peak_kb,
                check: self.said.clone(),
            }),
            _ => read(&self.said, unit, counts),
        };
        let Self { shown, said, complaint, .. } = self;
        sample.ok_or_else(|| Failure::new(format!("{shown} printed\n{said}{complaint}\nwhich is no report")))
    }
}

/// Reads a line of JSON. One that tells of errors is no report.
fn read(line: &str, unit: Unit, counts: &str) -> Option<Sample> {
    let (seconds, items) = (number(line, "seconds")?, number(line, "items")?);
    if number(line, "errors").is_some_and(|errors| errors > 0.0) {
        return None;
    }
    let figure = match unit {
        Unit::ProcessMs | Unit::Ms => seconds * 1e3,
        Unit::MicrosEach => seconds / items * 1e6,
        Unit::CpuMicrosEach => number(line, "cpu_us_per_call")?,
        Unit::NanosEach => number(line, "ns_per_call")?,
        Unit::MicrosAStore => 1e6 / number(line, "store_per_s")?,
        Unit::MicrosAGet => 1e6 / number(line, "get_per_s")?,
        Unit::Connections => number(counts, "most_open")?,
        Unit::Exchanges => number(counts, "tokens")?,
    };
    let check = format!("{} of {items} items", number(line, "check")?);
    Some(Sample { figure, peak_kb: number(line, "peak_rss_kb")?, check })
}

/// The number under `key` in a flat JSON object.
pub(super) fn number(json: &str, key: &str) -> Option<f64> {
    let (_, value) = json.split_once(&format!("\"{key}\":"))?;
    value.split([',', '}']).next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"check":240,"cpu_us_per_call":12.5,"errors":0,"items":20,"peak_rss_kb":5000,"seconds":0.004,"store_per_s":500}"#;

    const COUNTS: &str = r#"{"connections":9,"most_open":7,"tokens":1}"#;

    #[test]
    fn a_report_is_read_in_the_unit_asked_for() {
        for (unit, figure) in [
            (Unit::Ms, 4.0),
            (Unit::MicrosEach, 200.0),
            (Unit::CpuMicrosEach, 12.5),
            (Unit::MicrosAStore, 2000.0),
            (Unit::Connections, 7.0),
            (Unit::Exchanges, 1.0),
        ] {
            assert_eq!(read(LINE, unit, COUNTS).unwrap().figure, figure, "{unit:?}");
        }
        let sample = read(LINE, Unit::Ms, COUNTS).unwrap();
        assert_eq!((sample.peak_kb, sample.check.as_str()), (5000.0, "240 of 20 items"));
    }

    #[test]
    fn what_is_no_report_is_none() {
        let failed = LINE.replace("\"errors\":0", "\"errors\":1");
        for line in ["", "{}", r#"{"seconds":"x"}"#, &failed] {
            assert_eq!(read(line, Unit::Ms, COUNTS), None);
        }
    }
}
