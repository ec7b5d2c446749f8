//! As much of JSON as the recorded calls take, so that this program has no dependencies.

/// A value. Numbers, flags and `null` are not told apart: nobody here asks for them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Object(Vec<(String, Self)>),
    Array(Vec<Self>),
    Text(String),
    Other,
}

impl Value {
    /// Reads a whole document; nothing when it is not JSON.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        let value = reader.value(0)?;
        reader.space();
        reader.rest.is_empty().then_some(value)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        match self.get(name) {
            Some(Self::Text(text)) => text,
            _ => "",
        }
    }

    pub(super) fn list(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Self::Array(values)) => values,
            _ => &[],
        }
    }
}

/// Deeper than any recorded call.
const NESTING: usize = 100;

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Takes `token`, and says whether it was there.
    fn takes(&mut self, token: char) -> bool {
        self.space();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, nesting: usize) -> Option<Value> {
        if nesting > NESTING {
            return None;
        }
        if self.takes('{') {
            let mut members = Vec::new();
            while !self.takes('}') {
                if !members.is_empty() && !self.takes(',') {
                    return None;
                }
                let name = self.takes('"').then(|| self.text())??;
                let value = self.takes(':').then(|| self.value(nesting + 1))??;
                members.push((name, value));
            }
            return Some(Value::Object(members));
        }
        if self.takes('[') {
            let mut values = Vec::new();
            while !self.takes(']') {
                if !values.is_empty() && !self.takes(',') {
                    return None;
                }
                values.push(self.value(nesting + 1)?);
            }
            return Some(Value::Array(values));
        }
        if self.takes('"') {
            return self.text().map(Value::Text);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        let known = matches!(word, "null" | "true" | "false") || word.parse::<f64>().is_ok();
        known.then_some(Value::Other)
    }

    /// What is left of a text after its first quote. An escaped character stands for itself: names have none.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in self.rest.char_indices() {
            match c {
                '"' if !escaped => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                '\\' if !escaped => escaped = true,
                c => {
                    text.push(c);
                    escaped = false;
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read() {
        let text = r#" {"name": "a\"b", "cases": [{"id": "min"}, {}, -1.5e3, null, []], "x": true} "#;
        let read = Value::parse(text).unwrap();
        assert_eq!(read.text("name"), "a\"b");
        assert_eq!(read.list("cases").len(), 5);
        assert_eq!(read.list("cases")[0].text("id"), "min");
        assert_eq!((read.text("cases"), read.list("name").len(), read.get("y")), ("", 0, None));
    }

    #[test]
    fn what_is_no_json_is_told() {
        for text in ["", "{", "{\"a\"}", "{\"a\":1 \"b\":2}", "[1 2]", "[1,", "\"a", "yes", "{} {}", "{1:2}"]
        {
            assert_eq!(Value::parse(text), None, "{text}");
        }
        assert_eq!(Value::parse(&"[".repeat(100_000)), None);
    }
}
