//! Making tunnels, changing them, and what happened to them.

use std::sync::Arc;

use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::api::{Answer, ApiError, Exchange, Resource};
use super::tunnel::{Event, Tunnel, Wanted};
use crate::app::App;
use crate::http::Call;
use crate::ids::is_uuid;
use crate::lock::lock;
use crate::transfer::state::TransferState;

/// Tunnels exist so long when nothing is said: six hours.
const LIFETIME_MINS: u64 = 360;

impl TransferState {
    /// Brings all tunnels up to date.
    fn advance_tunnels(&mut self, now: i64) {
        let due: Vec<String> = self
            .tunnels
            .values()
            .filter(|tunnel| tunnel.is_due(now))
            .map(|tunnel| tunnel.id.clone())
            .collect();
        for id in due {
            let last = self.tunnels.values().filter_map(|tunnel| tunnel.events.last()).map(Event::id).max();
            if let Some(tunnel) = self.tunnels.get_mut(&id) {
                tunnel.advance(now, last.unwrap_or_default() + 1);
            }
        }
    }
}

impl Exchange {
    /// The caller's tunnel, up to date.
    fn find<'a>(&self, transfer: &'a mut TransferState, id: &str) -> Result<&'a Tunnel, ApiError> {
        transfer.advance_tunnels(self.app.clock.millis());
        let tunnel = transfer.tunnels.get(id).filter(|tunnel| tunnel.owner == self.grant.identity);
        tunnel.ok_or_else(|| self.not_found("tunnel", id))
    }

    fn label(&self, resource: &Resource) -> Result<Option<String>, ApiError> {
        match resource.attribute("label") {
            None => Ok(None),
            Some(Value::String(label)) => Ok(Some(label.clone())),
            Some(_) => Err(self.invalid("'label' must be a text")),
        }
    }

    /// Takes over where the listening program is, as far as the request tells.
    fn set_listener(&self, tunnel: &mut Tunnel, resource: &Resource) -> Result<(), ApiError> {
        if let Some(address) = resource.attribute("listener_ip_address") {
            let address = address.as_str().filter(|text| text.parse::<std::net::IpAddr>().is_ok());
            let address =
                address.ok_or_else(|| self.invalid("'listener_ip_address' must be an IP address"))?;
            tunnel.listener_ip_address = Some(address.to_owned());
        }
        if let Some(port) = resource.attribute("listener_port") {
            let port = port.as_u64().and_then(|port| u16::try_from(port).ok()).filter(|port| *port > 0);
            let port =
                port.ok_or_else(|| self.invalid("'listener_port' must be a number from 1 to 65535"))?;
            tunnel.listener_port = Some(port);
        }
        Ok(())
    }

    fn wanted(&self, resource: &Resource) -> Result<Wanted, ApiError> {
        let point = |name: &str| {
            let id = resource
                .related(name)
                .ok_or_else(|| self.invalid(format!("A tunnel needs the stream access point '{name}'")))?;
            if lock(&self.app.transfer).access_points.contains_key(id) {
                Ok(id.to_owned())
            } else {
                Err(self.not_found("stream access point", id))
            }
        };
        let submission = resource.attribute("submission_id").and_then(Value::as_str).filter(|id| is_uuid(id));
        let lifetime = resource.attribute("lifetime_mins").map(|mins| {
            let mins = mins.as_u64().filter(|mins| *mins > 0);
            mins.ok_or_else(|| self.invalid("'lifetime_mins' must be a number of minutes"))
        });
        let restartable = resource
            .attribute("restartable")
            .map(|flag| flag.as_bool().ok_or_else(|| self.invalid("'restartable' must be true or false")));
        Ok(Wanted {
            label: self.label(resource)?,
            submission_id: submission
                .ok_or_else(|| self.invalid("'submission_id' must be a UUID"))?
                .to_owned(),
            listener: point("listener")?,
            initiator: point("initiator")?,
            lifetime_mins: lifetime.transpose()?.unwrap_or(LIFETIME_MINS),
            restartable: restartable.transpose()?.unwrap_or(false),
        })
    }
}

pub(crate) async fn create(State(app): State<Arc<App>>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let resource = exchange.resource("Tunnel")?;
    let wanted = exchange.wanted(&resource)?;
    let (now, owner) = (exchange.app.clock.millis(), exchange.grant.identity.as_str());
    let mut transfer = lock(&exchange.app.transfer);
    transfer.advance_tunnels(now);
    let known = transfer
        .tunnels
        .values()
        .find(|tunnel| tunnel.owner == owner && tunnel.wanted.submission_id == wanted.submission_id);
    if let Some(known) = known {
        return Ok(exchange.document(StatusCode::OK, json!({ "data": known.document() })));
    }
    let mut tunnel = Tunnel::new(exchange.app.ids.uuid(), owner, wanted, now);
    exchange.set_listener(&mut tunnel, &resource)?;
    let id = tunnel.id.clone();
    transfer.tunnels.insert(id.clone(), tunnel);
    transfer.advance_tunnels(now);
    let document = transfer.tunnels.get(&id).map(Tunnel::document);
    Ok(exchange.document(StatusCode::CREATED, json!({ "data": document })))
}

pub(crate) async fn list(State(app): State<Arc<App>>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let mine: Vec<Value> = {
        let mut transfer = lock(&exchange.app.transfer);
        transfer.advance_tunnels(exchange.app.clock.millis());
        let tunnels = transfer.tunnels.values().filter(|tunnel| tunnel.owner == exchange.grant.identity);
        tunnels.map(Tunnel::document).collect()
    };
    exchange.page(mine, |_| None)
}

pub(crate) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let document = exchange.find(&mut lock(&exchange.app.transfer), &id)?.document();
    Ok(exchange.document(StatusCode::OK, json!({ "data": document })))
}

pub(crate) async fn update(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let resource = exchange.resource("Tunnel")?;
    let mut transfer = lock(&exchange.app.transfer);
    let mut tunnel = exchange.find(&mut transfer, &id)?.clone();
    if tunnel.has_ended() {
        return Err(exchange.conflict("The tunnel has been stopped"));
    }
    if resource.attributes.contains_key("label") {
        tunnel.wanted.label = exchange.label(&resource)?;
    }
    exchange.set_listener(&mut tunnel, &resource)?;
    let stop = match resource.attribute("state") {
        None => false,
        Some(state) if state == "STOPPING" => true,
        Some(_) => return Err(exchange.invalid("'state' can be set to STOPPING only")),
    };
    if stop {
        tunnel.ask_to_stop();
    }
    let mut document = tunnel.document();
    transfer.tunnels.insert(id.clone(), tunnel);
    if !stop {
        // With a listener it may have begun.
        document = exchange.find(&mut transfer, &id)?.document();
    }
    Ok(exchange.document(StatusCode::OK, json!({ "data": document })))
}

pub(crate) async fn delete(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let mut transfer = lock(&exchange.app.transfer);
    exchange.find(&mut transfer, &id)?;
    transfer.tunnels.remove(&id);
    Ok(exchange.document(StatusCode::OK, json!({ "data": null })))
}

pub(crate) async fn events(State(app): State<Arc<App>>, Path(id): Path<String>, call: Call) -> Answer {
    let exchange = Exchange::begin(app, call)?;
    let (code, is_error) = (exchange.call.query("code_name"), exchange.call.flag("is_error"));
    let mut transfer = lock(&exchange.app.transfer);
    let tunnel = exchange.find(&mut transfer, &id)?;
    let events = tunnel.events.iter().filter(|event| code.is_none_or(|code| event.code == code));
    let events = events.filter(|event| is_error.is_none_or(|wanted| event.is_error == wanted));
    exchange.page(events.map(Event::document).collect(), |_| None)
}
