use serde_json::{Value, json};

use super::*;

fn wire(document: &impl serde::Serialize) -> Value {
    serde_json::to_value(document).unwrap()
}

#[test]
fn what_was_not_set_is_not_sent() {
    let data = TransferData::new("s", "d").submission_id("id");
    assert_eq!(
        wire(&data),
        json!({"DATA_TYPE": "transfer", "source_endpoint": "s", "destination_endpoint": "d", "submission_id": "id", "DATA": []})
    );
}

#[test]
fn items_keep_the_difference_between_absent_and_false() {
    let data = TransferData::new("s", "d").item("/a", "/b").items([
        TransferItem::new("/c", "/d").recursive(false),
        TransferItem::new("/e", "/f").checksum("00", "MD5").additional_field("x", 1),
    ]);
    assert_eq!(
        wire(&data)["DATA"],
        json!([
            {"DATA_TYPE": "transfer_item", "source_path": "/a", "destination_path": "/b"},
            {"DATA_TYPE": "transfer_item", "source_path": "/c", "destination_path": "/d", "recursive": false},
            {"DATA_TYPE": "transfer_item", "source_path": "/e", "destination_path": "/f",
             "external_checksum": "00", "checksum_algorithm": "MD5", "x": 1},
        ])
    );
}

#[test]
fn sync_levels_are_numbers_and_rules_keep_their_order() {
    let data = TransferData::new("s", "d")
        .sync_level(SyncLevel::Checksum)
        .filter_rule(FilterMethod::Include, "*.h5")
        .filter_rule(FilterMethod::Exclude, "*");
    assert_eq!(wire(&data)["sync_level"], 3);
    assert_eq!(
        wire(&data)["filter_rules"],
        json!([{"DATA_TYPE": "filter_rule", "method": "include", "name": "*.h5"},
               {"DATA_TYPE": "filter_rule", "method": "exclude", "name": "*"}])
    );
}

#[test]
fn an_additional_field_wins_over_a_known_one() {
    let data =
        TransferData::new("s", "d").label("a").additional_field("label", "b").additional_field("new", true);
    let text = serde_json::to_string(&data).unwrap();
    assert_eq!(text.matches("label").count(), 1);
    let data = TransferData::new("s", "d")
        .additional_field("source_endpoint", "other")
        .additional_field("DATA_TYPE", "transfer_2")
        .items([TransferItem::new("/a", "/b").recursive(true).additional_field("recursive", "maybe")]);
    let text = serde_json::to_string(&data).unwrap();
    for key in ["\"source_endpoint\":", "\"recursive\":"] {
        assert_eq!(text.matches(key).count(), 1, "{text}");
    }
    assert_eq!(
        (&wire(&data)["DATA_TYPE"], &wire(&data)["DATA"][0]["recursive"]),
        (&json!("transfer_2"), &json!("maybe"))
    );
    let data = TransferData::new("s", "d").additional_field("submission_id", "mine");
    assert_eq!(data.assigned_submission_id().unwrap(), &"mine");
}

#[test]
fn an_unknown_field_is_sent() {
    let data = TransferData::new("s", "d").additional_field("label", "b").additional_field("new", true);
    assert_eq!((&wire(&data)["label"], &wire(&data)["new"]), (&json!("b"), &json!(true)));
}

#[test]
fn every_change_forgets_the_submission_id() {
    let data = || TransferData::new("s", "d").submission_id("id");
    assert_eq!(data().assigned_submission_id().unwrap(), &"id");
    for changed in [
        data().item("/a", "/b"),
        data().label("other"),
        data().filter_rule(FilterMethod::Exclude, "*.tmp"),
        data().additional_field("x", 1),
    ] {
        assert_eq!(changed.assigned_submission_id(), None);
    }
    assert_eq!(DeleteData::new("e").submission_id("id").item("/a").assigned_submission_id(), None);
}

#[test]
fn a_deletion_is_written_as_the_service_documents_it() {
    let data = DeleteData::new("e").recursive(true).ignore_missing(true).item("/a");
    assert_eq!(
        wire(&data),
        json!({"DATA_TYPE": "delete", "endpoint": "e", "recursive": true, "ignore_missing": true,
               "DATA": [{"DATA_TYPE": "delete_item", "path": "/a"}]})
    );
}

#[test]
fn a_document_of_many_pieces_is_the_same_as_when_it_is_written_in_one() {
    let items = |n: usize| {
        (0..n)
            .map(|i| TransferItem::new(format!("/from/{i}"), format!("/to/\"{i}\"\n")).recursive(i % 2 == 0))
    };
    for n in [0, 1, 500, 10_000] {
        let data = TransferData::new("s", "d").label("l").items(items(n)).submission_id("id");
        let text = match data.body().unwrap() {
            globus_transport::Body::Json(text) => text.to_vec(),
            body => {
                assert!(n > 500);
                pieces_of(&body)
            }
        };
        let sent: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(sent, wire(&data));
        assert_eq!(sent["DATA"].as_array().unwrap().len(), n);
        assert_eq!(data, TransferData::new("s", "d").label("l").items(items(n)).submission_id("id"));
    }
}

/// What the body sends, whose length is checked.
fn pieces_of(body: &globus_transport::Body) -> Vec<u8> {
    let globus_transport::Body::Streamed(body) = body else { panic!("{body:?}") };
    let text: Vec<u8> = body.pieces().flatten().collect();
    assert_eq!(text.len() as u64, body.length());
    text
}
