//! Services that are not emulated. Programs are pointed here all the same, so that none of them reaches the real ones by mistake.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::any;
use http::StatusCode;
use serde_json::json;

use crate::app::App;

/// As their variables name them.
const SERVICES: [&str; 4] = ["SEARCH", "FLOWS", "TIMER", "COMPUTE"];
const PATH: &str = "/not-emulated";

/// The variables of these services, with addresses at which they are said to be absent.
pub(crate) fn addresses(origin: &str) -> impl Iterator<Item = (String, String)> {
    SERVICES.into_iter().map(move |service| {
        let place = service.to_lowercase();
        (format!("GLOBUS_SDK_SERVICE_URL_{service}"), format!("{origin}{PATH}/{place}/"))
    })
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route(&format!("{PATH}/{{service}}/{{*path}}"), any(absent))
}

async fn absent(Path((service, path)): Path<(String, String)>) -> Response {
    let message = format!("The emulator has no {service} service, so there is no /{path}");
    crate::http::json(StatusCode::NOT_IMPLEMENTED, &json!({ "code": "NotEmulated", "message": message }))
}
