//! Every public future, dropped at each of the points at which it waits.

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use globus_app::UserApp;
use globus_app::login::ScriptedLogin;
use globus_authorizers::Authorizer;
use globus_services::groups::GroupsClient;

use crate::world::World;

/// More turns than any of the futures takes.
const MOST_TURNS: usize = 2000;

/// Polls `future` so often, letting tasks and the network have a turn each time, and drops it. `true`: it was ready before.
async fn poll_and_drop(future: impl Future + Send, times: usize) -> bool {
    let mut future = pin!(future);
    for _ in 0..times {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}

/// After a future was dropped: no task is left, no lock held, and the next call works, whatever was stored.
async fn all_is_well(app: &UserApp, groups: &GroupsClient, times: usize) {
    let alive = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    app.settle().await;
    groups.get_my_groups().await.unwrap_or_else(|err| panic!("after {times} polls: {err}"));
    app.login().await.unwrap();
    for _ in 0..MOST_TURNS {
        if alive() <= connections() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{} tasks are left after {times} polls", alive());
}

/// What the HTTP stack keeps alive: tasks of idle connections.
const fn connections() -> usize {
    4
}

async fn dropped_everywhere<F: Future + Send>(
    world: &World,
    build: impl Fn(&ScriptedLogin) -> UserApp,
    begin: impl Fn(&UserApp) -> F,
) {
    let mut times = 0;
    loop {
        let person = world.person();
        let app = build(&person);
        let groups = GroupsClient::from_app(&app).unwrap();
        let ready = poll_and_drop(begin(&app), times).await;
        all_is_well(&app, &groups, times).await;
        assert!(person.count() <= 3, "{} logins after {times} polls", person.count());
        if ready {
            assert!(times > 2, "only {times} polls");
            return;
        }
        times += if times < 20 { 1 } else { 7 };
        assert!(times < MOST_TURNS, "never ready");
    }
}

#[tokio::test]
async fn a_login_is_dropped_at_every_point() {
    let world = World::new().await;
    let build = |person: &ScriptedLogin| world.user(person).build().unwrap();
    dropped_everywhere(&world, build, |app| app.login().into_future()).await;
}

#[tokio::test]
async fn asking_for_a_header_is_dropped_at_every_point() {
    let world = World::new().await;
    let build = |person: &ScriptedLogin| world.user(person).request_refresh_tokens(true).build().unwrap();
    dropped_everywhere(&world, build, |app| {
        let authorizer = app.get_authorizer(GroupsClient::RESOURCE_SERVER);
        async move { authorizer.authorization_header().await }
    })
    .await;
}

#[tokio::test]
async fn a_logout_is_dropped_at_every_point() {
    let world = World::new().await;
    let mut times = 0;
    loop {
        let person = world.person();
        let app = world.user(&person).request_refresh_tokens(true).build().unwrap();
        let groups = GroupsClient::from_app(&app).unwrap();
        app.login().await.unwrap();
        let ready = poll_and_drop(app.logout().into_future(), times).await;
        // Some tokens may be ended by now that are stored still: they are found out, and somebody logs in.
        all_is_well(&app, &groups, times).await;
        app.logout().sweep(true).await.unwrap();
        assert!(app.token_storage().get_token_data_by_resource_server().await.unwrap().is_empty());
        if ready {
            return;
        }
        times += 1;
        assert!(times < MOST_TURNS, "never ready");
    }
}

#[tokio::test]
async fn a_login_that_nobody_waits_for_is_given_up_and_others_go_on() {
    let world = World::new().await;
    let (asked, answers) = (tokio::sync::Semaphore::new(0), tokio::sync::Semaphore::new(0));
    let (asked, answers) = (std::sync::Arc::new(asked), std::sync::Arc::new(answers));
    let person = {
        let (world, asked, answers) = (world.clone(), asked.clone(), answers.clone());
        ScriptedLogin::pasting(move |url| {
            let (world, asked, answers) = (world.clone(), asked.clone(), answers.clone());
            async move {
                asked.add_permits(1);
                answers.acquire().await.unwrap().forget();
                crate::world::approve(&world.emulator, &url).await
            }
        })
    };
    let app = world.user(&person).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    let one = tokio::spawn(groups.get_my_groups().into_future());
    asked.acquire().await.unwrap().forget();
    let two = tokio::spawn(groups.get_my_groups().into_future());
    tokio::task::yield_now().await;
    // The one who began it goes; the other still waits.
    one.abort();
    assert!(one.await.unwrap_err().is_cancelled());
    answers.add_permits(1);
    two.await.unwrap().unwrap();
    assert_eq!(person.count(), 1);

    // Nobody waits: what the manager holds is dropped.
    let three = tokio::spawn(app.login().force(true).into_future());
    asked.acquire().await.unwrap().forget();
    let held = std::sync::Arc::strong_count(&answers);
    three.abort();
    let _ = three.await;
    while std::sync::Arc::strong_count(&answers) >= held {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    answers.add_permits(1);
    app.login().force(true).await.unwrap();
    assert_eq!(person.count(), 3);
}
