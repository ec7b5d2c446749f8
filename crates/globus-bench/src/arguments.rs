//! The command line that all workloads share.

use std::fmt;
use std::str::FromStr;

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
                "--dir" | "--rs" | "--at" | "--pause-ms" => {}
                _ => return Err(UsageError(format!("unknown option {option}"))),
            }
        }
        Ok(arguments)
    }
}

fn number<T: FromStr>(option: &str, value: &str) -> Result<T, UsageError> {
    value.parse().map_err(|_| UsageError(format!("{option} needs a number, not `{value}`")))
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
        let arguments =
            parse("seq_task --base-url http://h/ --n 20 --conc 2 --rt current --dir /tmp").unwrap();
        assert_eq!((arguments.workload.as_str(), arguments.base_url.as_str()), ("seq_task", "http://h"));
        assert_eq!((arguments.n, arguments.conc, arguments.current_thread), (20, 2, true));
    }

    #[test]
    fn mistakes_are_named() {
        for (line, message) in [
            ("", "which workload?"),
            ("cold --n", "--n needs a value"),
            ("cold --n x", "--n needs a number, not `x`"),
            ("cold --frobnicate 1", "unknown option --frobnicate"),
        ] {
            assert_eq!(parse(line).unwrap_err().to_string(), message);
        }
    }
}
