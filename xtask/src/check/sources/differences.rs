//! Whether `docs/differences.md` is true: each row names tests that are there, and no recorded case is left out.

use std::fs;
use std::path::Path;

use crate::check::violation::Violation;
use crate::failure::{Failure, Outcome};

const PAGE: &str = "docs/differences.md";
/// Where the differences from recorded cases have their reasons.
const RECORDED: [&str; 2] = [
    "crates/globus-transport/tests/vectors/DIFFERENCES.md",
    "crates/globus-auth-core/tests/vectors/DIFFERENCES.md",
];

/// `sources` are the texts in which the tests are.
pub(super) fn check(root: &Path, sources: &[String]) -> Outcome<Vec<Violation>> {
    let read = |name: &str| {
        fs::read_to_string(root.join(name)).map_err(Failure::while_doing(format!("reading {name}")))
    };
    let recorded: Vec<String> = RECORDED.iter().map(|name| read(name)).collect::<Outcome<_>>()?;
    let cases: Vec<&str> = recorded.iter().flat_map(|text| text.lines()).filter_map(case).collect();
    let is_test = |name: &str| sources.iter().any(|text| text.contains(&format!("fn {name}(")));
    Ok(violations(&read(PAGE)?, &cases, is_test))
}

/// The name of the rule that a line is about.
fn case(line: &str) -> Option<&str> {
    Some(line.strip_prefix("- `")?.split_once("`: ")?.0)
}

fn violations(page: &str, cases: &[&str], is_test: impl Fn(&str) -> bool) -> Vec<Violation> {
    let violation = |what: String, why| Violation::new(PAGE, what, why);
    let mut found = Vec::new();
    let mut named = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| ") && !line.ends_with("| test |")) {
        let tests = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && !row.starts_with("| ---") {
            found.push(violation(format!("a row without a test: {row}"), "what no test shows may not be so"));
        }
        for test in &tests {
            if !cases.contains(test) && !is_test(test) {
                found.push(violation(format!("there is no test {test}"), "it was renamed or removed"));
            }
        }
        named.extend(tests);
    }
    let missing = cases.iter().filter(|case| !named.contains(case));
    found.extend(missing.map(|case| {
        violation(format!("the recorded case {case} is not in it"), "the page lists every difference")
    }));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "| Python SDK | here | why | test |\n| --- | --- | --- | --- |\n";

    fn found(rows: &str) -> Vec<String> {
        let page = format!("{HEAD}{rows}");
        let found = violations(&page, &["some-case"], |name| name == "a_test");
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_row_names_tests_that_are_there() {
        assert!(found("| a `x` | b | c | `a_test` `some-case` |\n").is_empty());
        let found = found("| a | b | c | `some-case` `gone` |\n| a | b | `a_test` | none |\n");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("there is no test gone"), "{found:?}");
        assert!(found[1].contains("a row without a test"), "{found:?}");
    }

    #[test]
    fn no_recorded_case_is_left_out() {
        assert!(found("| a | b | c | `a_test` |\n")[0].contains("some-case is not in it"));
    }

    #[test]
    fn a_rule_is_a_line_with_its_name() {
        assert_eq!(case("- `some-case`: a reason"), Some("some-case"));
        assert_eq!(case("Each line is one rule"), None);
    }
}
