//! What is left behind by mistake, and what only looks tested.

use super::super::violation::Violation;

/// Written in pieces, so that this file does not hold what it looks for.
const FORBIDDEN: [(&str, &str); 4] = [
    (concat!("#[", "ignore"), "a test that does not run proves nothing"),
    (concat!("todo", "!("), "what is not done fails at its user's"),
    (concat!("unimplemented", "!("), "what is not done fails at its user's"),
    (concat!("dbg", "!("), "it was meant for one look"),
];

/// What is wrong in the text of `file`.
pub(super) fn violations(file: &str, text: &str) -> Vec<Violation> {
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let (what, why) = fault(line.trim_start(), file.ends_with(".md"))?;
            Some(Violation::new(format!("{file}:{}", index + 1), format!("holds `{what}`"), why))
        })
        .collect()
}

fn fault(line: &str, is_page: bool) -> Option<(&str, &'static str)> {
    let is_comment = line.starts_with("//");
    if is_page || is_comment {
        let page = line.trim_start_matches(['/', '!']).trim_start();
        let skipped =
            page.strip_prefix("```").is_some_and(|language| language.split(',').any(|word| word == "ignore"));
        return skipped.then_some((page, "an example that is not compiled goes stale"));
    }
    FORBIDDEN.into_iter().find(|(text, _)| line.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Vec<String> {
        violations(file, text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn leftovers_are_found_with_their_line() {
        let text = format!("fn f() {{\n    {}x);\n}}\n", concat!("dbg", "!("));
        assert_eq!(
            found("a.rs", &text),
            [format!("a.rs:2: holds `{}`; it was meant for one look", concat!("dbg", "!("))]
        );
        assert_eq!(found("a.rs", &format!("{} = \"slow\"]", concat!("#[", "ignore"))).len(), 1);
    }

    #[test]
    fn examples_that_are_not_compiled_are_found() {
        assert_eq!(found("a.rs", "/// ```rust,ignore").len(), 1);
        assert_eq!(found("README.md", "```ignore").len(), 1);
        assert!(found("README.md", "```text\nignore\n```").is_empty());
    }

    #[test]
    fn a_comment_may_speak_of_them() {
        assert!(found("a.rs", &format!("// no {}) here", concat!("todo", "!("))).is_empty());
    }
}
