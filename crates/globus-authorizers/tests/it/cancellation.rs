//! Every public future, dropped at each of the points at which it waits.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};

use globus_auth_core::ManualClock;
use globus_authorizers::{
    AccessTokenAuthorizer, Authorizer, BasicAuthorizer, ClientCredentialsAuthorizer, NullAuthorizer,
    RefreshTokenAuthorizer,
};
use globus_tokenstorage::TokenStorage;

use crate::support::{
    Answer, BreakableStorage, FakeAuth, LIFE, RS, clock, entry, put, seconds, settle, token_of,
};

/// More turns than any of the futures takes.
const MOST_TURNS: usize = 400;

/// Polls `future` so often, letting the other tasks have a turn each time, and drops it. `true`: it was ready before.
async fn poll_and_drop(future: impl Future + Send, times: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..times {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

struct World {
    clock: ManualClock,
    auth: FakeAuth,
    storage: BreakableStorage,
}

impl World {
    /// An expired login, an Auth that takes a refresh token once, and a storage that takes its time.
    async fn new() -> Self {
        let clock = clock();
        let auth = FakeAuth::new(&clock).takes_a_refresh_token_once().answers(vec![Answer::Rotate; 10]);
        auth.takes_turns(5);
        let storage = BreakableStorage::default();
        put(&storage, entry(&clock, "AgStored", 0)).await;
        storage.turns.store(3, Ordering::SeqCst);
        Self { clock, auth, storage }
    }

    fn user(&self) -> RefreshTokenAuthorizer {
        crate::support::stored_authorizer(&self.auth, &self.clock, &self.storage)
    }

    fn client(&self) -> ClientCredentialsAuthorizer {
        ClientCredentialsAuthorizer::from_storage(self.auth.clone(), self.storage.clone(), RS, "all")
            .with_clock(self.clock.clone())
    }
}

/// After a future was dropped: no task is left, no lock held, no token lost, and the next call works.
async fn all_is_well(world: &World, authorizer: &(impl Authorizer + Clone), times: usize) {
    for _ in 0..MOST_TURNS {
        tokio::task::yield_now().await;
    }
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert_eq!(tasks, 0, "tasks left after {times} polls");
    drop(world.storage.inner.lock(RS).await.expect("the lock is free"));
    let token = token_of(authorizer).await;
    let calls = world.auth.calls();
    assert_eq!(calls, 1, "after {times} polls");
    let stored = world.storage.get_token_data(RS).await.unwrap().unwrap();
    assert_eq!(stored.access_token.expose(), token, "after {times} polls");
    // And the one after, which spends what was stored.
    world.clock.advance(seconds(LIFE));
    assert_ne!(token_of(authorizer).await, token);
    assert_eq!(world.auth.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn asking_for_a_users_header_is_dropped_at_every_point() {
    for times in 0..MOST_TURNS {
        let world = World::new().await;
        let authorizer = world.user();
        let ready = poll_and_drop(authorizer.authorization_header(), times).await;
        all_is_well(&world, &authorizer, times).await;
        if ready {
            assert!(times > 20, "only {times} polls");
            return;
        }
    }
    panic!("never ready");
}

#[tokio::test(start_paused = true)]
async fn asking_for_a_clients_header_is_dropped_at_every_point() {
    for times in 0..MOST_TURNS {
        let world = World::new().await;
        world.storage.remove_token_data(RS).await.unwrap();
        let authorizer = world.client();
        let ready = poll_and_drop(authorizer.authorization_header(), times).await;
        all_is_well(&world, &authorizer, times).await;
        if ready {
            assert!(times > 20, "only {times} polls");
            return;
        }
    }
    panic!("never ready");
}

#[tokio::test(start_paused = true)]
async fn settling_is_dropped_at_every_point() {
    for times in 0..MOST_TURNS {
        let world = World::new().await;
        let authorizer = world.user();
        poll_and_drop(authorizer.authorization_header(), 1).await;
        let ready = poll_and_drop(authorizer.settle(), times).await;
        all_is_well(&world, &authorizer, times).await;
        if ready {
            assert!(times > 20, "only {times} polls");
            return;
        }
    }
    panic!("never ready");
}

#[tokio::test(start_paused = true)]
async fn settling_is_dropped_at_every_point_of_a_write_that_is_tried_again() {
    for times in 0..MOST_TURNS {
        let world = World::new().await;
        world.storage.writing_fails.store(true, Ordering::SeqCst);
        let authorizer = world.user();
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
        world.storage.writing_fails.store(false, Ordering::SeqCst);
        let ready = poll_and_drop(authorizer.settle(), times).await;
        settle().await;
        // Once it has begun, it stores; and if not, the background does.
        tokio::time::sleep(seconds(2)).await;
        all_is_well(&world, &authorizer, times).await;
        if ready {
            assert!(times > 10, "only {times} polls");
            return;
        }
    }
    panic!("never ready");
}

#[tokio::test]
async fn fixed_headers_are_there_with_the_first_poll() {
    let authorizers: [Box<dyn Authorizer>; 3] = [
        Box::new(NullAuthorizer::new()),
        Box::new(BasicAuthorizer::new("user", "password")),
        Box::new(AccessTokenAuthorizer::new("AgGiven")),
    ];
    for authorizer in authorizers {
        assert!(!poll_and_drop(authorizer.authorization_header(), 0).await);
        assert!(poll_and_drop(authorizer.authorization_header(), 1).await);
    }
}
