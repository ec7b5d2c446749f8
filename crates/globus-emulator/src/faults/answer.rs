//! The answers of faults, in the form of the service that was asked.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use super::action::FaultAction;
use super::fault::Service;
use super::plan::Ending;
use crate::app::App;
use crate::auth::{AuthError, TRANSFER_ALL, data_access};
use crate::groups::GroupsError;
use crate::http::{json as reply, text};
use crate::page::escape;
use crate::transfer::TransferError;

impl Ending {
    /// The answer; `None` when there is none.
    pub(crate) fn answer(self, app: &App, path: &str) -> Option<Response> {
        match self {
            Self::Drop => None,
            Self::Limited { retry_after_seconds } => {
                let message = format!("Too many requests, try again in {retry_after_seconds} s");
                let mut response =
                    error_answer(app, path, StatusCode::TOO_MANY_REQUESTS, None, &message, Map::new());
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_seconds));
                Some(response)
            }
            Self::Answer(action, collection) => Some(answer(app, path, action, collection.as_deref())),
        }
    }
}

fn answer(app: &App, path: &str, action: FaultAction, collection: Option<&str>) -> Response {
    match action {
        FaultAction::Error { status, code, message, headers } => {
            let message = message.unwrap_or_else(|| "This error was asked for".to_owned());
            let response = error_answer(app, path, known(status), code.as_deref(), &message, Map::new());
            with(headers, response)
        }
        FaultAction::Answer { status, headers, body, content_type } => {
            let (kind, body) = match body {
                Value::Null => (content_type, String::new()),
                Value::String(text) => (content_type.or_else(|| Some("text/plain".to_owned())), text),
                document => {
                    (content_type.or_else(|| Some("application/json".to_owned())), document.to_string())
                }
            };
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = known(status);
            if let Some(Ok(kind)) = kind.map(HeaderValue::try_from) {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
            with(headers, response)
        }
        FaultAction::HtmlPage { status } => page(known(status)),
        FaultAction::ConsentRequired { required_scopes } => {
            consent(app, path, required_scopes, collection.or_else(|| collection_in(path)))
        }
        FaultAction::SessionRequired(demand) => {
            let told = demand.session_message.clone();
            let message =
                told.unwrap_or_else(|| "The session does not meet what is required here".to_owned());
            let more = Map::from_iter([("authorization_parameters".to_owned(), json!(demand))]);
            let code = match Service::of(path) {
                Service::Auth => "FORBIDDEN",
                Service::Groups | Service::Transfer => "AuthorizationRequired",
            };
            error_answer(app, path, StatusCode::FORBIDDEN, Some(code), &message, more)
        }
        // The others are no answers, and no plan holds them as one.
        _ => text(StatusCode::INTERNAL_SERVER_ERROR, "The fault has no answer."),
    }
}

fn known(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn with(headers: BTreeMap<String, String>, mut response: Response) -> Response {
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// What stands between a client and a service sends such pages.
fn page(status: StatusCode) -> Response {
    let title = escape(status.canonical_reason().unwrap_or("Error"));
    let number = status.as_u16();
    let body = format!(
        "<html>\r\n<head><title>{number} {title}</title></head>\r\n<body>\r\n<center><h1>{number} {title}</h1></center>\r\n\
         <hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// Each service has its own way to ask for consent.
fn consent(app: &App, path: &str, scopes: Vec<String>, collection: Option<&str>) -> Response {
    let scopes = match (scopes.is_empty(), collection) {
        (false, _) => scopes,
        (true, Some(collection)) => vec![format!("{TRANSFER_ALL}[*{}]", data_access(collection))],
        (true, None) => vec![TRANSFER_ALL.to_owned()],
    };
    match Service::of(path) {
        Service::Auth => {
            let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let error = AuthError::dependent_consent_required(&scopes);
            reply(StatusCode::FORBIDDEN, &error.body)
        }
        Service::Groups | Service::Transfer => {
            let more = Map::from_iter([("required_scopes".to_owned(), json!(scopes))]);
            let message = match collection {
                Some(_) => "Missing required data_access consent",
                None => "Missing required consent",
            };
            error_answer(app, path, StatusCode::FORBIDDEN, Some("ConsentRequired"), message, more)
        }
    }
}

fn collection_in(path: &str) -> Option<&str> {
    path.split('/').find(|segment| crate::ids::is_uuid(segment))
}

/// The error document of the service that the path belongs to, with `more` at its top.
pub(crate) fn error_answer(
    app: &App,
    path: &str,
    status: StatusCode,
    code: Option<&str>,
    message: &str,
    more: Map<String, Value>,
) -> Response {
    let service = Service::of(path);
    let code = code.map_or_else(|| error_code(service, path, status), str::to_owned);
    let mut document = match service {
        // RFC 6749 for the endpoints of OAuth2, and another form for the rest.
        Service::Auth if path.starts_with("/v2/oauth2/token") => AuthError::oauth(&code, message).body,
        Service::Auth => AuthError::api(status, &code, &title(status), message).body,
        Service::Groups => GroupsError::new(status, code, message).document(),
        Service::Transfer => {
            let mut document = TransferError::new(status, code, message).document();
            document["resource"] = path.into();
            document["request_id"] = app.ids.request_id().into();
            document
        }
    };
    for (name, value) in more {
        document[name] = value;
    }
    reply(status, &document)
}

fn title(status: StatusCode) -> String {
    status.canonical_reason().unwrap_or("Error").to_owned()
}

/// What a service calls an error with this status.
fn error_code(service: Service, path: &str, status: StatusCode) -> String {
    let number = status.as_u16();
    if service == Service::Auth && path.starts_with("/v2/oauth2/token") {
        let code = match number {
            401 => "invalid_client",
            403 => "access_denied",
            429 => "slow_down",
            503 => "temporarily_unavailable",
            400..500 => "invalid_request",
            _ => "server_error",
        };
        return code.to_owned();
    }
    let reason: String =
        title(status).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    if service != Service::Transfer {
        return reason.to_ascii_uppercase().replace(' ', "_");
    }
    match number {
        401 => "ClientError.AuthenticationFailed".to_owned(),
        403 => "PermissionDenied".to_owned(),
        400 | 404 => format!("ClientError.{}", reason.replace(' ', "")),
        500 => "InternalError".to_owned(),
        502 => "ExternalError".to_owned(),
        _ => reason.replace(' ', ""),
    }
}
