//! The command line.

use std::fmt;

use crate::soak;

pub(crate) const HELP: &str = "\
Usage: cargo xtask COMMAND

  demo               logs in, lists groups, searches and transfers, against a local Globus
  test               runs every test of the workspace, and says how many passed
  check              proves the layers, the banned dependencies and the budgets, and builds each crate alone
  coverage [--check] writes docs/coverage.md, or checks that it is up to date and that no method is left out
  secrets            runs every test with everything logged, and searches what is logged, printed or told for secrets
  soak [N]           runs the long loops, optimised, with N times the rounds of an ordinary run (20 unless told)
  fuzz [--seconds N] [TARGET...]
                     runs the fuzz targets, or those named, for N seconds each (600 unless told); needs cargo-fuzz
  browser-test [WORD...]
                     runs the tests in a real browser, or those whose names hold one of the words; needs Chromium
  real-clients [NAME...]
                     runs the Python SDK, the Globus command line and the JavaScript SDK, as they come, against the
                     emulator; with names, only the scripts that have one of them in their path
  ci                 all that must pass before a change is merged: fmt, clippy, check, coverage, test, browser, demo,
                     real-clients, doc, secrets
  bench [--quick] [--emulator]
                     measures the SDK beside bare reqwest + serde, and prints ratios; and the emulator, or only that
  help               this list
";

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    /// With the arguments of the demonstration itself.
    Demo(Vec<String>),
    Test,
    Check,
    Coverage {
        /// Whether the page is compared, and not written.
        check: bool,
    },
    Secrets,
    /// With how many times as many rounds as in an ordinary run.
    Soak(u32),
    Fuzz(FuzzSettings),
    /// Tests whose names hold one of these; all, when there is none.
    BrowserTest(Vec<String>),
    /// With parts of the scripts' paths; all, when there is none.
    RealClients(Vec<String>),
    Ci,
    Bench(BenchSettings),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FuzzSettings {
    /// For each target.
    pub(crate) seconds: u32,
    /// All, when it is empty.
    pub(crate) targets: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BenchSettings {
    /// Little work, to see that it works.
    pub(crate) quick: bool,
    pub(crate) only_emulator: bool,
}

/// What is wrong with the command line.
#[derive(Debug, PartialEq)]
pub(crate) struct Mistake(String);

impl Command {
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, Mistake> {
        let mut words = words.into_iter();
        let name = words.next().unwrap_or_else(|| "help".to_owned());
        let rest: Vec<_> = words.collect();
        let command = match name.as_str() {
            "demo" => return Ok(Self::Demo(rest)),
            "browser-test" => return Ok(Self::BrowserTest(rest)),
            "bench" => {
                let said = |option| rest.iter().any(|word| word == option);
                let settings = BenchSettings { quick: said("--quick"), only_emulator: said("--emulator") };
                return only(Self::Bench(settings), &name, &rest, &["--quick", "--emulator"]);
            }
            "help" | "--help" | "-h" => Self::Help,
            "test" => Self::Test,
            "check" => Self::Check,
            "coverage" => {
                let check = rest.iter().any(|word| word == "--check");
                return only(Self::Coverage { check }, &name, &rest, &["--check"]);
            }
            "secrets" => Self::Secrets,
            "soak" => {
                let Some((times, rest)) = rest.split_first() else { return Ok(Self::Soak(soak::ROUNDS)) };
                let times = times.parse().ok().filter(|times| *times > 0);
                let times = times.ok_or_else(|| Mistake("`soak` takes a number of 1 or more".into()))?;
                return only(Self::Soak(times), &name, rest, &[]);
            }
            "fuzz" => return fuzz(rest),
            "real-clients" => match rest.iter().find(|word| word.starts_with('-')) {
                Some(word) => return Err(Mistake(format!("`{name}` does not take `{word}`"))),
                None => return Ok(Self::RealClients(rest)),
            },
            "ci" => Self::Ci,
            _ => return Err(Mistake(format!("there is no command `{name}`"))),
        };
        only(command, &name, &rest, &[])
    }
}

/// `[--seconds N] [TARGET...]`
fn fuzz(mut words: Vec<String>) -> Result<Command, Mistake> {
    let mut seconds = 600;
    if let Some(at) = words.iter().position(|word| word == "--seconds") {
        let number = words.get(at + 1).and_then(|number| number.parse().ok()).filter(|number| *number > 0);
        seconds = number.ok_or_else(|| Mistake("`--seconds` takes a number of 1 or more".into()))?;
        words.drain(at..at + 2);
    }
    match words.iter().find(|word| word.starts_with('-')) {
        Some(word) => Err(Mistake(format!("`fuzz` does not take `{word}`"))),
        None => Ok(Command::Fuzz(FuzzSettings { seconds, targets: words })),
    }
}

/// `command`, when `words` holds nothing but `known`.
fn only(command: Command, name: &str, words: &[String], known: &[&str]) -> Result<Command, Mistake> {
    match words.iter().find(|word| !known.contains(&word.as_str())) {
        Some(word) => Err(Mistake(format!("`{name}` does not take `{word}`"))),
        None => Ok(command),
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        Command::parse(line.split_whitespace().map(str::to_owned)).map_err(|mistake| mistake.to_string())
    }

    #[test]
    fn every_command_is_in_the_help_and_understood() {
        // A long line goes on below, further in.
        let listed = HELP.lines().skip(2).filter(|line| !line.starts_with("   "));
        let listed = listed.filter_map(|line| line.split_whitespace().next());
        let mut count = 0;
        for name in listed {
            parse(name).unwrap();
            count += 1;
        }
        assert_eq!(count, 12);
        assert_eq!(parse(""), Ok(Command::Help));
    }

    #[test]
    fn options_are_understood_and_others_refused() {
        let bench = |quick, only_emulator| Ok(Command::Bench(BenchSettings { quick, only_emulator }));
        assert_eq!(parse("bench --quick"), bench(true, false));
        assert_eq!(parse("bench --emulator"), bench(false, true));
        assert_eq!(parse("bench --slow"), Err("`bench` does not take `--slow`".into()));
        assert_eq!(parse("coverage"), Ok(Command::Coverage { check: false }));
        assert_eq!(parse("coverage --check"), Ok(Command::Coverage { check: true }));
        assert_eq!(parse("soak"), Ok(Command::Soak(20)));
        assert_eq!(parse("soak 3"), Ok(Command::Soak(3)));
        assert_eq!(parse("soak 0"), Err("`soak` takes a number of 1 or more".into()));
        assert_eq!(parse("soak 3 4"), Err("`soak` does not take `4`".into()));
        let fuzz = |seconds, targets: &[&str]| {
            let targets = targets.iter().map(|name| (*name).to_owned()).collect();
            Ok(Command::Fuzz(FuzzSettings { seconds, targets }))
        };
        assert_eq!(parse("fuzz"), fuzz(600, &[]));
        assert_eq!(parse("fuzz --seconds 5 scopes paging"), fuzz(5, &["scopes", "paging"]));
        assert_eq!(parse("fuzz scopes --seconds"), Err("`--seconds` takes a number of 1 or more".into()));
        assert_eq!(parse("fuzz --fast"), Err("`fuzz` does not take `--fast`".into()));
        assert_eq!(parse("browser-test consent"), Ok(Command::BrowserTest(vec!["consent".into()])));
        assert_eq!(parse("test fast"), Err("`test` does not take `fast`".into()));
        assert_eq!(parse("tset"), Err("there is no command `tset`".into()));
        assert_eq!(parse("real-clients"), Ok(Command::RealClients(vec![])));
        assert_eq!(parse("real-clients groups"), Ok(Command::RealClients(vec!["groups".into()])));
        assert_eq!(parse("real-clients --all"), Err("`real-clients` does not take `--all`".into()));
        assert_eq!(parse("demo --slow"), Ok(Command::Demo(vec!["--slow".into()])));
    }
}
