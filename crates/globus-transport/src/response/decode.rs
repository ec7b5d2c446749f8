//! Reading JSON so that a failure says where and why, but never quotes what it read: it may hold a token.

use std::any::type_name;

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::path;

/// Reads `body`; the error is the reason in words. `encoding` is one that the body still has.
pub(super) fn json<T: DeserializeOwned>(body: &[u8], encoding: Option<&str>) -> Result<T, String> {
    let text = if body.is_empty() { b"null" } else { body };
    match serde_json::from_slice(text) {
        Ok(value) => Ok(value),
        Err(err) => Err(explain::<T>(body, encoding, &err)),
    }
}

/// Reads again, slowly, to learn the path; only failures pay for it.
fn explain<T: DeserializeOwned>(body: &[u8], encoding: Option<&str>, first: &serde_json::Error) -> String {
    let what = &short_name(type_name::<T>());
    if body.is_empty() {
        return format!("the answer is empty where JSON for {what} was expected");
    }
    if let Some(encoding) = encoding {
        let known =
            ["gzip", "deflate", "br", "zstd"].into_iter().find(|name| encoding.eq_ignore_ascii_case(name));
        let how = known.unwrap_or("in an unknown way");
        return format!(
            "the answer cannot be read as {what}: it came compressed ({how}), which was not asked for; something on the way \
             may have done that"
        );
    }
    if body.trim_ascii_start().starts_with(b"<") {
        return format!(
            "the answer cannot be read as {what}: it is an HTML page and no JSON; a proxy or a login page may have answered \
             instead of the service"
        );
    }
    let place = format!("line {}, column {}", first.line(), first.column());
    match first.classify() {
        Category::Eof => format!("the answer cannot be read as {what}: it ends too early ({place})"),
        Category::Syntax | Category::Io => {
            format!("the answer cannot be read as {what}: it is not JSON ({place})")
        }
        Category::Data => {
            let path = path::of_failure::<T>(body).map(|path| format!(" in `{path}`")).unwrap_or_default();
            format!("the answer cannot be read as {what}: {}{path} ({place})", redacted(&first.to_string()))
        }
    }
}

/// `Vec<Item>` for `alloc::vec::Vec<program::Item>`.
fn short_name(name: &str) -> String {
    let mut short = String::new();
    for part in name.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')) {
        short.push_str(part.rsplit("::").next().unwrap_or(part));
    }
    short
}

/// Keeps of serde's message what comes from the code: the kind of trouble, field names and what was expected.
fn redacted(message: &str) -> String {
    // The position is said elsewhere.
    let message = message.rfind(" at line ").map_or(message, |at| &message[..at]);
    if message.starts_with("missing field `") || message.starts_with("duplicate field `") {
        return message.to_owned();
    }
    let expected = message.rfind(", expected ").map(|at| &message[at + 2..]);
    let trouble = ["invalid type: ", "invalid value: "].iter().find_map(|prefix| {
        let found = message.strip_prefix(prefix)?;
        // `string "AgSecret"`, `integer `5``: the kind is before the value.
        Some(found.split([' ', ',']).next().unwrap_or_default())
    });
    match (trouble, expected) {
        (Some(found), Some(expected)) => format!("{expected}, found {found}"),
        (None, Some(expected)) => format!("a value does not fit, {expected}"),
        _ => "a value does not fit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Color {
        Red,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Item {
        #[expect(dead_code, reason = "only read")]
        size: u64,
        #[expect(dead_code, reason = "only read")]
        color: Option<Color>,
    }

    #[derive(Debug, serde::Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only read")]
        #[serde(rename = "DATA")]
        data: Vec<Item>,
        #[expect(dead_code, reason = "only read")]
        #[serde(default)]
        by_name: BTreeMap<String, Option<(u8, Item)>>,
    }

    fn reason(body: &str) -> String {
        json::<Page>(body.as_bytes(), None).unwrap_err()
    }

    #[test]
    fn the_field_and_the_place_are_named_and_the_body_is_not_quoted() {
        for (body, expected) in [
            (
                r#"{"DATA": [{"size": 1}, {"size": "AgHidden, expected x"}]}"#,
                "expected u64, found string in `DATA[1].size`",
            ),
            (r#"{"DATA": [{"color": "red"}]}"#, "missing field `size` in `DATA[0]`"),
            (r#"{"DATA": [{"size": 1, "color": "AgHidden"}]}"#, "expected `red` in `DATA[0].color`"),
            (r#"{"DATA": [{"size": -7}]}"#, "found integer in `DATA[0].size`"),
            (r#"{"DATA": {"AgHidden": 1}}"#, "expected a sequence, found map in `DATA` (line 1"),
            (r#"{"DATA": [], "by_name": {"AgHidden": [1, {"size": ""}]}}"#, "in `by_name.*[1].size`"),
            (r#"{"DATA": [], "by_name": {"AgHidden": [1]}}"#, "in `by_name.*` (line 1"),
            (r#""AgHidden""#, "expected struct Page, found string (line 1"),
            (r#"{"DATA": [{"size": AgHidden"#, "it is not JSON (line 1, column 20)"),
            (r#"{"DATA": ["#, "it ends too early (line 1, column 10)"),
            ("<html>AgHidden</html>", "it is an HTML page and no JSON"),
            ("", "the answer is empty where JSON for "),
        ] {
            let reason = reason(body);
            assert!(reason.contains(expected), "{body}: {reason}");
            assert!(!reason.contains("AgHidden"), "{reason}");
        }
    }

    #[test]
    fn types_are_named_without_their_modules() {
        assert_eq!(short_name(type_name::<BTreeMap<String, Vec<Item>>>()), "BTreeMap<String, Vec<Item>>");
        assert_eq!(short_name(type_name::<(u8, &str)>()), "(u8, &str)");
    }

    #[test]
    fn an_empty_body_reads_as_null() {
        assert_eq!(json::<Option<u8>>(b"", None), Ok(None));
        assert_eq!(json::<()>(b"", None), Ok(()));
    }
}
