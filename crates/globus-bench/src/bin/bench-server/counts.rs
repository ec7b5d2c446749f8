//! What the server has seen.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use serde_json::json;

/// Counted since it was last asked for.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    connections: AtomicU64,
    open: AtomicU64,
    most_open: AtomicU64,
    tokens: AtomicU64,
}

/// A connection on which a request has come; it ends when this is dropped.
pub(crate) struct Connection<'a>(&'a Counts);

impl Counts {
    pub(crate) fn connection(&self) -> Connection<'_> {
        self.connections.fetch_add(1, Relaxed);
        let open = self.open.fetch_add(1, Relaxed) + 1;
        self.most_open.fetch_max(open, Relaxed);
        Connection(self)
    }

    pub(crate) fn token(&self) {
        self.tokens.fetch_add(1, Relaxed);
    }

    /// As JSON, and begins anew.
    pub(crate) fn take(&self) -> String {
        let most_open = self.most_open.swap(self.open.load(Relaxed), Relaxed);
        let (connections, tokens) = (self.connections.swap(0, Relaxed), self.tokens.swap(0, Relaxed));
        json!({ "connections": connections, "most_open": most_open, "tokens": tokens }).to_string()
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_connections_at_once_are_remembered_until_asked_for() {
        let counts = Counts::default();
        drop((counts.connection(), counts.connection()));
        let _third = counts.connection();
        counts.token();
        assert_eq!(counts.take(), r#"{"connections":3,"most_open":2,"tokens":1}"#);
        assert_eq!(counts.take(), r#"{"connections":0,"most_open":1,"tokens":0}"#);
    }
}
