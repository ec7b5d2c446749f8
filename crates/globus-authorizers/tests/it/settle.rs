//! Programs that end while a renewal is on its way.

use globus_authorizers::Authorizer;
use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};

use crate::support::{
    Answer, FakeAuth, LIFE, RS, authorizer, clock, entry, put, seconds, settle, stored_authorizer, token_of,
};

#[test]
fn a_program_that_settles_before_it_ends_keeps_its_login() {
    let clock = clock();
    let auth = FakeAuth::new(&clock).answers([Answer::Rotate]);
    let storage = MemoryTokenStorage::new();
    let run = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    run().block_on(async {
        put(&storage, entry(&clock, "AgStored", 0)).await;
        let authorizer = stored_authorizer(&auth, &clock, &storage);
        auth.close_gate();
        let caller = authorizer.clone();
        let caller = tokio::spawn(async move { caller.authorization_header().await });
        settle().await;
        caller.abort();
        auth.open_gate();
        authorizer.settle().await;
    });
    let stored = run().block_on(storage.get_token_data(RS)).unwrap().unwrap();
    assert_eq!(stored.refresh_token.unwrap().expose(), "AgRotated1");
}

#[tokio::test]
async fn settling_waits_for_a_renewal_in_the_background_and_for_nothing_else() {
    let clock = clock();
    let auth = FakeAuth::new(&clock);
    let authorizer = authorizer(&auth, &clock).with_refresh_ahead(seconds(600));
    authorizer.settle().await;
    token_of(&authorizer).await;
    authorizer.settle().await;
    clock.advance(seconds(LIFE - 500));
    auth.close_gate();
    authorizer.clone().current_header();
    let settling = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { authorizer.settle().await }
    });
    settle().await;
    assert!(!settling.is_finished());
    auth.open_gate();
    settling.await.unwrap();
    assert_eq!(token_of(&authorizer).await, "AgAccess2");
}
