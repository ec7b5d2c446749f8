//! [`Calm`]: virtual time beside real connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Lets tokio's paused clock go on only when nothing moves any more.
///
/// By itself that clock jumps to the next timer whenever no task is ready, and so into every timeout while bytes are on their
/// way through the kernel. It stands still as long as some task yields. So one task does, for a good while after each turn of
/// those that are watched: client and server. On the loopback device what one side wrote can be read by the other at once, so
/// when the loop has gone round that often, nothing is on its way.
#[derive(Clone)]
pub(crate) struct Calm(Arc<Shared>);

struct Shared {
    turns: AtomicUsize,
    moved: Notify,
}

/// How often the loop goes round in vain before time goes on. A hop from one side to the other takes about five.
const ROUNDS: usize = 60;

impl Calm {
    pub(crate) fn new() -> Self {
        let calm = Self(Arc::new(Shared { turns: AtomicUsize::new(0), moved: Notify::new() }));
        let shared = Arc::clone(&calm.0);
        tokio::spawn(async move {
            loop {
                let (mut seen, mut rounds) = (usize::MAX, 0);
                while rounds < ROUNDS {
                    let turns = shared.turns.load(Ordering::Relaxed);
                    rounds = if turns == seen { rounds + 1 } else { 0 };
                    seen = turns;
                    tokio::task::yield_now().await;
                }
                shared.moved.notified().await;
            }
        });
        calm
    }

    /// Watches over `future`: time stands still while it has turns.
    pub(crate) async fn watch<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        poll_fn(|context| {
            self.0.turns.fetch_add(1, Ordering::Relaxed);
            self.0.moved.notify_one();
            future.as_mut().poll(context)
        })
        .await
    }
}
