//! The filter and order languages of listings: `name:~*.txt/type:dir`, `name DESC,size`.

use std::cmp::Ordering;

use serde_json::Value;

use super::error::TransferError;
use crate::http::Call;

/// What can be asked of the documents of one kind of listing.
pub(crate) type Fields = &'static [&'static str];

/// Conditions that must all hold.
#[derive(Debug)]
pub(crate) struct Filter {
    conditions: Vec<Condition>,
}

#[derive(Debug)]
struct Condition {
    field: String,
    values: Vec<String>,
}

impl Filter {
    /// Reads `field:value,value/field:value`; a part without a colon is a name.
    pub(crate) fn parse(text: &str, fields: Fields) -> Result<Self, TransferError> {
        let conditions = text
            .split('/')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (field, values) = part.split_once(':').unwrap_or(("name", part));
                let values = values.split(',').map(str::to_owned).collect();
                Ok(Condition { field: known(field.trim(), fields, "filter")?.to_owned(), values })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { conditions })
    }

    /// Reads each `filter` of a call.
    pub(crate) fn all(call: &Call, fields: Fields) -> Result<Vec<Self>, TransferError> {
        call.queries("filter").map(|text| Self::parse(text, fields)).collect()
    }

    pub(crate) fn accepts(&self, document: &Value) -> bool {
        self.conditions.iter().all(|condition| condition.accepts(document))
    }
}

/// The field, if there is one of this name: a mistyped one would look as if nothing were there.
fn known<'a>(field: &'a str, fields: Fields, within: &str) -> Result<&'a str, TransferError> {
    if fields.contains(&field) {
        Ok(field)
    } else {
        let among = fields.join(", ");
        Err(TransferError::invalid(format!("There is no field '{field}' for {within}, only {among}")))
    }
}

impl Condition {
    fn accepts(&self, document: &Value) -> bool {
        let text = match &document[&self.field] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Bool(flag) => u8::from(*flag).to_string(),
            other => other.to_string(),
        };
        if is_time(&self.field) && self.values.len() == 2 {
            return self.between(&text);
        }
        // Exclusions must all hold; of the others one is enough.
        let (without, with): (Vec<_>, Vec<_>) = self.values.iter().partition(|value| value.starts_with('!'));
        without.iter().all(|value| !matches(&text, &value[1..]))
            && (with.is_empty() || with.iter().any(|value| matches(&text, value)))
    }

    /// A range of times, either end of which may be left open.
    fn between(&self, text: &str) -> bool {
        let Some(time) = crate::clock::parse(text) else { return false };
        let end = |at: usize| crate::clock::parse(&self.values[at]);
        end(0).is_none_or(|from| from <= time) && end(1).is_none_or(|until| time < until)
    }
}

fn is_time(field: &str) -> bool {
    matches!(field, "last_modified" | "request_time" | "completion_time")
}

fn matches(text: &str, pattern: &str) -> bool {
    if let Some(pattern) = pattern.strip_prefix('~') {
        return glob(&pattern.to_lowercase(), &text.to_lowercase());
    }
    for (sign, wanted) in [
        (">=", &[Ordering::Greater, Ordering::Equal][..]),
        ("<=", &[Ordering::Less, Ordering::Equal]),
        (">", &[Ordering::Greater]),
        ("<", &[Ordering::Less]),
    ] {
        if let Some(bound) = pattern.strip_prefix(sign) {
            return wanted.contains(&compare_text(text, bound));
        }
    }
    text == pattern.strip_prefix('=').unwrap_or(pattern)
}

fn compare_text(left: &str, right: &str) -> Ordering {
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.total_cmp(&right),
        _ => left.cmp(right),
    }
}

/// Shell patterns: `*`, `?` and `[abc]`.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where to go on after the last star took one more character.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        if pattern.get(p) == Some(&'*') {
            star = Some((p, t));
            p += 1;
        } else if let Some(next) = one(&pattern, p, text[t]) {
            p = next;
            t += 1;
        } else if let Some((at, taken)) = star {
            p = at + 1;
            t = taken + 1;
            star = Some((at, t));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|&c| c == '*')
}

/// Where the pattern goes on, if it takes the character.
fn one(pattern: &[char], at: usize, c: char) -> Option<usize> {
    match pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => {
            let Some(end) = pattern[at + 1..].iter().position(|&p| p == ']').map(|end| at + 1 + end) else {
                return (c == '[').then_some(at + 1);
            };
            let (negated, set) = match &pattern[at + 1..end] {
                ['!' | '^', set @ ..] => (true, set),
                set => (false, set),
            };
            let mut found = false;
            let mut i = 0;
            while i < set.len() {
                if i + 2 < set.len() && set[i + 1] == '-' {
                    found |= (set[i]..=set[i + 2]).contains(&c);
                    i += 3;
                } else {
                    found |= set[i] == c;
                    i += 1;
                }
            }
            (found != negated).then_some(end + 1)
        }
        &p => (p == c).then_some(at + 1),
    }
}

/// Sorts by `field [ASC|DESC]`, several separated by commas.
pub(crate) fn sort(documents: &mut [Value], orderby: &str, fields: Fields) -> Result<(), TransferError> {
    let key = |key: &str| {
        let mut words = key.split_whitespace();
        let field = known(words.next()?, fields, "orderby").map(str::to_owned);
        let descending = match words.next() {
            None => Ok(false),
            Some(word) if word.eq_ignore_ascii_case("ASC") => Ok(false),
            Some(word) if word.eq_ignore_ascii_case("DESC") => Ok(true),
            Some(word) => Err(TransferError::invalid(format!("'{word}' is no order, only ASC and DESC"))),
        };
        Some(field.and_then(|field| Ok((field, descending?))))
    };
    let keys: Vec<(String, bool)> = orderby.split(',').filter_map(key).collect::<Result<_, _>>()?;
    documents.sort_by(|left, right| {
        keys.iter().fold(Ordering::Equal, |so_far, (field, descending)| {
            so_far.then_with(|| {
                let order = compare(&left[field], &right[field]);
                if *descending { order.reverse() } else { order }
            })
        })
    });
    Ok(())
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left.as_f64().unwrap_or(0.0).total_cmp(&right.as_f64().unwrap_or(0.0))
        }
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => left.to_string().cmp(&right.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, text, fits) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt.gz", false),
            ("a?c", "abc", true),
            ("*a*b*", "xxaxxbxx", true),
            ("[a-c]x", "bx", true),
            ("[!a]x", "ax", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn filters_combine_conditions() {
        let file = json!({ "name": "a.TXT", "type": "file", "size": 10, "last_modified": "2026-01-02 00:00:00+00:00" });
        for (filter, accepted) in [
            ("name:~*.txt", true),
            ("name:~*.txt/type:dir", false),
            ("type:dir,file", true),
            ("name:!a.TXT", false),
            ("name:!~*.gz,!~*.zip", true),
            ("name:=a.TXT", true),
            ("size:>9", true),
            ("size:>=10/size:<10", false),
            ("last_modified:2026-01-01,", true),
            ("last_modified:,2026-01-01", false),
            ("", true),
        ] {
            let fields = &["name", "type", "size", "last_modified"];
            assert_eq!(Filter::parse(filter, fields).unwrap().accepts(&file), accepted, "{filter}");
        }
        assert!(Filter::parse("nmae:a", &["name"]).is_err());
    }

    #[test]
    fn listings_are_sorted_by_several_fields() {
        let mut list =
            vec![json!({"n": "b", "s": 1}), json!({"n": "a", "s": 10}), json!({"n": "c", "s": 10})];
        sort(&mut list, "s DESC,n", &["n", "s"]).unwrap();
        let names: Vec<_> = list.iter().filter_map(|item| item["n"].as_str()).collect();
        assert_eq!(names, ["a", "c", "b"]);
        for bad in ["x", "n UP", "n,x"] {
            assert!(sort(&mut list, bad, &["n", "s"]).is_err(), "{bad}");
        }
    }
}
