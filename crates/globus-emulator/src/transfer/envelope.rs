//! What all answers of Transfer have in common: `request_id` and `resource` in results and errors, and `fields=` for documents.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{StatusCode, header};
use serde_json::Value;

use crate::app::App;

/// Results and errors are no longer than this.
const SHORT: usize = 4096;

/// Answers to requests that changed something, or failed, name the request. Documents keep the fields that were asked for.
pub(crate) async fn complete(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let resource = request.uri().path().to_owned();
    let fields = fields(request.uri().query().unwrap_or_default());
    let response = next.run(request).await;
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return crate::http::text(StatusCode::INTERNAL_SERVER_ERROR, "The answer could not be read");
    };
    if fields.is_empty() && !may_be_a_result(&bytes) {
        return Response::from_parts(parts, bytes.into());
    }
    let Ok(mut document) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, bytes.into());
    };
    if document.get("code").is_some() && document.get("message").is_some() {
        document["resource"] = resource.into();
        document["request_id"] = app.ids.request_id().into();
    } else if !fields.is_empty() {
        narrow(&mut document, &fields);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, document.to_string().into())
}

/// Looks before the document is read: most answers are documents, and go as they are.
fn may_be_a_result(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    bytes.len() < SHORT && text.contains("\"code\"") && text.contains("\"message\"")
}

fn fields(query: &str) -> Vec<String> {
    let asked = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "fields");
    let names = asked.flat_map(|(_, names)| names.split(',').map(str::to_owned).collect::<Vec<_>>());
    names.filter(|name| !name.is_empty()).collect()
}

/// Takes all but the wanted fields out of a document, or of each in a list.
fn narrow(document: &mut Value, fields: &[String]) {
    let is_list = document["DATA_TYPE"].as_str().is_some_and(|kind| kind.ends_with("_list"));
    match document {
        Value::Object(list) if is_list => {
            for entry in list.get_mut("DATA").and_then(Value::as_array_mut).into_iter().flatten() {
                narrow(entry, fields);
            }
        }
        Value::Object(document) => document.retain(|name, _| name == "DATA_TYPE" || fields.contains(name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_and_entries_of_lists_keep_what_was_asked_for() {
        let fields = fields("fields=id,name&limit=1");
        let entry = json!({ "DATA_TYPE": "task", "id": 1, "name": "n", "more": 2 });
        let mut list = json!({ "DATA_TYPE": "task_list", "total": 1, "DATA": [entry] });
        narrow(&mut list, &fields);
        let kept = json!({ "DATA_TYPE": "task", "id": 1, "name": "n" });
        assert_eq!(list, json!({ "DATA_TYPE": "task_list", "total": 1, "DATA": [kept] }));
    }
}
