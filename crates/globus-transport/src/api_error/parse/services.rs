//! Where a service's errors differ from the common shapes.

use serde_json::Value;

use super::{MESSAGE_FIELDS, Object, Parsed, SubError, first_text, messages, sub_error, text};
use crate::Service;

pub(super) fn adapt(service: Service, body: &Object, parsed: &mut Parsed) {
    match service {
        Service::Auth => auth(body, parsed),
        Service::Flows => flows(body, parsed),
        Service::Timers => timers(body, parsed),
        Service::Compute => compute(body, parsed),
        _ => {}
    }
}

/// The one `id` of the errors is the request's; OAuth2 errors (RFC 6749, section 5.2) have fields of their own.
fn auth(body: &Object, parsed: &mut Parsed) {
    let mut ids = parsed.errors.iter().filter_map(|error| error.raw.get("id")?.as_str());
    if let Some(id) = ids.next()
        && ids.all(|other| other == id)
    {
        parsed.request_id = Some(id.to_owned());
    }
    if parsed.code.is_none() && parsed.messages.is_empty() {
        parsed.code = text(body, "error");
        parsed.messages.extend(text(body, "error_description"));
        if let [only] = &mut *parsed.errors {
            only.code.clone_from(&parsed.code);
            only.message = parsed.messages.first().cloned();
        }
    }
}

/// `{"error": {"code", "detail" (text, or a list of objects with `msg`), "title", "message"}}`
fn flows(body: &Object, parsed: &mut Parsed) {
    let Some(error) = body.get("error").and_then(Value::as_object) else { return };
    let details = objects(error.get("detail"));
    let fields: &[&str] =
        if details.is_some() { &["detail", "title"] } else { &["detail", "title", "message"] };
    parsed.errors = vec![sub_error(error, fields)];
    parsed.code = text(error, "code");
    parsed.messages = match details {
        Some(details) => details.iter().filter_map(|detail| text(detail, "msg")).collect(),
        None => messages(&parsed.errors),
    };
}

/// `{"error": {…}}` as any error, or `{"detail": [{"msg", "loc"}]}` from validation.
fn timers(body: &Object, parsed: &mut Parsed) {
    if let Some(error) = body.get("error").and_then(Value::as_object) {
        parsed.errors = vec![sub_error(error, &MESSAGE_FIELDS)];
        parsed.code = text(error, "code");
        parsed.messages = messages(&parsed.errors);
    } else if let Some(details) = objects(body.get("detail")) {
        parsed.errors = details.iter().map(|detail| sub_error(detail, &["msg"])).collect();
        parsed.messages = details.iter().filter_map(|detail| with_place(detail)).collect();
    }
}

/// `field required: body.start`
fn with_place(detail: &Object) -> Option<String> {
    let message = text(detail, "msg")?;
    let Some(place) = detail.get("loc").and_then(Value::as_array).filter(|place| !place.is_empty()) else {
        return Some(message);
    };
    let steps: Vec<String> =
        place.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
    Some(format!("{message}: {}", steps.join(".")))
}

/// `{"status": "Failed", "code": 15, "reason"}`
fn compute(body: &Object, parsed: &mut Parsed) {
    if parsed.messages.is_empty()
        && let Some(reason) = first_text(body, &["reason"])
    {
        if let [SubError { message, .. }] = &mut *parsed.errors {
            *message = Some(reason.clone());
        }
        parsed.messages.push(reason);
    }
}

/// A list of objects.
fn objects(value: Option<&Value>) -> Option<Vec<&Object>> {
    value?.as_array()?.iter().map(Value::as_object).collect()
}
