//! A file is one idea that one can hold.

use super::super::violation::Violation;

const LONGEST: usize = 600;
const LONG: usize = 400;
const MEDIAN: usize = 150;
const WHY: &str = "a file is one idea: look for the second one";

#[derive(Debug, Default)]
pub(super) struct Lengths(Vec<(usize, String)>);

impl Lengths {
    pub(super) fn add(&mut self, file: String, lines: usize) {
        self.0.push((lines, file));
    }

    pub(super) fn summary(&self) -> String {
        let longest = self.0.iter().max().map(|(lines, file)| format!(", the longest {lines} ({file})"));
        format!(
            "{} files, median {} lines, {} over {LONG}{}",
            self.0.len(),
            self.median(),
            self.long().count(),
            longest.unwrap_or_default(),
        )
    }

    pub(super) fn violations(&self) -> Vec<Violation> {
        let too_long = self.0.iter().filter(|(lines, _)| *lines > LONGEST);
        let mut violations: Vec<_> = too_long
            .map(|(lines, file)| Violation::new(file, format!("has {lines} lines, more than {LONGEST}"), WHY))
            .collect();
        let long = self.long().count();
        if long * 20 > self.0.len() {
            let what = format!("{long} of {} have more than {LONG} lines, over 5 %", self.0.len());
            violations.push(Violation::new("all files", what, WHY));
        }
        if self.median() >= MEDIAN {
            let what = format!("half of them have {} lines or more, not under {MEDIAN}", self.median());
            violations.push(Violation::new("all files", what, WHY));
        }
        violations
    }

    fn long(&self) -> impl Iterator<Item = &(usize, String)> {
        self.0.iter().filter(|(lines, _)| *lines > LONG)
    }

    fn median(&self) -> usize {
        let mut lines: Vec<_> = self.0.iter().map(|(lines, _)| *lines).collect();
        lines.sort_unstable();
        lines.get(lines.len() / 2).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn violations(lengths: &[usize]) -> Vec<String> {
        let mut all = Lengths::default();
        lengths.iter().for_each(|lines| all.add(format!("{lines}.rs"), *lines));
        all.violations().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_limits_themselves_are_allowed() {
        let mut lengths = vec![149; 20];
        lengths.push(600);
        assert!(violations(&lengths).is_empty());
    }

    #[test]
    fn a_file_that_is_too_long_is_named() {
        let mut lengths = vec![100; 20];
        lengths.push(601);
        assert_eq!(
            violations(&lengths),
            ["601.rs: has 601 lines, more than 600; a file is one idea: look for the second one"]
        );
    }

    #[test]
    fn many_long_files_and_a_high_median_are_found() {
        assert_eq!(violations(&[100, 100, 401]).len(), 1);
        assert_eq!(violations(&[100, 150, 150]).len(), 1);
    }
}
