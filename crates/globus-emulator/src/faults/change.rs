//! What faults do to an answer that was given.

use axum::body::{Body, to_bytes};
use axum::response::Response;
use http::header;
use serde_json::Value;

use super::plan::Plan;
use crate::http::{slowed, truncated};

/// Changes the answer to a request with this query as planned.
pub(crate) async fn finish(plan: &Plan, query: &str, mut response: Response) -> Response {
    if plan.empty_pages && response.status().is_success() {
        response = without_items(query, response).await;
    }
    if plan.truncate {
        return truncated(response).await;
    }
    match plan.bytes_per_second {
        Some(rate) => slowed(response, rate).await,
        None => response,
    }
}

/// A page that claims more and sends none. What is no page stays as it is.
async fn without_items(query: &str, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut page) if page["DATA"].is_array() => {
            claim_more(query, &mut page);
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(page.to_string()))
        }
        _ => Response::from_parts(parts, Body::from(bytes)),
    }
}

/// How many more items there are said to be.
const MORE: u64 = 1000;

fn claim_more(query: &str, page: &mut Value) {
    let asked = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).and_then(|(_, value)| value.parse::<u64>().ok()).unwrap_or(0)
    };
    page["DATA"] = Value::Array(Vec::new());
    let Some(fields) = page.as_object_mut() else { return };
    for (name, value) in fields {
        match name.as_str() {
            "has_next_page" => *value = true.into(),
            "length" => *value = 0.into(),
            "total" => *value = asked("offset").saturating_add(MORE).into(),
            // Another one each time, so that going on looks like progress.
            "next_marker" => *value = asked("marker").saturating_add(1).to_string().into(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_claims_more_however_its_list_is_paged() {
        let mut page =
            json!({ "DATA": [1, 2], "length": 2, "total": 2, "has_next_page": false, "next_marker": null });
        claim_more("offset=100&marker=7", &mut page);
        let empty =
            json!({ "DATA": [], "length": 0, "total": 1100, "has_next_page": true, "next_marker": "8" });
        assert_eq!(page, empty);
    }
}
