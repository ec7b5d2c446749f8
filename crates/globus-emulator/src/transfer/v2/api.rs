//! JSON:API: requests, documents, pages, errors.

use std::borrow::Cow;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::auth::Grant;
use crate::http::{Call, json as reply};
use crate::transfer::access::caller;
use crate::transfer::error::TransferError;

pub(crate) type Answer = Result<Response, ApiError>;

/// A request in progress.
pub(crate) struct Exchange {
    pub(crate) app: Arc<App>,
    pub(crate) call: Call,
    pub(crate) grant: Arc<Grant>,
}

/// How version 2 says no.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: Cow<'static, str>,
    title: &'static str,
    detail: String,
    more: Map<String, Value>,
    request_id: String,
}

impl Exchange {
    pub(crate) fn begin(app: Arc<App>, call: Call) -> Result<Self, ApiError> {
        let grant = match caller(&app, &call) {
            Ok(grant) => grant,
            Err(error) => return Err(ApiError::of(&app, error)),
        };
        Ok(Self { app, call, grant })
    }

    pub(crate) fn refuse(&self, error: TransferError) -> ApiError {
        ApiError::of(&self.app, error)
    }

    pub(crate) fn invalid(&self, detail: impl Into<String>) -> ApiError {
        let error = TransferError::new(StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY", detail);
        self.refuse(error)
    }

    pub(crate) fn not_found(&self, what: &str, id: &str) -> ApiError {
        let detail = format!("No such {what} '{id}'");
        self.refuse(TransferError::new(StatusCode::NOT_FOUND, "NOT_FOUND", detail))
    }

    pub(crate) fn conflict(&self, detail: impl Into<String>) -> ApiError {
        self.refuse(TransferError::new(StatusCode::CONFLICT, "CONFLICT", detail))
    }

    /// The resource in the body, which must be of the type. The JavaScript SDK says none when it starts and stops a tunnel, which its
    /// path names.
    pub(crate) fn resource(&self, kind: &str) -> Result<Resource, ApiError> {
        let body = self.call.object().ok_or_else(|| self.invalid("The body must be a JSON object"))?;
        let data = body.get("data").and_then(Value::as_object);
        let data = data.ok_or_else(|| self.invalid("The body must have an object 'data'"))?;
        if data.get("type").is_some_and(|named| named != kind) {
            return Err(self.invalid(format!("The type of the resource must be '{kind}'")));
        }
        let part = |name: &str| data.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(Resource { attributes: part("attributes"), relationships: part("relationships") })
    }

    /// A document with the request's id; `links` are told by lists only.
    pub(crate) fn document(&self, status: StatusCode, mut document: Value) -> Response {
        document["meta"] = json!({ "request_id": self.app.ids.request_id() });
        reply(status, &document)
    }

    /// A page of resources by `page[limit]` and `page[marker]`, which is the id of the last resource before it.
    pub(crate) fn page(
        &self,
        resources: Vec<Value>,
        included: impl FnOnce(&[Value]) -> Option<Value>,
    ) -> Answer {
        let limit = match self.call.query("page[limit]") {
            None | Some("") => MOST,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| self.invalid(format!("page[limit] must be a number from 1 to {MOST}")))?,
        };
        let marker = self.call.query("page[marker]").filter(|marker| !marker.is_empty());
        let start = match marker {
            None => 0,
            Some(marker) => {
                let last = resources.iter().position(|resource| id(resource) == marker);
                last.ok_or_else(|| self.invalid("page[marker] is not one that this list gave"))? + 1
            }
        };
        let end = (start + limit).min(resources.len());
        let page = &resources[start..end];
        let next = (end < resources.len()).then(|| page.last().map(id)).flatten();
        let mut document =
            json!({ "data": page, "links": next.map(|marker| json!({ "next": self.next(&marker) })) });
        if let Some(included) = included(page) {
            document["included"] = included;
        }
        Ok(self.document(StatusCode::OK, document))
    }

    /// The address of the next page: this one's, with another marker.
    fn next(&self, marker: &str) -> String {
        let kept = self.call.query.iter().filter(|(name, _)| name != "page[marker]");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).append_pair("page[marker]", marker);
        format!("{}{}?{}", self.app.origin, self.call.path, query.finish())
    }
}

/// Pages are no longer than this, and as long when nobody says otherwise.
const MOST: usize = 100;

fn id(resource: &Value) -> String {
    match &resource["id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    }
}

/// What a request says of a resource.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) attributes: Map<String, Value>,
    relationships: Map<String, Value>,
}

impl Resource {
    /// The id of what it is related to.
    pub(crate) fn related(&self, name: &str) -> Option<&str> {
        self.relationships.get(name)?["data"]["id"].as_str()
    }

    /// An attribute; `null` is as good as none.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name).filter(|value| !value.is_null())
    }
}

/// `{"data": {"type", "id"}}`
pub(crate) fn related(kind: &str, id: &str) -> Value {
    json!({ "data": { "type": kind, "id": id } })
}

impl ApiError {
    fn of(app: &App, error: TransferError) -> Self {
        let TransferError { status, code, message, more } = error;
        let (ours, title) = match status {
            StatusCode::NOT_FOUND => (Some("NOT_FOUND"), "Not Found"),
            StatusCode::CONFLICT => (Some("CONFLICT"), "Conflict"),
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
                (Some("UNPROCESSABLE_ENTITY"), "Unprocessable Entity")
            }
            StatusCode::UNAUTHORIZED => (Some("UNAUTHORIZED"), "Unauthorized"),
            // Programs know what is wanted of them by the code.
            StatusCode::FORBIDDEN if !more.is_empty() => (None, "Forbidden"),
            StatusCode::FORBIDDEN => (Some("FORBIDDEN"), "Forbidden"),
            _ => (None, "Error"),
        };
        let code = ours.map_or(code, Cow::Borrowed);
        let status =
            if status == StatusCode::BAD_REQUEST { StatusCode::UNPROCESSABLE_ENTITY } else { status };
        let request_id = app.ids.request_id();
        Self { status, code, title, detail: message, more, request_id }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut error = json!({
            "status": self.status.as_str(),
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
        });
        if let Value::Object(fields) = &mut error {
            fields.extend(self.more);
        }
        let body = json!({ "errors": [error], "meta": { "request_id": self.request_id } });
        let mut response = reply(self.status, &body);
        let kind = HeaderValue::from_static("application/vnd.api+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
