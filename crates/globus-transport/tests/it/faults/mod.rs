//! The table of faults: what a server, or whatever stands in its place, may do, and what becomes of a call then.
//!
//! Each fault meets a `GET`, a `POST` that must not be done twice, and a `POST` with a key by which the service knows a
//! repetition. All have the settings of a program that sets none.

use std::ops::RangeInclusive;

use globus_transport::{
    Body, Error, ErrorKind, HttpRequest, Idempotency, Method, Service, Settings, Transport,
};
use serde::Deserialize;
use tokio::time::Instant;

use crate::chain::assert_said_once;
use crate::hostile::{Calm, Script, Server};

mod answers;
mod breaks;
mod heads;
mod nobody;
mod redirects;
mod stalls;
mod waits;

/// One row.
pub(crate) struct Fault {
    name: &'static str,
    place: Place,
    scripts: Vec<Script>,
    change: fn(HttpRequest) -> HttpRequest,
    safe: Option<Expected>,
    once: Option<Expected>,
}

/// Where the request goes.
#[derive(Clone, Copy)]
enum Place {
    Server,
    #[cfg(feature = "rustls")]
    ServerByTls,
    Nobody,
    UnknownHost,
}

#[derive(Clone)]
struct Expected {
    /// How many requests arrive, as far as a server can tell.
    arrived: usize,
    /// How long the call takes.
    seconds: RangeInclusive<f64>,
    end: Result<(), (ErrorKind, String)>,
}

/// All waits before five retries, at their longest.
const BACKOFF: f64 = 25.0;

const AT_ONCE: RangeInclusive<f64> = 0.0..=0.0;

/// A good answer's body.
const GOOD: &str = r#"{"name": "x"}"#;

#[derive(Deserialize)]
struct Document {
    #[expect(dead_code, reason = "only read")]
    name: String,
}

fn fault(name: &'static str, scripts: impl IntoIterator<Item = Script>) -> Fault {
    Fault {
        name,
        place: Place::Server,
        scripts: scripts.into_iter().collect(),
        change: |request| request,
        safe: None,
        once: None,
    }
}

impl Fault {
    fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    fn with(mut self, change: fn(HttpRequest) -> HttpRequest) -> Self {
        self.change = change;
        self
    }

    /// What a `GET` and a `POST` with a key come to.
    fn safe(mut self, arrived: usize, seconds: RangeInclusive<f64>, kind: ErrorKind, text: &str) -> Self {
        self.safe = Some(Expected { arrived, seconds, end: Err((kind, text.to_owned())) });
        self
    }

    /// What a `POST` comes to that must not be done twice.
    fn once(mut self, arrived: usize, seconds: RangeInclusive<f64>, kind: ErrorKind, text: &str) -> Self {
        self.once = Some(Expected { arrived, seconds, end: Err((kind, text.to_owned())) });
        self
    }

    /// The same for all.
    fn all(self, arrived: usize, seconds: RangeInclusive<f64>, kind: ErrorKind, text: &str) -> Self {
        self.safe(arrived, seconds.clone(), kind, text).once(arrived, seconds, kind, text)
    }

    fn safe_succeeds(mut self, arrived: usize, seconds: RangeInclusive<f64>) -> Self {
        self.safe = Some(Expected { arrived, seconds, end: Ok(()) });
        self
    }

    fn once_succeeds(mut self, arrived: usize, seconds: RangeInclusive<f64>) -> Self {
        self.once = Some(Expected { arrived, seconds, end: Ok(()) });
        self
    }

    fn all_succeed(self, arrived: usize, seconds: RangeInclusive<f64>) -> Self {
        self.safe_succeeds(arrived, seconds.clone()).once_succeeds(arrived, seconds)
    }
}

/// Plays the faults; fails with all that came out otherwise.
async fn check(faults: impl IntoIterator<Item = Fault>) {
    let calm = Calm::new();
    let mut wrong = Vec::new();
    for fault in faults {
        for (what, method, idempotency, expected) in [
            ("GET", Method::Get, Idempotency::Safe, fault.safe.as_ref()),
            ("POST", Method::Post, Idempotency::Unsafe, fault.once.as_ref()),
            ("POST with a key", Method::Post, Idempotency::Keyed, fault.safe.as_ref()),
        ] {
            let expected = expected.unwrap();
            let seen = play(&calm, &fault, method, idempotency).await;
            let fits = seen.arrived == expected.arrived
                && expected.seconds.contains(&seen.seconds)
                && seen.end == expected.end;
            if !fits {
                wrong.push(format!(
                    "{} ({what}): {} arrived in {} s: {:?}",
                    fault.name, seen.arrived, seen.seconds, seen.end
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

struct Seen {
    arrived: usize,
    seconds: f64,
    end: Result<(), (ErrorKind, String)>,
}

async fn play(calm: &Calm, fault: &Fault, method: Method, idempotency: Idempotency) -> Seen {
    let server = Server::in_virtual_time(calm, fault.scripts.iter().cloned()).await;
    let base = match fault.place {
        Place::Server => server.url.clone(),
        #[cfg(feature = "rustls")]
        Place::ServerByTls => server.url.replace("http://", "https://"),
        Place::Nobody => crate::nobody().await,
        // A label that is longer than names may be: the resolver knows that without asking the network.
        Place::UnknownHost => format!("http://{}.invalid", "a".repeat(64)),
    };
    let body = if method == Method::Get { Body::None } else { Body::Json("{\"a\":1}".into()) };
    let request = HttpRequest::new(Service::Transfer, "the_operation", method, format!("{base}/ls?secret=1"))
        .with_body(body)
        .with_idempotency(idempotency);
    let transport = Transport::builder().settings(Settings::default()).proxy_from_env(false).build().unwrap();
    let started = Instant::now();
    let result = calm.watch(transport.send((fault.change)(request))).await;
    let seconds = (started.elapsed().as_secs_f64() * 100.0).round() / 100.0;
    let arrived = match fault.place {
        Place::Nobody | Place::UnknownHost => result.as_ref().map_or_else(Error::attempts, |_| 0) as usize,
        _ => server.arrived(),
    };
    let end = result.and_then(|response| response.json::<Document>()).map(drop).map_err(|error| {
        assert_said_once(&error);
        let line = error.to_string();
        let start = format!("transfer the_operation ({method} {base}/ls): ");
        let text = line.strip_prefix(&start).unwrap_or(&line);
        (error.kind(), text.replace(&base, "http://host"))
    });
    Seen { arrived, seconds, end }
}
