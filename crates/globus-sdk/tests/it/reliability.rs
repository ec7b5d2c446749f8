//! Many tasks, and clocks that jump, against the emulator's journal.

use std::future::IntoFuture;
use std::time::Duration;

use globus_emulator::Emulator;
use globus_sdk::auth_core::{ManualClock, SystemClock};
use globus_sdk::prelude::*;
use globus_sdk::{Clock, OAuthTokenResponse};

use crate::world::World;

const GROUPS: &str = "/v2/groups/my_groups";
const TOKENS: &str = "/v2/oauth2/token";
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A client whose tokens are stored and live for an hour, and the clock it looks at.
async fn setting() -> (World, GroupsClient, ManualClock, OAuthTokenResponse) {
    let emulator = Emulator::builder().token_lifetime(Duration::from_secs(3600)).rotate_refresh_tokens(true);
    let world = World::on(emulator.start().await.unwrap());
    let tokens = world.log_in([GroupsClient::SCOPES.all]).await;
    let storage = MemoryTokenStorage::new();
    storage.store_token_response(&tokens).await.unwrap();
    let clock = ManualClock::at(SystemClock.now());
    let native = NativeAppAuthClient::builder(world.emulator.native_client_id()).clock(clock.clone());
    let native = native.base_url(world.emulator.url()).transport(world.transport.clone()).build().unwrap();
    let authorizer = RefreshTokenAuthorizer::from_storage(native, storage, GroupsClient::RESOURCE_SERVER);
    let groups = world.client(authorizer.with_clock(clock.clone()));
    world.emulator.clear_requests();
    (world, groups, clock, tokens)
}

/// Statuses of the calls so far.
fn statuses(world: &World, status: u16) -> usize {
    world.emulator.requests().iter().filter(|seen| seen.path == GROUPS && seen.status == status).count()
}

async fn call_at_once(groups: &GroupsClient, count: usize) {
    let calls: Vec<_> = (0..count).map(|_| tokio::spawn(groups.get_my_groups().into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tasks_with_one_expired_token_make_one_exchange() {
    let (world, groups, clock, _) = setting().await;
    world.emulator.advance_clock(DAY);
    clock.advance(DAY);
    call_at_once(&groups, 1000).await;
    assert_eq!((world.count("POST", TOKENS), statuses(&world, 401)), (1, 0));
    assert_eq!(statuses(&world, 200), 1000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_that_are_refused_at_once_make_one_exchange() {
    let (world, groups, _, tokens) = setting().await;
    let token = tokens.require(GroupsClient::RESOURCE_SERVER).unwrap();
    // The clock says that it lives.
    assert!(world.emulator.revoke_token(token.access_token().expose()));
    call_at_once(&groups, 50).await;
    assert_eq!(world.count("POST", TOKENS), 1);
    assert_eq!(statuses(&world, 200), 50);
    assert!((1..=50).contains(&statuses(&world, 401)));
}

#[tokio::test]
async fn after_a_day_of_sleep_the_first_call_renews_and_is_not_refused() {
    let (world, groups, clock, _) = setting().await;
    groups.get_my_groups().await.unwrap();
    for nights in 1..=3 {
        world.emulator.advance_clock(DAY);
        clock.advance(DAY);
        call_at_once(&groups, 5).await;
        assert_eq!(world.count("POST", TOKENS), nights);
    }
    assert_eq!(statuses(&world, 401), 0);
}

#[tokio::test]
async fn a_clock_that_did_not_see_the_night_costs_one_refused_call() {
    let (world, groups, _, _) = setting().await;
    groups.get_my_groups().await.unwrap();
    world.emulator.advance_clock(DAY);
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!((world.count("POST", TOKENS), statuses(&world, 401)), (1, 1));
}

#[tokio::test]
async fn a_clock_that_is_set_back_or_ahead_keeps_no_call_from_its_answer() {
    let (world, groups, clock, _) = setting().await;
    groups.get_my_groups().await.unwrap();
    // Ahead: the token is renewed although it lives.
    clock.advance(100 * DAY);
    groups.get_my_groups().await.unwrap();
    assert_eq!((world.count("POST", TOKENS), statuses(&world, 401)), (1, 0));
    // Back, while time goes on: the token looks as if it lived for long.
    clock.set(SystemClock.now());
    world.emulator.advance_clock(DAY);
    groups.get_my_groups().await.unwrap();
    assert!(world.count("POST", TOKENS) <= 3 && statuses(&world, 401) <= 1);
    assert_eq!(statuses(&world, 200), 3);
}
