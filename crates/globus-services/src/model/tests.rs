#![expect(unreachable_pub, unnameable_types, reason = "the macros make public types")]

use serde_json::{Value, json};

use super::{Timestamp, model, open_enum};

open_enum! {
    /// A colour.
    pub enum Colour { Red = "RED" }
}

model! {
    /// A part.
    pub struct Part {
        /// Its name.
        name: String = key,
    }
}

model! {
    /// A thing.
    pub struct Thing {
        /// Its id.
        id: String = key,
        /// Its colour.
        colour: Option<Colour>,
        /// Its kind.
        kind as "type": Option<String>,
        /// Its parts.
        parts as "DATA": Vec<Part> = list,
    }
}

fn round_trip(document: &Value) -> Value {
    let thing: Thing = serde_json::from_value(document.clone()).unwrap();
    serde_json::to_value(thing).unwrap()
}

#[test]
fn a_round_trip_loses_neither_unknown_fields_nor_nulls_nor_empty_lists() {
    for document in [
        json!({"id": "1"}),
        json!({"id": "1", "colour": "RED", "type": "t", "DATA": [{"name": "a", "new": {"x": [1, null]}}], "new": 1.5}),
        json!({"id": "1", "colour": null, "type": null, "DATA": []}),
        json!({"id": "1", "colour": "ULTRAVIOLET"}),
        json!({"id": "1", "unknown": null}),
        json!({"id": "1", "DATA": null}),
    ] {
        assert_eq!(round_trip(&document), document);
    }
}

#[test]
fn a_field_that_was_null_can_be_set() {
    let mut thing: Thing = serde_json::from_value(json!({"id": "1", "type": null})).unwrap();
    thing.kind = Some("now known".to_owned());
    assert_eq!(serde_json::to_value(thing).unwrap(), json!({"id": "1", "type": "now known"}));

    let mut thing: Thing = serde_json::from_value(json!({"id": "1", "DATA": null})).unwrap();
    thing.parts.push(serde_json::from_value(json!({"name": "a"})).unwrap());
    assert_eq!(serde_json::to_string(&thing).unwrap(), r#"{"id":"1","DATA":[{"name":"a"}]}"#);
}

#[test]
fn only_the_key_is_required() {
    let error = serde_json::from_value::<Thing>(json!({"colour": "RED"})).unwrap_err();
    assert_eq!(error.to_string(), "missing field `id`");
    let thing: Thing = serde_json::from_value(json!({"id": "1", "DATA": null})).unwrap();
    assert!(thing.parts.is_empty() && thing.colour.is_none());
}

#[test]
fn an_unknown_enum_value_keeps_its_text() {
    let colour: Colour = serde_json::from_value(json!("BLUE")).unwrap();
    assert_eq!(colour, Colour::Unknown("BLUE".into()));
    assert_eq!((colour.to_string(), "RED".parse()), ("BLUE".to_owned(), Ok(Colour::Red)));
}

#[test]
fn times_are_read_in_every_spelling_of_the_services() {
    let expected = Timestamp::from("2026-01-02T03:04:05Z").to_system_time();
    assert!(expected.is_some());
    for text in [
        "2026-01-02 03:04:05+00:00",
        "2026-01-02T04:04:05+01:00",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05.000Z",
    ] {
        assert_eq!(Timestamp::from(text).to_system_time(), expected, "{text}");
    }
    assert_eq!(Timestamp::from("yesterday").to_system_time(), None);
    assert_eq!(Timestamp::from(expected.unwrap()).as_str(), "2026-01-02T03:04:05Z");
}
