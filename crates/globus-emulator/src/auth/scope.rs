//! The grammar of scope strings: `a b[c *d[e]]`.

use serde::{Deserialize, Serialize};

/// A scope with the scopes it is asked to pass on.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Scope {
    pub(crate) name: String,
    /// Written with `*`: the user may revoke it on its own.
    pub(crate) optional: bool,
    pub(crate) dependencies: Vec<Self>,
}

/// Reads a list of scopes, separated by spaces; `None` when it breaks the grammar.
pub(crate) fn parse(text: &str) -> Option<Vec<Scope>> {
    let mut reader = Reader { rest: text };
    let scopes = reader.list(0)?;
    reader.rest.is_empty().then_some(scopes)
}

/// Deeper nesting than any service knows; a limit keeps hostile input from the stack.
const DEEPEST: usize = 16;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn list(&mut self, depth: usize) -> Option<Vec<Scope>> {
        let mut scopes = Vec::new();
        if depth > DEEPEST {
            return None;
        }
        loop {
            self.rest = self.rest.trim_start_matches(' ');
            if self.rest.is_empty() || self.rest.starts_with(']') {
                return Some(scopes);
            }
            scopes.push(self.scope(depth)?);
            if !(self.rest.is_empty() || self.rest.starts_with([' ', ']'])) {
                return None;
            }
        }
    }

    fn scope(&mut self, depth: usize) -> Option<Scope> {
        let optional = self.rest.starts_with('*');
        if optional {
            self.rest = &self.rest[1..];
        }
        let end = self.rest.find([' ', '[', ']', '*']).unwrap_or(self.rest.len());
        if end == 0 {
            return None;
        }
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut dependencies = Vec::new();
        if let Some(inner) = self.rest.strip_prefix('[') {
            self.rest = inner;
            dependencies = self.list(depth + 1)?;
            self.rest = self.rest.strip_prefix(']')?;
            if dependencies.is_empty() {
                return None;
            }
        }
        Some(Scope { name: name.to_owned(), optional, dependencies })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_nest_and_may_be_optional() {
        let scopes = parse("a b[c *d[e]] *f").unwrap();
        assert_eq!(scopes.len(), 3);
        let inner = &scopes[1].dependencies;
        assert_eq!((inner[0].name.as_str(), inner[0].optional), ("c", false));
        assert_eq!((inner[1].name.as_str(), inner[1].optional), ("d", true));
        assert_eq!(inner[1].dependencies[0].name, "e");
        assert!(scopes[2].optional);
    }

    #[test]
    fn broken_scopes_are_refused() {
        for broken in ["a[", "a]", "a[]", "[a]", "a [b]", "*", "a[b]c", "a[b", "**a", "a*", "a[[b]]"] {
            assert_eq!(parse(broken), None, "{broken}");
        }
        assert_eq!(parse("").map(|scopes| scopes.len()), Some(0));
        assert_eq!(parse(&"a[".repeat(100_000)), None);
    }
}
