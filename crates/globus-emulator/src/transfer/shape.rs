//! What a document that is submitted must look like. One that is wrong would be refused by the service, and must not pass here.

use serde_json::{Map, Value};

use super::error::TransferError;
use super::task::Kind;

/// Yes or no, wherever they are in a document.
const FLAGS: &[&str] = &[
    "delete_destination_extra",
    "encrypt_data",
    "fail_on_quota_errors",
    "ignore_missing",
    "interpret_globs",
    "notify_on_failed",
    "notify_on_inactive",
    "notify_on_succeeded",
    "preserve_timestamp",
    "recursive",
    "skip_source_errors",
    "store_base_path_info",
    "verify_checksum",
];

const TEXTS: &[&str] = &[
    "checksum_algorithm",
    "deadline",
    "destination_local_user",
    "external_checksum",
    "label",
    "local_user",
    "recursive_symlinks",
    "source_local_user",
];

/// Refuses a document with other types than the service takes. What else it holds is looked at where it is used.
pub(crate) fn check(document: &Map<String, Value>, kind: Kind) -> Result<(), TransferError> {
    let (own, items): (&str, &[&str]) = match kind {
        Kind::Transfer => ("transfer", &["transfer_item", "transfer_symlink_item"]),
        Kind::Delete => ("delete", &["delete_item"]),
    };
    named(document, &[own])?;
    fields(document)?;
    match document.get("filter_rules") {
        None | Some(Value::Null | Value::Array(_)) => {}
        Some(_) => return Err(wrong("filter_rules", "a list")),
    }
    match document.get("DATA") {
        // Said where it is counted.
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(entries)) => entries.iter().try_for_each(|entry| {
            let item = entry.as_object().ok_or_else(|| wrong("DATA", "a list of objects"))?;
            named(item, items)?;
            fields(item)
        }),
        Some(_) => Err(wrong("DATA", "a list of objects")),
    }
}

fn named(document: &Map<String, Value>, names: &[&str]) -> Result<(), TransferError> {
    match document.get("DATA_TYPE").and_then(Value::as_str) {
        Some(name) if names.contains(&name) => Ok(()),
        _ => Err(wrong("DATA_TYPE", &names.join(" or "))),
    }
}

fn fields(document: &Map<String, Value>) -> Result<(), TransferError> {
    for (field, value) in document.iter().filter(|(_, value)| !value.is_null()) {
        if FLAGS.contains(&field.as_str()) && !value.is_boolean() {
            return Err(wrong(field, "true or false"));
        }
        if TEXTS.contains(&field.as_str()) && !value.is_string() {
            return Err(wrong(field, "a text"));
        }
    }
    Ok(())
}

fn wrong(field: &str, wanted: &str) -> TransferError {
    TransferError::invalid(format!("The field '{field}' must be {wanted}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(document: &Value, kind: Kind) -> Option<String> {
        check(document.as_object().unwrap(), kind).err().map(|error| error.message)
    }

    #[test]
    fn documents_of_the_right_shape_pass() {
        let item = json!({ "DATA_TYPE": "transfer_item", "source_path": "/a", "recursive": null });
        let link = json!({ "DATA_TYPE": "transfer_symlink_item", "source_path": "/a" });
        let transfer =
            json!({ "DATA_TYPE": "transfer", "label": null, "verify_checksum": true, "DATA": [item, link] });
        assert_eq!(said(&transfer, Kind::Transfer), None);
        let delete = json!({ "DATA_TYPE": "delete", "DATA": [{ "DATA_TYPE": "delete_item", "path": "/a" }] });
        assert_eq!(said(&delete, Kind::Delete), None);
    }

    #[test]
    fn the_first_field_of_a_wrong_type_is_named() {
        let item = |more: Value| {
            let mut item = json!({ "DATA_TYPE": "transfer_item" });
            item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "DATA_TYPE": "transfer", "DATA": [item] })
        };
        for (document, field) in [
            (json!({}), "DATA_TYPE"),
            (json!({ "DATA_TYPE": "delete" }), "DATA_TYPE"),
            (json!({ "DATA_TYPE": "transfer", "label": 5 }), "label"),
            (json!({ "DATA_TYPE": "transfer", "deadline": 5 }), "deadline"),
            (json!({ "DATA_TYPE": "transfer", "verify_checksum": "maybe" }), "verify_checksum"),
            (json!({ "DATA_TYPE": "transfer", "filter_rules": "x" }), "filter_rules"),
            (json!({ "DATA_TYPE": "transfer", "DATA": "x" }), "DATA"),
            (json!({ "DATA_TYPE": "transfer", "DATA": [1] }), "DATA"),
            (item(json!({ "DATA_TYPE": "delete_item" })), "DATA_TYPE"),
            (item(json!({ "recursive": "yes" })), "recursive"),
            (item(json!({ "external_checksum": 7 })), "external_checksum"),
        ] {
            let said = said(&document, Kind::Transfer).unwrap_or_default();
            assert!(said.contains(&format!("'{field}'")), "{document}: {said}");
        }
    }
}
