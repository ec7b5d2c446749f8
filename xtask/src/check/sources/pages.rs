//! Pages whose tables say what is so, and which tests show it: `docs/differences.md`, `docs/reliability.md`.

use crate::check::violation::Violation;

/// Rows of `page` that name no test, or one that is not there.
pub(super) fn violations(name: &str, page: &str, is_known: impl Fn(&str) -> bool) -> Vec<Violation> {
    let violation = |what: String, why| Violation::new(name, what, why);
    let mut found = Vec::new();
    for row in rows(page) {
        let tests = tests(row);
        if tests.is_empty() {
            found.push(violation(format!("a row without a test: {row}"), "what no test shows may not be so"));
        }
        let gone = tests.into_iter().filter(|test| !is_known(test));
        found.extend(
            gone.map(|test| violation(format!("there is no test {test}"), "it was renamed or removed")),
        );
    }
    found
}

/// The rows of those tables that have a column `test` at their end, without the heads.
pub(super) fn rows(page: &str) -> impl Iterator<Item = &str> {
    let mut within = false;
    page.lines().filter(move |line| {
        if !line.starts_with('|') {
            within = false;
        } else if line.ends_with("| test |") {
            within = true;
            return false;
        }
        within && !line.starts_with("| ---")
    })
}

/// The names in the last column.
pub(super) fn tests(row: &str) -> Vec<&str> {
    let last = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap_or_default();
    last.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "| Python SDK | here | why | test |\n| --- | --- | --- | --- |\n";

    fn found(rows: &str) -> Vec<String> {
        let page = format!("{HEAD}{rows}");
        let found = violations("page", &page, |name| matches!(name, "a_test" | "some-case"));
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
    fn other_tables_need_no_tests() {
        assert!(found("\n| what | where |\n| --- | --- |\n| a | b |\n").is_empty());
    }
}
