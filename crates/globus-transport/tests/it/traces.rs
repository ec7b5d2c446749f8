//! What a subscriber sees: everything about the call, and no secret.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use globus_authorizers::AccessTokenAuthorizer;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::hostile::{Server, say};
use crate::{builder, get};

/// Writes everything down.
#[derive(Clone, Default)]
struct Notebook {
    text: Arc<Mutex<String>>,
    spans: Arc<AtomicU64>,
}

struct Writer<'a>(&'a mut String);

impl Visit for Writer<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Notebook {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut Writer(&mut self.text.lock().unwrap()));
        Id::from_u64(self.spans.fetch_add(1, Ordering::SeqCst) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Writer(&mut self.text.lock().unwrap()));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Writer(&mut self.text.lock().unwrap()));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_call_is_traced_with_its_outcome_and_without_secrets() {
    let peer = Server::new([
        say(500, "", r#"{"code": "Down", "message": "later"}"#),
        say(404, "", r#"{"code": "NotFound", "message": "gone", "request_id": "q-7"}"#),
    ])
    .await;
    let notebook = Notebook::default();
    let guard = tracing::subscriber::set_default(notebook.clone());
    let url = format!("{}/x?code=AgHidden1", peer.url);
    let request = get(&url).with_authorizer(Arc::new(AccessTokenAuthorizer::new("AgHidden2")));
    let transport = builder().max_backoff(std::time::Duration::ZERO).build().unwrap();
    transport.send(request).await.unwrap_err();
    drop(guard);
    let text = notebook.text.lock().unwrap().clone();
    for part in [
        "service=\"transfer\"",
        "operation=\"operation_ls\"",
        "method=\"GET\"",
        "status=404",
        "request_id=\"q-7\"",
        "attempts=2",
        "duration_ms=",
        "reason=Down: later [500]",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("AgHidden"), "{text}");
}
