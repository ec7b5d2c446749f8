//! Adds to every answer what all answers of Transfer have: `request_id` and `resource`.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{StatusCode, header};
use serde_json::Value;

use crate::app::App;

/// Answers to requests that changed something, or failed, name the request; documents stay as they are.
pub(crate) async fn complete(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let resource = request.uri().path().to_owned();
    let response = next.run(request).await;
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return crate::http::text(StatusCode::INTERNAL_SERVER_ERROR, "The answer could not be read");
    };
    let needs_it = bytes.len() < 4096;
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut document)
            if needs_it && document.get("code").is_some() && document.get("message").is_some() =>
        {
            document["resource"] = resource.into();
            document["request_id"] = app.ids.request_id().into();
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, document.to_string().into())
        }
        _ => Response::from_parts(parts, bytes.into()),
    }
}
