//! Stream access points: where streams enter and leave a site.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::{Answer, Exchange, related};
use crate::app::App;
use crate::http::Call;
use crate::ids::named_uuid;
use crate::lock::lock;
use crate::transfer::permission::{Role, Viewer};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessPoint {
    pub(crate) id: String,
    display_name: String,
    description: String,
    advertised_owner: String,
    /// The endpoint that hosts it.
    host: String,
}

impl AccessPoint {
    pub(crate) fn new(display_name: &str, description: &str, owner: &str, host: &str) -> Self {
        Self {
            id: named_uuid(&format!("stream-access-point:{display_name}")),
            display_name: display_name.to_owned(),
            description: description.to_owned(),
            advertised_owner: owner.to_owned(),
            host: host.to_owned(),
        }
    }

    fn document(&self) -> Value {
        let short = self.id.get(..8).unwrap_or(&self.id);
        json!({
            "type": "StreamAccessPoint",
            "id": self.id,
            "attributes": {
                "display_name": self.display_name,
                "tlsftp_server": format!("tlsftp://s-{short}.emulator.localhost:443"),
                "advertised_owner": self.advertised_owner,
                "contact_email": null,
                "contact_info": null,
                "department": null,
                "description": self.description,
                "info_link": null,
                "keywords": null,
                "organization": null,
            },
            "relationships": { "host_endpoint": related("Endpoint", &self.host) },
        })
    }

    /// Whether a word occurs in the texts that people search; an id is one's own.
    fn matches(&self, text: &str) -> bool {
        let all = format!("{} {} {} {}", self.id, self.display_name, self.description, self.advertised_owner);
        let all = all.to_lowercase();
        text.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let text = exchange.call.query("filter[fulltext]").unwrap_or_default();
    let mine_only = exchange.call.flag("filter[endpoint_admin]") == Some(true);
    let viewer = Viewer::of(&exchange.app, &exchange.grant.identity);
    let found: Vec<Value> = {
        let transfer = lock(&exchange.app.transfer);
        let is_mine = |point: &&AccessPoint| {
            let host = transfer.collections.get(&point.host);
            host.is_some_and(|host| host.grants(&viewer, Role::Administrator))
        };
        let points = transfer.access_points.values().filter(|point| point.matches(text));
        points.filter(|point| !mine_only || is_mine(point)).map(AccessPoint::document).collect()
    };
    exchange.page(found, |_| None)
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let point = lock(&exchange.app.transfer).access_points.get(&id).map(AccessPoint::document);
    let point = point.ok_or_else(|| exchange.not_found("stream access point", &id))?;
    Ok(exchange.document(StatusCode::OK, json!({ "data": point })))
}
