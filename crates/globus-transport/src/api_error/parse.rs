//! Reading an error body: which shape it has, and what the fields mean for each service.

use serde_json::{Map, Value};

use super::SubError;
use crate::Service;

mod services;

type Object = Map<String, Value>;

/// What could be read.
#[derive(Default)]
pub(super) struct Parsed {
    pub(super) code: Option<String>,
    pub(super) messages: Vec<String>,
    pub(super) request_id: Option<String>,
    pub(super) errors: Vec<SubError>,
}

/// The body as JSON, when its type says so. Without a type, a body that reads as an object is JSON as well: some answers
/// come without.
pub(super) fn json(content_type: Option<&str>, body: &[u8]) -> Option<Value> {
    let declared = match content_type {
        Some(content_type) => is_json(content_type),
        None => body.trim_ascii_start().starts_with(b"{"),
    };
    declared.then(|| serde_json::from_slice(body).ok()).flatten().filter(|value: &Value| !value.is_null())
}

pub(super) fn read(service: Service, content_type: Option<&str>, json: Option<&Value>) -> Parsed {
    let Some(body) = json.and_then(Value::as_object) else {
        return Parsed::default();
    };
    let jsonapi = content_type.is_some_and(|content_type| media_type(content_type) == JSON_API);
    let mut parsed = match listed(body) {
        Some(errors) if jsonapi && !errors.is_empty() => json_api(&errors),
        errors => general(body, errors),
    };
    parsed.request_id = parsed.request_id.or_else(|| request_id(body));
    services::adapt(service, body, &mut parsed);
    parsed
}

const JSON_API: &str = "application/vnd.api+json";

/// Type and subtype, without parameters, in lower case (RFC 9110, section 8.3.1).
fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn is_json(content_type: &str) -> bool {
    let media_type = media_type(content_type);
    media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

/// `errors`, when it is a list of objects.
fn listed(body: &Object) -> Option<Vec<&Object>> {
    body.get("errors")?.as_array()?.iter().map(Value::as_object).collect()
}

/// `code` and `message` at the top, or only in a list of errors, or neither.
fn general(body: &Object, listed: Option<Vec<&Object>>) -> Parsed {
    let errors: Vec<SubError> = match listed {
        Some(objects) => objects.into_iter().map(|object| sub_error(object, &MESSAGE_FIELDS)).collect(),
        None => vec![sub_error(body, &MESSAGE_FIELDS)],
    };
    let (code, own) = (text(body, "code"), text(body, "message"));
    let messages = match own {
        // Both at the top: the list only adds detail.
        Some(own) if code.is_some() => vec![own],
        _ if errors.is_empty() => first_text(body, &MESSAGE_FIELDS).into_iter().collect(),
        _ => messages(&errors),
    };
    Parsed { code: code.or_else(|| common_code(&errors)), messages, request_id: None, errors }
}

/// JSON:API (<https://jsonapi.org/format/#errors>).
fn json_api(objects: &[&Object]) -> Parsed {
    let errors: Vec<_> = objects.iter().map(|object| sub_error(object, &["detail", "title"])).collect();
    Parsed { code: common_code(&errors), messages: messages(&errors), request_id: None, errors }
}

const MESSAGE_FIELDS: [&str; 3] = ["message", "detail", "title"];

fn sub_error(object: &Object, message_fields: &[&str]) -> SubError {
    SubError { code: text(object, "code"), message: first_text(object, message_fields), raw: object.clone() }
}

fn messages(errors: &[SubError]) -> Vec<String> {
    errors.iter().filter_map(|error| error.message.clone()).collect()
}

/// The code of all that have one.
fn common_code(errors: &[SubError]) -> Option<String> {
    let mut codes = errors.iter().filter_map(|error| error.code.as_ref());
    let first = codes.next()?;
    codes.all(|code| code == first).then(|| first.clone())
}

/// At the top, or in the `meta` of JSON:API.
fn request_id(body: &Object) -> Option<String> {
    text(body, "request_id").or_else(|| text(body.get("meta")?.as_object()?, "request_id"))
}

fn first_text(object: &Object, fields: &[&str]) -> Option<String> {
    fields.iter().find_map(|field| text(object, field))
}

fn text(object: &Object, field: &str) -> Option<String> {
    object.get(field)?.as_str().map(str::to_owned)
}
