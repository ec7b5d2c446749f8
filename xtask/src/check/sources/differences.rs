//! Whether `docs/differences.md` is whole: no recorded case is left out.

use std::fs;
use std::path::Path;

use super::pages;
use crate::check::violation::Violation;
use crate::failure::{Failure, Outcome};

const PAGE: &str = "docs/differences.md";
/// Where the differences from recorded cases have their reasons.
const RECORDED: [&str; 4] = [
    "crates/globus-transport/tests/vectors/DIFFERENCES.md",
    "crates/globus-transport/tests/retry_vectors/DIFFERENCES.md",
    "crates/globus-auth-core/tests/vectors/DIFFERENCES.md",
    "crates/globus-services/tests/contract/DIFFERENCES.md",
];

/// `is_test` knows the tests of the workspace.
pub(super) fn check(root: &Path, is_test: impl Fn(&str) -> bool) -> Outcome<Vec<Violation>> {
    let read = |name: &str| {
        fs::read_to_string(root.join(name)).map_err(Failure::while_doing(format!("reading {name}")))
    };
    let recorded: Vec<String> = RECORDED.iter().map(|name| read(name)).collect::<Outcome<_>>()?;
    let cases: Vec<&str> = recorded.iter().flat_map(|text| text.lines()).filter_map(case).collect();
    Ok(violations(&read(PAGE)?, &cases, is_test))
}

/// The name of the rule that a line is about.
fn case(line: &str) -> Option<&str> {
    Some(line.strip_prefix("- `")?.split_once("`: ")?.0)
}

fn violations(page: &str, cases: &[&str], is_test: impl Fn(&str) -> bool) -> Vec<Violation> {
    let mut found = pages::violations(PAGE, page, |name| cases.contains(&name) || is_test(name));
    let named: Vec<&str> = pages::rows(page).flat_map(pages::tests).collect();
    let missing = cases.iter().filter(|case| !named.contains(case));
    found.extend(missing.map(|case| {
        Violation::new(
            PAGE,
            format!("the recorded case {case} is not in it"),
            "the page lists every difference",
        )
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
    fn no_recorded_case_is_left_out() {
        assert!(found("| a | b | c | `a_test` `some-case` |\n").is_empty());
        assert!(found("| a | b | c | `a_test` |\n")[0].contains("some-case is not in it"));
    }

    #[test]
    fn a_rule_is_a_line_with_its_name() {
        assert_eq!(case("- `some-case`: a reason"), Some("some-case"));
        assert_eq!(case("Each line is one rule"), None);
    }
}
