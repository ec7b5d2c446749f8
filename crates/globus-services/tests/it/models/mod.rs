//! Every document that is read: whatever is left out, `null` or new in it, it is read, and written again without loss.
//!
//! The samples are the answers beside the contract test, which hold every field that the service documents.

mod auth;
mod groups;
mod transfer;

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What each place of a document becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Stays,
    Goes,
    BecomesNull,
    BecomesEmpty,
}

/// The answer to the first case of `client.method` in the vectors of `service`.
fn sample(service: &str, method: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/contract/vectors/{service}.json"));
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let methods = vectors["methods"].as_array().unwrap();
    let (client, name) = method.split_once('.').unwrap();
    let is_it = |found: &&Value| found["client"] == client && found["name"] == name;
    let found = methods.iter().find(is_it).unwrap_or_else(|| panic!("no vectors for {method}"));
    found["cases"][0]["response"]["json"].clone()
}

/// How many members the objects in `value` have, at any depth.
fn members(value: &Value) -> usize {
    match value {
        Value::Object(all) => all.values().map(|member| 1 + members(member)).sum(),
        Value::Array(items) => items.iter().map(members).sum(),
        _ => 0,
    }
}

/// Applies the fates to every member, at any depth, that is not one of `keys`; and adds `unknown` to every object.
fn changed(
    value: &Value,
    keys: &[&str],
    fates: &mut impl Iterator<Item = Fate>,
    unknown: &Map<String, Value>,
) -> Value {
    match value {
        Value::Object(members) => {
            let mut all = unknown.clone();
            for (name, member) in members {
                let fate = fates.next().filter(|_| !keys.contains(&name.as_str())).unwrap_or(Fate::Stays);
                let member = match fate {
                    Fate::Goes => continue,
                    Fate::BecomesNull => Value::Null,
                    Fate::BecomesEmpty if member.is_array() => Vec::<Value>::new().into(),
                    Fate::Stays | Fate::BecomesEmpty => changed(member, keys, fates, unknown),
                };
                all.insert(name.clone(), member);
            }
            Value::Object(all)
        }
        Value::Array(items) => items.iter().map(|item| changed(item, keys, fates, unknown)).collect(),
        value => value.clone(),
    }
}

fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        prop::collection::vec(any::<bool>(), 0..3).prop_map(Value::from),
    ];
    prop::collection::btree_map("new_[a-z]{1,6}", value, 0..3)
        .prop_map(|members| members.into_iter().collect())
}

/// Checks the type `T` with what becomes of `sample`, whose members named `keys` always stay.
fn check<T: DeserializeOwned + Serialize>(sample: &Value, keys: &[&str]) {
    let one = |value: &Value| -> Result<(), TestCaseError> {
        let read: T = serde_json::from_value(value.clone())
            .map_err(|err| TestCaseError::fail(format!("{err}: {value}")))?;
        prop_assert_eq!(&serde_json::to_value(read).unwrap(), value);
        Ok(())
    };
    let none = Map::new();
    // Each member alone, and all of them together.
    for fate in [Fate::Stays, Fate::Goes, Fate::BecomesNull, Fate::BecomesEmpty] {
        one(&changed(sample, keys, &mut std::iter::repeat(fate), &none)).unwrap();
        for place in 0..members(sample) {
            let mut fates = (0..).map(|at| if at == place { fate } else { Fate::Stays });
            one(&changed(sample, keys, &mut fates, &none)).unwrap();
        }
    }
    let fate = prop::sample::select(vec![Fate::Stays, Fate::Goes, Fate::BecomesNull, Fate::BecomesEmpty]);
    let fates = prop::collection::vec(fate, 150);
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&(fates, unknown()), |(fates, unknown)| {
        one(&changed(sample, keys, &mut fates.into_iter().cycle(), &unknown))
    });
    outcome.unwrap();
}

/// Declares a test for each type: the method whose answer is one, and the fields without which it means nothing.
macro_rules! models {
    ($service:literal: $( $test:ident: $type:ty = $method:literal, [$($key:literal),*]; )*) => {
        $(
            #[test]
            fn $test() {
                $crate::models::check::<$type>(&$crate::models::sample($service, $method), &[$($key),*]);
            }
        )*
    };
}
use models;
