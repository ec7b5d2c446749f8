//! The servers behind an endpoint. Behind a local directory stands this machine.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::access::caller;
use super::collection::Collection;
use super::error::TransferError;
use super::permission::Viewer;
use super::{Answer, pages};
use crate::app::App;
use crate::http::{Call, json as reply};
use crate::lock::lock;

/// Where GridFTP listens.
const PORT: u16 = 2811;

impl Collection {
    /// Guest collections have the servers of their hosts.
    pub(crate) fn servers(&self) -> Vec<Value> {
        if self.is_guest() {
            return Vec::new();
        }
        let id = u32::from_str_radix(self.id.get(..6).unwrap_or_default(), 16).unwrap_or(1);
        let short = self.id.get(..8).unwrap_or(&self.id);
        let host = format!("{short}.data.emulator.localhost");
        let personal = self.entity_type.starts_with("GCP_");
        vec![json!({
            "DATA_TYPE": "server",
            "id": id,
            "hostname": host,
            "uri": format!("gsiftp://{host}:{PORT}"),
            "port": PORT,
            "scheme": "gsiftp",
            "subject": format!("/C=US/O=Globus Emulator/CN={host}"),
            "incoming_data_port_start": null,
            "incoming_data_port_end": null,
            "outgoing_data_port_start": null,
            "outgoing_data_port_end": null,
            "is_connected": personal.then_some(self.root.is_some()),
            "is_paused": personal.then_some(false),
        })]
    }
}

fn of(app: &App, call: &Call, id: &str) -> Result<Vec<Value>, TransferError> {
    let grant = caller(app, call)?;
    let viewer = Viewer::of(app, &grant.identity);
    Ok(lock(&app.transfer).visible(id, &viewer)?.servers())
}

pub(crate) async fn list(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let mut document = pages::whole("endpoint_server_list", &of(&app, &call, &id)?);
    document["endpoint"] = id.into();
    Ok(reply(StatusCode::OK, &document))
}

pub(crate) async fn read(
    State(app): State<Arc<App>>,
    Path((id, server)): Path<(String, String)>,
    call: Call,
) -> Answer {
    let servers = of(&app, &call, &id)?;
    let wanted: Option<u64> = server.parse().ok();
    let found = servers.iter().find(|entry| wanted.is_some() && entry["id"].as_u64() == wanted);
    let found = found.ok_or_else(|| {
        TransferError::new(StatusCode::NOT_FOUND, "ServerNotFound", format!("No such server '{server}'"))
    })?;
    Ok(reply(StatusCode::OK, found))
}
