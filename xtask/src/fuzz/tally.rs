//! What libFuzzer says about a run.

use std::fmt;

/// What came of one target.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Tally {
    pub(crate) executions: u64,
    /// In edges: what the inputs at hand reached, and what was reached at the end.
    coverage: Option<(u64, u64)>,
    /// How many inputs are worth keeping.
    corpus: u64,
    seconds: u64,
    crashes: usize,
}

impl Tally {
    /// Reads one line, such as `#1024 NEW cov: 12 ft: 34 corp: 5/67b lim: 8 exec/s: 9 rss: 10Mb …`.
    pub(crate) fn read(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let after = |name: &str| {
            let at = words.iter().position(|word| *word == name)?;
            words.get(at + 1)?.split('/').next()?.parse().ok()
        };
        if let Some(executions) = words.first().and_then(|word| word.strip_prefix('#')?.parse().ok()) {
            self.executions = executions;
            if let Some(coverage) = after("cov:") {
                // What comes before `INITED` is the reading of the inputs at hand.
                let first = match self.coverage {
                    Some((first, _)) if !words.contains(&"INITED") => first,
                    _ => coverage,
                };
                self.coverage = Some((first, coverage));
            }
            self.corpus = after("corp:").unwrap_or(self.corpus);
        }
        self.executions = after("stat::number_of_executed_units:").unwrap_or(self.executions);
        if words.first() == Some(&"Done") {
            self.seconds = after("in").unwrap_or(0);
        }
    }

    /// Takes note of how it ended, and of how many inputs it left behind.
    pub(crate) fn ended(&mut self, well: bool, crashes: usize) {
        self.crashes = if well { crashes } else { crashes.max(1) };
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.crashes == 0
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = self.coverage.unwrap_or_default();
        write!(
            f,
            "{:>9} executions in {} s, coverage {first} -> {last}, corpus {}, {} crashes",
            self.executions, self.seconds, self.corpus, self.crashes
        )
    }
}

/// Whether a line is no running commentary.
pub(crate) fn is_for_people(line: &str) -> bool {
    // A quote begins a word that the fuzzer would put into a dictionary.
    !line.starts_with(['#', '\t', '"'])
        && !["INFO: ", "stat::", "Done "].iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: [&str; 10] = [
        "INFO: Running with entropic power schedule (0xFF, 100).",
        "#2\tpulse  cov: 10 ft: 20 corp: 1/1b exec/s: 1 rss: 40Mb",
        "#7\tINITED cov: 100 ft: 200 corp: 5/60b exec/s: 0 rss: 40Mb",
        "#1024\tNEW    cov: 120 ft: 300 corp: 6/70b lim: 4096 exec/s: 512 rss: 41Mb L: 10/20 MS: 1 ChangeBit-",
        "\tNEW_FUNC[1/1]: 0x55",
        "#4096\tDONE   cov: 130 ft: 310 corp: 9/99b lim: 4096 exec/s: 409 rss: 42Mb",
        "###### Recommended dictionary. ######",
        "\"openid\" # Uses: 68",
        "Done 4096 runs in 11 second(s)",
        "stat::number_of_executed_units: 4097",
    ];

    #[test]
    fn a_run_is_summed_up_in_a_line() {
        let mut tally = Tally::default();
        RUN.iter().for_each(|line| tally.read(line));
        tally.ended(true, 0);
        let line = "     4097 executions in 11 s, coverage 100 -> 130, corpus 9, 0 crashes";
        assert_eq!((tally.to_string(), tally.is_clean()), (line.to_owned(), true));
    }

    #[test]
    fn a_run_that_ends_badly_has_found_something() {
        let mut tally = Tally::default();
        tally.ended(false, 0);
        assert!(!tally.is_clean());
    }

    #[test]
    fn running_commentary_is_left_out() {
        assert!(RUN.iter().all(|line| !is_for_people(line)));
        assert!(is_for_people("thread '<unnamed>' panicked at fuzz/src/scopes.rs:1:1"));
    }
}
