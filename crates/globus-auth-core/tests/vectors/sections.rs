//! Each section of a vector file as cases: what was recorded, and what comes out here.

use globus_auth_core::scopes::{
    Consent, ConsentForest, IntoScopes, Scope, ScopeParseError, ScopeParseErrorKind, Scopes,
};
use serde_json::{Value, json};

/// One case. Both sides are in one form: sets are sorted, and of an error only its class counts.
pub(crate) struct Case {
    pub(crate) section: &'static str,
    pub(crate) name: String,
    /// What goes in; empty where it is not one text.
    pub(crate) input: String,
    pub(crate) expected: Value,
    pub(crate) got: Value,
    pub(crate) error: Option<ScopeParseErrorKind>,
}

/// A section's name, and what makes a case of one of its entries.
type Section = (&'static str, fn(&Value) -> Result<Outcome, String>);

/// What went in, what should come out, and what did.
type Outcome = (String, Value, Result<Value, ScopeParseError>);

const SECTIONS: [Section; 5] = [
    ("parse", parse),
    ("parse_one", parse_one),
    ("merge", merge),
    ("serialize", serialize),
    ("construct", construct),
];

pub(crate) fn cases(file: &Value) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for (section, make) in SECTIONS {
        for entry in list(file, section)? {
            cases.push(case(section, make(entry).map_err(|err| format!("{section}: {err} in {entry}"))?));
        }
    }
    let forest = forest(file.get("consents").ok_or("there is no section consents")?)?;
    for entry in list(&file["consents"], "cases")? {
        let required = text(entry, "required")?;
        let met = Scopes::parse(required).map(|required| json!({"ok": forest.meets(&required)}));
        cases.push(case("consents", (required.to_owned(), json!({"ok": entry["met"]}), met)));
    }
    Ok(cases)
}

fn case(section: &'static str, (input, expected, got): Outcome) -> Case {
    let error = got.as_ref().err().map(ScopeParseError::kind);
    let got = got.unwrap_or_else(|err| {
        let class = if err.kind() == ScopeParseErrorKind::Cycle { "cycle" } else { "refused" };
        json!({"error": class, "text": err.to_string()})
    });
    let got = if expected.get("error").is_some() && got.get("error") == expected.get("error") {
        expected.clone()
    } else {
        got
    };
    Case { section, name: format!("{section} {input:?}"), input, expected, got, error }
}

fn parse(entry: &Value) -> Result<Outcome, String> {
    let input = text(entry, "input")?;
    Ok((input.to_owned(), expected(entry, "scopes"), Scopes::parse(input).map(|scopes| trees(scopes.iter()))))
}

fn parse_one(entry: &Value) -> Result<Outcome, String> {
    let input = text(entry, "input")?;
    Ok((
        input.to_owned(),
        expected(entry, "scope"),
        Scope::parse(input).map(|scope| json!({"ok": tree(&scope)})),
    ))
}

fn merge(entry: &Value) -> Result<Outcome, String> {
    let side = |name| -> Result<Scopes, String> {
        let texts: Vec<&str> = list(entry, name)?.iter().filter_map(Value::as_str).collect();
        Scopes::parse(&texts.join(" ")).map_err(|err| format!("{name} is not valid: {err}"))
    };
    let (a, b) = (side("a")?, side("b")?);
    let name = format!("{a} + {b}");
    Ok((name, expected(entry, "scopes"), a.merge(&b).map(|scopes| trees(scopes.iter()))))
}

fn serialize(entry: &Value) -> Result<Outcome, String> {
    let input = &entry["input"];
    let got = match input {
        Value::Array(items) => strings(items)?.into_required_scope_string(),
        Value::Object(_) if input.get("$iter").is_some() => {
            strings(list(input, "$iter")?)?.into_iter().collect::<Vec<_>>().into_required_scope_string()
        }
        one => string(one)?.into_required_scope_string(),
    };
    Ok((input.to_string(), expected(entry, "output"), got.map(|text| json!({"ok": text}))))
}

fn construct(entry: &Value) -> Result<Outcome, String> {
    let name = text(entry, "scope_string")?;
    Ok((
        name.to_owned(),
        expected(entry, "text"),
        Scope::new(name).map(|scope| json!({"ok": scope.to_string()})),
    ))
}

/// The recorded side, in the form of `got`.
fn expected(entry: &Value, field: &str) -> Value {
    if entry["ok"] == json!(true) {
        return json!({"ok": sorted(entry[field].clone())});
    }
    json!({"error": if entry["error"] == json!("ScopeCycleError") { "cycle" } else { "refused" }})
}

fn trees<'a>(scopes: impl Iterator<Item = &'a Scope>) -> Value {
    json!({"ok": sorted(scopes.map(tree).collect())})
}

fn tree(scope: &Scope) -> Value {
    let dependencies: Vec<Value> = scope.dependencies().iter().map(tree).collect();
    sorted(json!({"scope": scope.name(), "optional": scope.is_optional(), "dependencies": dependencies}))
}

/// Lists are sets.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(sorted).collect();
            items.sort_by_key(Value::to_string);
            items.into()
        }
        Value::Object(fields) => fields.into_iter().map(|(name, field)| (name, sorted(field))).collect(),
        other => other,
    }
}

fn strings(items: &[Value]) -> Result<Vec<String>, String> {
    items.iter().map(string).collect()
}

/// A text, or a scope object as its text.
fn string(item: &Value) -> Result<String, String> {
    match item.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => {
            Scope::parse(text(item, "$scope")?).map(|scope| scope.to_string()).map_err(|err| err.to_string())
        }
    }
}

fn forest(consents: &Value) -> Result<ConsentForest, String> {
    let consents: Vec<Consent> =
        serde_json::from_value(consents["forest"].clone()).map_err(|err| format!("the consents: {err}"))?;
    Ok(ConsentForest::new(consents))
}

fn list<'a>(value: &'a Value, field: &str) -> Result<&'a [Value], String> {
    Ok(value.get(field).and_then(Value::as_array).ok_or_else(|| format!("there is no list {field}"))?)
}

fn text<'a>(value: &'a Value, field: &str) -> Result<&'a str, String> {
    value.get(field).and_then(Value::as_str).ok_or_else(|| format!("there is no text {field}"))
}
