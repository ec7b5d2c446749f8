//! People who log in, and tokens that last, end, and are lost.

use globus_app::login::{LoginReasonKind, LoginRequired, NoLogin};
use globus_app::{AppErrorKind, InvalidTokens, TokenValidationErrorKind};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
use globus_transport::ErrorKind;
use std::time::Duration;

use crate::world::World;

#[tokio::test]
async fn the_first_request_brings_somebody_to_log_in_and_the_next_does_not() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    let (groups, transfer) = (GroupsClient::from_app(&app).unwrap(), TransferClient::from_app(&app).unwrap());
    assert_eq!(world.emulator.requests().len(), 0);
    assert!(app.login_required().await.unwrap());
    groups.get_my_groups().await.unwrap();
    transfer.task_list().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!((person.count(), world.exchanges()), (1, 1));
    assert!(!app.login_required().await.unwrap());
    assert_eq!(app.identity_id().await.unwrap().as_deref(), Some(world.emulator.user_id()));

    let request = &person.requests()[0];
    assert_eq!(request.reason().kind(), LoginReasonKind::NoTokens);
    assert_eq!(request.app_name(), "An App");
    let asked: Vec<&str> = request.scopes().iter().map(|scope| scope.name()).collect();
    assert_eq!(
        asked,
        ["openid", GroupsClient::SCOPES.view_my_groups_and_memberships, TransferClient::SCOPES.all,]
    );
}

#[tokio::test]
async fn an_access_token_that_has_ended_leads_to_another_login() {
    let world = World::new().await;
    let person = world.person();
    let clock = globus_auth_core::ManualClock::at(now());
    let app = world.user(&person).clock(clock.clone()).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    // A long-running program: its authorizer was made when the token was good.
    world.emulator.advance_clock(Duration::from_secs(49 * 3600));
    clock.advance(Duration::from_secs(49 * 3600));
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
    assert_eq!(person.requests()[1].reason().kind(), LoginReasonKind::TokenEnded);
    assert!(world.emulator.requests().iter().all(|seen| seen.status != 401));
}

#[tokio::test]
async fn with_refresh_tokens_nobody_logs_in_again() {
    let world = World::new().await;
    let person = world.person();
    let clock = globus_auth_core::ManualClock::at(now());
    let app = world.user(&person).request_refresh_tokens(true).clock(clock.clone()).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    for _ in 0..3 {
        world.emulator.advance_clock(Duration::from_secs(49 * 3600));
        clock.advance(Duration::from_secs(49 * 3600));
        groups.get_my_groups().await.unwrap();
    }
    assert_eq!((person.count(), world.exchanges()), (1, 4));
    let stored = app.token_storage().get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    assert_eq!(stored.identity_id.as_deref(), Some(world.emulator.user_id()));
    app.settle().await;
}

fn now() -> globus_auth_core::UnixTime {
    std::time::SystemTime::now().into()
}

#[tokio::test]
async fn a_login_without_refresh_tokens_is_repeated_where_they_are_asked_for() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let without = world.user(&person).storage(storage.clone()).build().unwrap();
    GroupsClient::from_app(&without).unwrap().get_my_groups().await.unwrap();
    let with = world.user(&person).storage(storage).request_refresh_tokens(true).build().unwrap();
    GroupsClient::from_app(&with).unwrap().get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
    assert_eq!(person.requests()[1].reason().kind(), LoginReasonKind::NoRefreshToken);
}

#[tokio::test]
async fn a_refresh_token_that_auth_refuses_is_removed_alone_and_leads_to_a_login() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let clock = globus_auth_core::ManualClock::at(now());
    let build = |builder: globus_app::AppBuilder<globus_app::UserApp>| {
        let builder = builder.storage(storage.clone()).request_refresh_tokens(true).clock(clock.clone());
        builder.build().unwrap()
    };
    let app = build(world.user(&person));
    let groups = GroupsClient::from_app(&app).unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    let dead = app.token_storage().get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    world.emulator.revoke_token(dead.refresh_token.unwrap().expose());
    clock.advance(Duration::from_secs(49 * 3600));
    world.emulator.advance_clock(Duration::from_secs(49 * 3600));

    // Where nobody is asked, the error says what happened, and only that entry is gone.
    let silent = build(world.user(&person).login_flow_manager(NoLogin));
    let error = GroupsClient::from_app(&silent).unwrap().get_my_groups().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LoginRequired);
    let required = LoginRequired::of(&error).unwrap();
    assert_eq!(required.reason().kind(), LoginReasonKind::RefreshRefused, "{error}");
    assert!(required.authorize_url().contains("/v2/oauth2/authorize?"));
    assert!(app.token_storage().get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().is_none());
    assert!(app.token_storage().get_token_data(TransferClient::RESOURCE_SERVER).await.unwrap().is_some());
    transfer.task_list().await.unwrap();
    assert_eq!(person.count(), 1);

    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
}

#[tokio::test]
async fn network_trouble_during_a_renewal_removes_no_tokens() {
    use globus_emulator::{Fault, FaultAction};
    let world = World::new().await;
    let person = world.person();
    let clock = globus_auth_core::ManualClock::at(now());
    let app = world.user(&person).request_refresh_tokens(true).clock(clock.clone()).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    let before = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    clock.advance(Duration::from_secs(49 * 3600));
    for action in [FaultAction::Drop, FaultAction::status(500), FaultAction::status(400).json("{}")] {
        world.emulator.inject(Fault::on("/v2/oauth2/token", action)).unwrap();
        groups.get_my_groups().await.unwrap_err();
        assert_eq!(app.token_storage().get_token_data_by_resource_server().await.unwrap(), before);
        world.emulator.clear_faults();
    }
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 1);
}

#[tokio::test]
async fn scopes_that_are_added_later_lead_to_one_more_login() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    groups.add_app_scope(GroupsClient::SCOPES.all).unwrap();
    assert!(app.login_required().await.unwrap());
    groups.create_group("mine").await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
    assert_eq!(person.requests()[1].reason().kind(), LoginReasonKind::ScopesMissing);
    groups.add_app_scope(GroupsClient::SCOPES.all).unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
}

#[tokio::test]
async fn the_handler_decides_whether_invalid_tokens_lead_to_a_login() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).token_validation_error_handler(|err| {
        assert_eq!(err.kind(), TokenValidationErrorKind::MissingToken);
        InvalidTokens::Fail
    });
    let app = app.build().unwrap();
    let error = GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LoginRequired);
    let error = globus_app::AppError::of(&error).unwrap();
    assert_eq!(error.kind(), AppErrorKind::Validation);
    assert_eq!(person.count(), 0);
    app.login().await.unwrap();
    assert_eq!(person.count(), 1);
}

#[tokio::test]
async fn a_login_by_somebody_else_stores_nothing() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    app.login().await.unwrap();
    let mut stored = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    for entry in stored.values_mut() {
        entry.identity_id = Some("another".to_owned());
    }
    app.token_storage().store_token_data_by_resource_server(&stored).await.unwrap();
    let error = app.login().force(true).await.unwrap_err();
    let wrong = error.validation_error().unwrap();
    assert_eq!(wrong.kind(), TokenValidationErrorKind::IdentityMismatch);
    assert!(!error.needs_login() && error.to_string().contains("log out first"), "{error}");
    assert_eq!(app.token_storage().get_token_data_by_resource_server().await.unwrap(), stored);
    app.logout().await.unwrap();
    app.login().await.unwrap();
    assert_eq!(app.identity_id().await.unwrap().as_deref(), Some(world.emulator.user_id()));
}

#[tokio::test]
async fn logging_out_ends_the_tokens_and_forgets_them() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let build = || world.user(&person).storage(storage.clone()).request_refresh_tokens(true).build().unwrap();
    let (app, narrow) = (build(), build());
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    let held = app.get_authorizer(GroupsClient::RESOURCE_SERVER);
    let header = globus_authorizers::Authorizer::current_header(&held).unwrap();
    let stored = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    assert_eq!(stored.len(), 2);

    // What is not required stays, unless all is swept away.
    narrow.logout().await.unwrap();
    assert_eq!(app.token_storage().get_token_data_by_resource_server().await.unwrap().len(), 1);
    narrow.logout().sweep(true).await.unwrap();
    assert!(app.token_storage().get_token_data_by_resource_server().await.unwrap().is_empty());
    for entry in stored.values() {
        for token in [&entry.access_token].into_iter().chain(&entry.refresh_token) {
            assert!(!world.emulator.revoke_token(token.expose()), "it was not ended");
        }
    }
    app.logout().await.unwrap();
    assert!(globus_authorizers::Authorizer::current_header(&held).is_none());
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
    assert_ne!(globus_authorizers::Authorizer::current_header(&held).unwrap(), header);
}

#[tokio::test]
async fn tokens_of_which_auth_could_not_be_told_stay_at_a_logout() {
    use globus_emulator::{Fault, FaultAction};
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    let fault = Fault::on("/v2/oauth2/token/revoke", FaultAction::status(400).json("{}")).once();
    world.emulator.inject(fault).unwrap();
    app.logout().await.unwrap_err();
    assert_eq!(app.token_storage().get_token_data_by_resource_server().await.unwrap().len(), 1);
    app.logout().await.unwrap();
    assert!(app.token_storage().get_token_data_by_resource_server().await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_is_asked_to_log_in_beside_tokens_of_two_people() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).token_validation_error_handler(|_| InvalidTokens::LogIn).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    let mut other = app.token_storage().get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    other.identity_id = Some("another".to_owned());
    app.token_storage().store_token_data(&other).await.unwrap();
    for wanted in [app.login(), app.login().force(true)] {
        let error = wanted.await.unwrap_err();
        assert_eq!(
            error.validation_error().unwrap().kind(),
            TokenValidationErrorKind::IdentityMismatch,
            "{error}"
        );
    }
    app.begin_login().await.unwrap_err();
    let next = world.user(&person).storage(app.token_storage().clone()).namespace("DEFAULT");
    let next = next.token_validation_error_handler(|_| InvalidTokens::LogIn).build().unwrap();
    GroupsClient::from_app(&next).unwrap().get_my_groups().await.unwrap_err();
    assert_eq!(person.count(), 1);
    app.logout().await.unwrap();
    app.login().await.unwrap();
    assert_eq!(person.count(), 2);
}
