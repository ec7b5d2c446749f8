//! What a script reports.

use std::fmt::Write;
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// Read from lines `ok    NAME` and `FAIL  NAME`, of which the latter are followed by what was wrong, up to `N passed, M failed`.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The script.
    pub(super) name: String,
    pub(super) time: Duration,
    pub(super) passed: usize,
    pub(super) failures: Vec<Failed>,
    whole: String,
    /// Whether the last line tells what the others add up to.
    complete: bool,
}

#[derive(Debug, PartialEq)]
pub(super) struct Failed {
    pub(super) name: String,
    detail: String,
}

impl Report {
    pub(super) fn broken(failure: &Failure) -> Self {
        let mut report = Self::default();
        report.fail("nothing ran", &failure.to_string());
        report
    }

    pub(super) fn read(output: &str) -> Self {
        let mut report = Self { whole: output.to_owned(), ..Self::default() };
        let mut within = false;
        for line in output.lines() {
            if line.starts_with("ok    ") {
                report.passed += 1;
                within = false;
            } else if let Some(name) = line.strip_prefix("FAIL  ") {
                report.fail(name, "");
                within = true;
            } else if let Some(failed) = report.failures.last_mut().filter(|_| within) {
                failed.detail.push_str(line);
                failed.detail.push('\n');
            }
        }
        let sum = format!("{} passed, {} failed", report.passed, report.failures.len());
        report.complete = output.lines().next_back() == Some(&sum) && report.passed > 0;
        report
    }

    /// Takes note of how the script ended, and of what the emulator had to say.
    pub(super) fn ended(&mut self, outcome: Outcome, emulator: &str) {
        let told = !self.failures.is_empty();
        if !self.complete {
            let last: Vec<_> = self.whole.lines().rev().take(20).collect();
            let last: Vec<_> = last.into_iter().rev().collect();
            let why = outcome.err().map_or_else(String::new, |failure| failure.to_string());
            self.fail("the script ends with its sum", &format!("{why}\n{}", last.join("\n")));
        } else if let Err(failure) = outcome
            && !told
        {
            self.fail("the script ends well", &failure.to_string());
        }
        if emulator.contains("panicked") {
            self.fail("the emulator does not panic", emulator);
        }
    }

    fn fail(&mut self, name: &str, detail: &str) {
        self.failures.push(Failed { name: name.to_owned(), detail: detail.to_owned() });
    }

    /// One line, and what was wrong.
    pub(super) fn summary(&self) -> String {
        let seconds = self.time.as_secs_f64();
        let mut text = format!(
            "{:<40} {:>3} passed, {} failed {seconds:>7.1} s",
            self.name,
            self.passed,
            self.failures.len()
        );
        for failed in &self.failures {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "\nFAIL {}: {}", self.name, failed.name);
            for line in failed.detail.trim().lines() {
                let _ = write!(text, "\n     {line}");
            }
        }
        text
    }

    /// Every line of the script, and then the summary.
    pub(super) fn whole(&self) -> String {
        format!("==> {}\n{}{}", self.name, self.whole, self.summary())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(output: &str, outcome: Outcome, log: &str) -> (usize, Vec<String>) {
        let mut report = Report::read(output);
        report.ended(outcome, log);
        (report.passed, report.failures.into_iter().map(|failed| failed.name).collect())
    }

    fn ended_badly() -> Outcome {
        Err(Failure::new("exit status: 1"))
    }

    #[test]
    fn lines_are_counted_and_the_words_after_a_failure_kept() {
        let output = "ok    one\nFAIL  two\nTraceback\n  here\nok    three\nnoise\n2 passed, 1 failed\n";
        let mut report = Report::read(output);
        report.ended(ended_badly(), "");
        assert_eq!(report.passed, 2);
        assert_eq!(report.failures, [Failed { name: "two".into(), detail: "Traceback\n  here\n".into() }]);
        report.name = "a.py".into();
        assert!(report.summary().contains("2 passed, 1 failed"));
        assert!(report.summary().ends_with("\nFAIL a.py: two\n     Traceback\n       here"));
    }

    #[test]
    fn a_script_that_says_all_and_ends_well_passes() {
        assert_eq!(read("ok    one\n1 passed, 0 failed\n", Ok(()), ""), (1, vec![]));
    }

    #[test]
    fn a_script_without_its_sum_or_without_a_check_has_failed() {
        for output in ["", "ok    one\n", "ok    one\n2 passed, 0 failed\n", "0 passed, 0 failed\n"] {
            let (_, failures) = read(output, Ok(()), "");
            assert_eq!(failures, ["the script ends with its sum"], "{output}");
        }
    }

    #[test]
    fn a_bad_end_counts_when_no_check_says_why() {
        let (_, failures) = read("ok    one\n1 passed, 0 failed\n", ended_badly(), "");
        assert_eq!(failures, ["the script ends well"]);
    }

    #[test]
    fn a_panic_of_the_emulator_counts() {
        let (_, failures) = read("ok    one\n1 passed, 0 failed\n", Ok(()), "thread 'x' panicked at y");
        assert_eq!(failures, ["the emulator does not panic"]);
    }
}
