//! A tunnel from its making to its end. No bytes go through it here.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::related;
use crate::clock::micros;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    /// Nobody has told yet where the listening program is.
    AwaitingListener,
    Active,
    Stopping,
    Stopped,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingListener => "AWAITING_LISTENER",
            Self::Active => "TUNNEL_ACTIVE",
            Self::Stopping => "STOPPING",
            Self::Stopped => "STOPPED",
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::AwaitingListener => "The tunnel is waiting for listening contact detail setup.",
            Self::Active => "The tunnel is active.",
            Self::Stopping => "A request to stop tunnel has been received.",
            Self::Stopped => "The tunnel has been stopped.",
        }
    }
}

/// What the maker of a tunnel wants.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wanted {
    pub(crate) label: Option<String>,
    pub(crate) submission_id: String,
    pub(crate) listener: String,
    pub(crate) initiator: String,
    pub(crate) lifetime_mins: u64,
    pub(crate) restartable: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tunnel {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) wanted: Wanted,
    /// Where the listening program is, as far as that was told.
    pub(crate) listener_ip_address: Option<String>,
    pub(crate) listener_port: Option<u16>,
    /// Where the initiating program finds the tunnel, once it is there.
    contact: Option<(String, u16)>,
    created_millis: i64,
    state: State,
    pub(crate) events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Event {
    id: u64,
    pub(crate) code: String,
    pub(crate) is_error: bool,
    description: String,
    details: String,
    millis: i64,
}

/// The ports that are given to initiating programs.
const FIRST_PORT: u64 = 50_000;
const PORTS: u64 = 10_000;

impl Tunnel {
    pub(crate) fn new(id: String, owner: &str, wanted: Wanted, now: i64) -> Self {
        Self {
            id,
            owner: owner.to_owned(),
            wanted,
            listener_ip_address: None,
            listener_port: None,
            contact: None,
            created_millis: now,
            state: State::AwaitingListener,
            events: Vec::new(),
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.state, State::Stopping | State::Stopped)
    }

    /// Whether there is something to be done.
    pub(crate) fn is_due(&self, now: i64) -> bool {
        self.can_begin()
            || self.state == State::Stopping
            || (self.state != State::Stopped && now >= self.ends_millis())
    }

    fn can_begin(&self) -> bool {
        self.state == State::AwaitingListener
            && self.listener_ip_address.is_some()
            && self.listener_port.is_some()
    }

    /// Goes as far as it can: it begins when the listening program is known, and ends when it was told to or its time is over.
    /// `next_event` is the id for the first event.
    pub(crate) fn advance(&mut self, now: i64, next_event: u64) {
        if self.can_begin() {
            self.event(now, next_event, "STARTED", "started", "Attempting tunnel establishment");
            self.event(now, next_event, "TUNNEL_ACTIVE", "tunnel is active", "Tunnel has been established");
            self.contact = Some(("127.0.0.1".to_owned(), port(next_event)));
            self.state = State::Active;
        }
        if self.state == State::Stopping {
            self.stop(now, next_event, "Tunnel stopped as requested.");
        } else if self.state != State::Stopped && now >= self.ends_millis() {
            self.stop(now, next_event, "The lifetime of the tunnel is over.");
        }
    }

    fn ends_millis(&self) -> i64 {
        let lifetime = i64::try_from(self.wanted.lifetime_mins).unwrap_or(i64::MAX);
        self.created_millis.saturating_add(lifetime.saturating_mul(60_000))
    }

    /// Asks for the end, which comes when it is looked at the next time.
    pub(crate) fn ask_to_stop(&mut self) {
        self.state = State::Stopping;
    }

    fn stop(&mut self, now: i64, next_event: u64, why: &str) {
        self.state = State::Stopped;
        self.contact = None;
        self.event(now, next_event, "TUNNEL_STOPPED", "tunnel has been stopped", why);
    }

    fn event(&mut self, now: i64, next_event: u64, code: &str, description: &str, details: &str) {
        let id = self.events.last().map_or(next_event, |last| next_event.max(last.id + 1));
        self.events.push(Event {
            id,
            code: code.to_owned(),
            is_error: false,
            description: description.to_owned(),
            details: details.to_owned(),
            millis: now,
        });
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "type": "Tunnel",
            "id": self.id,
            "attributes": {
                "label": self.wanted.label,
                "state": self.state.as_str(),
                "status": self.state.told(),
                "created_time": micros(self.created_millis),
                "lifetime_mins": self.wanted.lifetime_mins,
                "restartable": self.wanted.restartable,
                "listener_ip_address": self.listener_ip_address,
                "listener_port": self.listener_port,
                "initiator_ip_address": self.contact.as_ref().map(|(address, _)| address),
                "initiator_port": self.contact.as_ref().map(|(_, port)| port),
                "submission_id": self.wanted.submission_id,
            },
            "relationships": {
                "listener": related("StreamAccessPoint", &self.wanted.listener),
                "initiator": related("StreamAccessPoint", &self.wanted.initiator),
                "owner": related("Identity", &self.owner),
            },
        })
    }
}

fn port(event: u64) -> u16 {
    u16::try_from(FIRST_PORT + event % PORTS).unwrap_or(u16::MAX)
}

impl Event {
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn document(&self) -> Value {
        json!({
            "type": "TunnelEvent",
            "id": self.id,
            "attributes": {
                "code": self.code,
                "is_error": self.is_error,
                "description": self.description,
                "details": self.details,
                "time": micros(self.millis),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tunnel() -> Tunnel {
        let wanted = Wanted {
            label: None,
            submission_id: "s".to_owned(),
            listener: "l".to_owned(),
            initiator: "i".to_owned(),
            lifetime_mins: 1,
            restartable: false,
        };
        Tunnel::new("t".to_owned(), "o", wanted, 0)
    }

    fn codes(tunnel: &Tunnel) -> Vec<&str> {
        tunnel.events.iter().map(|event| event.code.as_str()).collect()
    }

    #[test]
    fn a_tunnel_begins_with_its_listener_and_ends_when_told() {
        let mut tunnel = tunnel();
        tunnel.advance(1, 7);
        assert_eq!(tunnel.state, State::AwaitingListener);
        tunnel.listener_ip_address = Some("10.0.0.1".to_owned());
        tunnel.advance(2, 7);
        assert_eq!(tunnel.state, State::AwaitingListener, "an address without a port is no place");
        tunnel.listener_port = Some(5000);
        tunnel.advance(3, 7);
        assert_eq!((tunnel.state, tunnel.contact.is_some()), (State::Active, true));
        tunnel.ask_to_stop();
        tunnel.advance(4, 9);
        assert_eq!(codes(&tunnel), ["STARTED", "TUNNEL_ACTIVE", "TUNNEL_STOPPED"]);
        assert_eq!(tunnel.events.iter().map(Event::id).collect::<Vec<_>>(), [7, 8, 9]);
        tunnel.advance(i64::MAX, 10);
        assert_eq!(tunnel.events.len(), 3);
    }

    #[test]
    fn a_tunnel_ends_with_its_time() {
        let mut tunnel = tunnel();
        tunnel.advance(59_999, 1);
        assert_eq!(tunnel.state, State::AwaitingListener);
        tunnel.advance(60_000, 1);
        assert_eq!((tunnel.state, codes(&tunnel)), (State::Stopped, vec!["TUNNEL_STOPPED"]));
    }
}
