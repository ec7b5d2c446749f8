//! The grammar: `[*]scope[dependency dependency…]`, nested, separated by spaces.

use super::graph::{Graph, MAX_DEPTH, too_deep};
use super::{ScopeParseError, ScopeParseErrorKind as Kind};

/// Reads a whole text into a graph. It keeps its own stack, which is bounded, so no text can exhaust the real one.
pub(super) fn parse(text: &str) -> Result<Graph<'_>, ScopeParseError> {
    Parser { text, position: 0, open: Vec::new(), graph: Graph::default() }.run()
}

/// Whether `name` is one scope: what is between separators, and nothing that Auth would read otherwise.
pub(super) fn check_name(name: &str) -> Result<(), ScopeParseError> {
    if name.is_empty() {
        return Err(ScopeParseError::whole(Kind::Empty, "the name of a scope is empty"));
    }
    match name.find(|c: char| matches!(c, '[' | ']' | '*') || is_invalid(c)) {
        Some(place) => Err(invalid_character(name, place)),
        None => Ok(()),
    }
}

fn is_invalid(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

fn invalid_character(text: &str, place: usize) -> ScopeParseError {
    ScopeParseError::at(
        Kind::InvalidCharacter,
        text,
        place,
        "a scope holds no whitespace, control character, bracket or `*`; scopes are separated by spaces",
    )
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    /// The scopes whose brackets are open, and where, outermost first.
    open: Vec<(&'a str, usize)>,
    graph: Graph<'a>,
}

impl<'a> Parser<'a> {
    fn run(mut self) -> Result<Graph<'a>, ScopeParseError> {
        loop {
            self.position += self.rest().len() - self.rest().trim_start_matches(' ').len();
            match self.rest().chars().next() {
                None => break,
                Some('[') => return self.fail(Kind::MissingName, "`[` follows a scope without a space"),
                Some(']') => self.close()?,
                Some(_) => self.scope()?,
            }
        }
        match self.open.last() {
            Some(&(_, place)) => {
                self.position = place;
                self.fail(Kind::Unbalanced, "this `[` has no `]`")
            }
            None => Ok(self.graph),
        }
    }

    /// A scope with its mark and, if it has dependencies, the bracket that opens them.
    fn scope(&mut self) -> Result<(), ScopeParseError> {
        let optional = self.eat('*');
        let rest = self.rest();
        let end = rest.find(|c: char| matches!(c, '[' | ']' | '*') || is_invalid(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() && !after.starts_with(is_control_like) {
            return self.fail(Kind::MissingName, "`*` is followed by the scope that it marks");
        }
        self.position += end;
        match after.chars().next() {
            Some('*') => {
                return self.fail(Kind::UnexpectedAsterisk, "`*` stands before a scope, after a space");
            }
            Some(c) if is_control_like(c) => return Err(invalid_character(self.text, self.position)),
            _ => {}
        }
        self.graph.add(self.open.last().map(|&(parent, _)| parent), name, optional);
        let bracket = self.position;
        if self.eat('[') {
            self.open.push((name, bracket));
            if self.open.len() >= MAX_DEPTH {
                return Err(too_deep(Some((self.text, bracket))));
            }
            if self.rest().trim_start_matches(' ').starts_with(']') {
                return self.fail(Kind::EmptyBrackets, "brackets hold at least one scope");
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ScopeParseError> {
        if self.open.pop().is_none() {
            return self.fail(Kind::Unbalanced, "this `]` has no `[`");
        }
        self.eat(']');
        match self.rest().chars().next() {
            None | Some(' ' | ']') => Ok(()),
            Some(_) => self.fail(Kind::MissingSpace, "`]` is followed by a space, `]` or the end"),
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn eat(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        self.position += if found { expected.len_utf8() } else { 0 };
        found
    }

    fn fail<T>(&self, kind: Kind, reason: &str) -> Result<T, ScopeParseError> {
        Err(ScopeParseError::at(kind, self.text, self.position, reason))
    }
}

/// Invalid in a scope, and not the space that ends one.
fn is_control_like(c: char) -> bool {
    is_invalid(c) && c != ' '
}
