//! The events that a test causes.

use std::cell::RefCell;
use std::fmt::{Debug, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span;
use tracing::{Event, Level, Metadata, Subscriber};

/// What this thread has reported since it was made. All that a test does must run on its thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Events;

thread_local! {
    static REPORTED: RefCell<Vec<(Level, String)>> = const { RefCell::new(Vec::new()) };
}

impl Events {
    /// One subscriber serves all threads: what a thread without one meets first, others would not see either.
    pub(crate) fn record() -> Self {
        Self::listen();
        tracing::callsite::rebuild_interest_cache();
        REPORTED.take();
        Self
    }

    /// Makes sure that events are seen, by the search for secrets too.
    pub(crate) fn listen() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| tracing::subscriber::set_global_default(Recorder).unwrap());
    }

    /// The messages of this level so far, which are forgotten.
    pub(crate) fn take(self, level: Level) -> Vec<String> {
        let (taken, others) = REPORTED.take().into_iter().partition(|(of, _)| *of == level);
        REPORTED.set(others);
        taken.into_iter().map(|(_, message): (Level, String)| message).collect()
    }
}

struct Recorder;

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("globus_authorizers")
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut message = Message::default();
        event.record(&mut message);
        globus_test_support::log_line(format_args!("{} {event:?}", event.metadata().level()));
        REPORTED.with_borrow_mut(|reported| reported.push((*event.metadata().level(), message.0)));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            write!(self.0, "{value:?}").unwrap();
        }
    }
}
