//! The command line that all workloads share.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// What a workload is told: `WORKLOAD --base-url URL [--n N] …`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Arguments {
    /// Which workload runs.
    pub workload: String,
    /// The address of the server, without a slash at its end.
    pub base_url: String,
    /// How often the work is done.
    pub n: usize,
    /// How many do it at once.
    pub conc: usize,
    /// Which kind of it; empty for the plain one.
    pub variant: String,
    /// Whether a runtime of one thread is wanted.
    pub current_thread: bool,
    /// Where files may be made.
    pub dir: PathBuf,
    /// The resource server whose tokens are stored.
    pub rs: String,
    /// When it begins, if not at once: several processes then begin together.
    pub at: Option<SystemTime>,
    /// How long it rests between two pieces of work.
    pub pause: Duration,
}

/// Why a command line is not understood.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageError(String);

impl Arguments {
    /// Reads a command line without the program's name. Options that only other workloads take are passed over.
    ///
    /// # Errors
    /// When the workload or a value is missing, or a number is none.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut words = words.into_iter();
        let workload = words.next().ok_or_else(|| UsageError("which workload?".into()))?;
        let mut arguments = Self { workload, n: 1, conc: 1, ..Self::default() };
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| UsageError(format!("{option} needs a value")))?;
            match option.as_str() {
                "--base-url" => value.trim_end_matches('/').clone_into(&mut arguments.base_url),
                "--n" => arguments.n = number(&option, &value)?,
                "--conc" => arguments.conc = number(&option, &value)?,
                "--variant" => arguments.variant = value,
                "--rt" => arguments.current_thread = value == "current",
                "--dir" => arguments.dir = value.into(),
                "--rs" => arguments.rs = value,
                "--at" => arguments.at = SystemTime::UNIX_EPOCH.checked_add(duration(&option, &value, 1.0)?),
                "--pause-ms" => arguments.pause = duration(&option, &value, 1e-3)?,
                _ => return Err(UsageError(format!("unknown option {option}"))),
            }
        }
        Ok(arguments)
    }
}

fn number<T: FromStr>(option: &str, value: &str) -> Result<T, UsageError> {
    value.parse().map_err(|_| UsageError(format!("{option} needs a number, not `{value}`")))
}

/// So many units of `unit` seconds.
fn duration(option: &str, value: &str, unit: f64) -> Result<Duration, UsageError> {
    Duration::try_from_secs_f64(number::<f64>(option, value)? * unit)
        .map_err(|err| UsageError(format!("{option} {value}: {err}")))
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, UsageError> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_full_command_line_is_understood() {
        let arguments = parse("seq_task --base-url http://h/ --n 20 --conc 2 --rt current").unwrap();
        assert_eq!((arguments.workload.as_str(), arguments.base_url.as_str()), ("seq_task", "http://h"));
        assert_eq!((arguments.n, arguments.conc, arguments.current_thread), (20, 2, true));
    }

    #[test]
    fn work_on_files_says_where_and_when() {
        let arguments = parse("storage_put --dir /d --rs a.example.org --at 1.5 --pause-ms 2").unwrap();
        assert_eq!((arguments.dir, arguments.rs.as_str()), (PathBuf::from("/d"), "a.example.org"));
        assert_eq!(arguments.at, Some(SystemTime::UNIX_EPOCH + Duration::from_millis(1500)));
        assert_eq!(arguments.pause, Duration::from_millis(2));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, message) in [
            ("", "which workload?"),
            ("cold --n", "--n needs a value"),
            ("cold --n x", "--n needs a number, not `x`"),
            ("cold --frobnicate 1", "unknown option --frobnicate"),
            (
                "storage_put --pause-ms -1",
                "--pause-ms -1: cannot convert float seconds to Duration: value is negative",
            ),
        ] {
            assert_eq!(parse(line).unwrap_err().to_string(), message);
        }
    }
}
