//! Clocks that are set, and machines that sleep.

use std::time::Duration;

use globus_auth_core::{Clock, ManualClock, UnixTime};
use globus_authorizers::Authorizer;
use globus_tokenstorage::MemoryTokenStorage;
use tokio::task::JoinSet;

use crate::support::{
    Answer, FakeAuth, LIFE, authorizer, clock, entry, put, seconds, settle, stored_authorizer, token_of,
};

const DAY: u64 = 86_400;

/// Lets time pass, which both clocks see.
async fn pass(clock: &ManualClock, time: Duration) {
    clock.advance(time);
    tokio::time::advance(time).await;
}

/// Sets the wall clock, which the other one does not see.
fn turn(clock: &ManualClock, seconds: i64) {
    clock.set(UnixTime::from_seconds(clock.now().as_seconds() + seconds));
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_set_back_a_year_keeps_no_ended_token_alive() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock).with_refresh_ahead(seconds(0));
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    turn(&clock, -365 * 86_400);
    for token in ["AgAccess1", "AgAccess2", "AgAccess3"] {
        for _ in 0..59 {
            assert_eq!(token_of(&authorizer).await, token);
            pass(&clock, seconds(60)).await;
        }
        pass(&clock, seconds(1)).await;
        assert_eq!(authorizer.current_header(), None);
    }
    assert_eq!(auth.calls(), 3);
    assert_eq!(token_of(&authorizer).await, "AgAccess4");
    // Set right again, it costs one renewal, since that looks as if a year had passed.
    turn(&clock, 365 * 86_400);
    for _ in 0..50 {
        assert_eq!(token_of(&authorizer).await, "AgAccess5");
        settle().await;
    }
    assert_eq!(auth.calls(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_set_back_puts_off_no_renewal_in_the_background() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock).with_refresh_ahead(seconds(600));
    token_of(&authorizer).await;
    turn(&clock, -3600);
    pass(&clock, seconds(LIFE - 500)).await;
    assert!(authorizer.current_header().is_some());
    settle().await;
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
    for _ in 0..50 {
        token_of(&authorizer).await;
        settle().await;
    }
    assert_eq!(auth.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_set_forward_a_day_costs_one_renewal_and_setting_it_right_none() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    assert_eq!(token_of(&authorizer).await, "AgAccess1");
    for turned in [86_400, -86_400] {
        turn(&clock, turned);
        for _ in 0..50 {
            assert_eq!(token_of(&authorizer).await, "AgAccess2");
            settle().await;
        }
    }
    assert_eq!(auth.calls(), 2);
    // By the clock that was set right, it has a day to live; it has an hour.
    pass(&clock, seconds(LIFE)).await;
    assert_eq!(token_of(&authorizer).await, "AgAccess3");
    assert_eq!(auth.calls(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_day_of_sleep_costs_one_renewal() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock);
    token_of(&authorizer).await;
    // The steady clock stands still meanwhile, as it does on Linux and macOS.
    clock.advance(seconds(DAY));
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let authorizer = authorizer.clone();
        tasks.spawn(async move { token_of(&authorizer).await });
    }
    assert!(tasks.join_all().await.iter().all(|token| token == "AgAccess2"));
    assert_eq!(auth.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn those_who_share_a_storage_share_renewals_when_the_clock_was_set_back() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgStored", 3600)).await;
    let (one, two) = (stored_authorizer(&auth, &clock, &storage), stored_authorizer(&auth, &clock, &storage));
    assert_eq!((token_of(&one).await, token_of(&two).await), ("AgStored".into(), "AgStored".into()));
    turn(&clock, -365 * 86_400);
    pass(&clock, seconds(LIFE)).await;
    assert_eq!((token_of(&one).await, token_of(&two).await), ("AgAccess1".into(), "AgAccess1".into()));
    assert_eq!(auth.refresh_tokens(), ["AgStoredRefresh"]);
}

#[tokio::test]
async fn a_stored_token_that_a_wrong_clock_makes_look_good_is_replaced_when_it_is_refused() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let storage = MemoryTokenStorage::new();
    put(&storage, entry(&clock, "AgEnded", -10)).await;
    // A machine without a battery for its clock starts in the past.
    turn(&clock, -365 * 86_400);
    let authorizer = stored_authorizer(&auth, &clock, &storage);
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    assert_eq!(header.value().expose(), "Bearer AgEnded");
    assert!(authorizer.refused(&header));
    for _ in 0..10 {
        assert_eq!(token_of(&authorizer).await, "AgAccess1");
    }
    assert_eq!(auth.calls(), 1);
}
