//! Counting what test programs report.

use std::fmt;

/// How many tests passed and failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    /// Something failed that is no test: it counts as one, so that no summary looks well that is not.
    pub(crate) broken: bool,
}

impl Tally {
    /// Reads one line of output.
    pub(crate) fn read(&mut self, line: &str) {
        let line = plain(line);
        if let Some((passed, failed)) = harness(&line).or_else(|| vectors(&line)) {
            self.passed += passed;
            self.failed += failed;
        }
    }

    /// Adds what another run reported.
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.broken |= other.broken;
    }

    /// Takes note of how the whole run ended.
    pub(crate) fn ended(&mut self, well: bool) {
        if !well && self.failed == 0 {
            self.failed = 1;
            self.broken = true;
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// `test result: ok. 5 passed; 0 failed; 0 ignored; …`
fn harness(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let passed = counts.next()?.strip_suffix(" passed")?;
    let failed = counts.next()?.strip_suffix(" failed")?;
    Some((passed.parse().ok()?, failed.parse().ok()?))
}

/// `scope vectors: 120 cases, 0 failed`
fn vectors(line: &str) -> Option<(u64, u64)> {
    let (name, counts) = line.split_once(": ")?;
    name.strip_suffix(" vectors")?;
    let (cases, failed) = counts.split_once(" cases, ")?;
    let (cases, failed): (u64, u64) = (cases.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?);
    Some((cases.checked_sub(failed)?, failed))
}

/// The line without the escape sequences that colour it.
fn plain(line: &str) -> String {
    let mut parts = line.trim_end().split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, text)| text));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn all_kinds_of_results_are_summed() {
        let tally = tally(&[
            "running 5 tests",
            "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "scope vectors: 120 cases, 1 failed",
            "error vectors: 40 cases, 0 failed\r",
        ]);
        assert_eq!(tally.to_string(), "167 passed, 3 failed");
    }

    #[test]
    fn other_lines_do_not_count() {
        let lines = [
            "test a::b ... ok",
            "test result: ok",
            "vectors: 3 cases, 0 failed",
            "x vectors: 3 cases, 4 failed",
        ];
        assert_eq!(tally(&lines), Tally::default());
    }

    #[test]
    fn a_run_that_ends_badly_without_a_failed_test_is_not_a_success() {
        let mut tally = tally(&["test result: ok. 5 passed; 0 failed; 0 ignored"]);
        tally.ended(false);
        assert_eq!(tally.to_string(), "5 passed, 1 failed");
        assert!(tally.broken);
    }
}
