//! Demands of services, and the logins that meet them.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use globus_app::UserApp;
use globus_app::login::{LoginAnswer, LoginReasonKind, LoginRequired, NoLogin, ScriptedLogin};
use globus_emulator::{Fault, FaultAction};
use globus_services::transfer::TransferClient;
use globus_transport::ErrorKind;

use crate::world::{World, approve};

const LISTINGS: usize = 100;

/// Denies `times` listings of `path`, with a demand for the consent to `scope`.
fn demand(world: &World, collection: &str, scope: &str, times: u64) {
    let scope = format!("{}[*{scope}]", TransferClient::SCOPES.all);
    let body =
        format!(r#"{{"code": "ConsentRequired", "message": "Missing", "required_scopes": ["{scope}"]}}"#);
    let path = format!("/v0.10/operation/endpoint/{collection}/ls");
    world.emulator.inject(Fault::on(path, FaultAction::status(403).json(body)).times(times)).unwrap();
}

fn data_access(world: &World) -> String {
    let scope = globus_auth_core::scopes::gcs::data_access(world.emulator.collection_data_access());
    scope.unwrap().to_string()
}

/// A person who looks at the link only when this many requests were denied.
fn person_who_waits_for(world: &World, denied: usize) -> ScriptedLogin {
    let emulator = Arc::clone(&world.emulator);
    ScriptedLogin::pasting(move |url| {
        let emulator = Arc::clone(&emulator);
        async move {
            while emulator.requests().iter().filter(|seen| seen.status == 403).count() < denied {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            approve(&emulator, &url).await
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_requests_that_miss_three_consents_lead_to_two_logins_at_most() {
    let world = World::new().await;
    let first = world.person();
    let storage = globus_tokenstorage::MemoryTokenStorage::new();
    let app = world.user(&first).storage(storage.clone()).build().unwrap();
    TransferClient::from_app(&app).unwrap();
    app.login().await.unwrap();

    let person = person_who_waits_for(&world, LISTINGS);
    let app = world.user(&person).storage(storage).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    let collection = world.emulator.collection_a();
    let data_access = data_access(&world);
    let groups = globus_auth_core::scopes::GROUPS;
    let scopes = [&data_access, groups.all, groups.view_my_groups_and_memberships];
    for (number, scope) in scopes.iter().enumerate() {
        demand(&world, collection, scope, if number == 0 { 34 } else { 33 });
    }
    let calls: Vec<_> = (0..LISTINGS)
        .map(|_| tokio::spawn(transfer.operation_ls(collection).path("/").into_future()))
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!((1..=2).contains(&person.count()), "{} logins", person.count());
    let listings = |status| {
        world
            .emulator
            .requests()
            .iter()
            .filter(|seen| seen.path.ends_with("/ls") && seen.status == status)
            .count()
    };
    assert_eq!((listings(403), listings(200)), (LISTINGS, LISTINGS));
    let asked = person.requests().iter().map(|request| request.scopes().to_string()).collect::<String>();
    assert!(scopes.iter().all(|scope| asked.contains(scope)), "{asked}");
    let required = &app.scope_requirements()[TransferClient::RESOURCE_SERVER];
    assert_eq!(required.to_string(), TransferClient::SCOPES.all);
}

async fn logged_in(world: &World, person: &ScriptedLogin) -> (UserApp, TransferClient) {
    let app = world.user(person).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    app.login().await.unwrap();
    (app, transfer)
}

#[tokio::test]
async fn a_missing_consent_is_asked_for_and_the_request_sent_once_more() {
    let world = World::new().await;
    let person = world.person();
    let (app, transfer) = logged_in(&world, &person).await;
    let collection = world.emulator.collection_data_access();
    transfer.operation_ls(collection).path("/").await.unwrap();
    // Also a request that must not be repeated: the service has done nothing.
    transfer.operation_mkdir(collection, "/~/new").await.unwrap();
    assert_eq!(person.count(), 2);
    let request = &person.requests()[1];
    assert_eq!(request.reason().kind(), LoginReasonKind::Demanded);
    assert!(request.scopes().to_string().contains(&format!("{collection}/data_access")));

    // It was for that login alone.
    app.login().force(true).await.unwrap();
    assert!(!person.requests()[2].scopes().to_string().contains("data_access"));
}

#[tokio::test]
async fn a_demand_that_is_made_again_after_the_login_is_the_callers_affair() {
    let world = World::new().await;
    let person = world.person();
    let (_app, transfer) = logged_in(&world, &person).await;
    let collection = world.emulator.collection_a();
    demand(&world, collection, &data_access(&world), 2);
    let error = transfer.operation_ls(collection).path("/").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(403)));
    assert_eq!(person.count(), 2);
    transfer.operation_ls(collection).path("/").await.unwrap();
}

#[tokio::test]
async fn a_demand_is_the_callers_affair_where_redriving_is_switched_off() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).auto_redrive(false).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    let error = transfer.operation_ls(world.emulator.collection_data_access()).await.unwrap_err();
    assert!(error.needs_login());
    let demand = error.api().unwrap().auth_requirement().unwrap().login_demand();
    assert_eq!(person.count(), 1);
    app.login().demand(demand).await.unwrap();
    transfer.operation_ls(world.emulator.collection_data_access()).path("/").await.unwrap();
    assert_eq!(person.count(), 2);
}

#[tokio::test]
async fn where_nobody_can_be_asked_a_demand_fails_with_the_link_and_the_services_words() {
    let world = World::new().await;
    let storage = globus_tokenstorage::MemoryTokenStorage::new();
    let person = world.person();
    let app = world.user(&person).storage(storage.clone()).build().unwrap();
    TransferClient::from_app(&app).unwrap();
    app.login().await.unwrap();

    let app = world.user(&person).login_flow_manager(NoLogin).storage(storage).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    let collection = world.emulator.collection_data_access();
    let error = transfer.operation_ls(collection).path("/").await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::LoginRequired, Some(403)));
    assert!(error.to_string().contains("; the service had answered: ConsentRequired"), "{error}");
    let required = LoginRequired::of(&error).unwrap();
    assert!(required.scopes().to_string().contains(collection));
    assert!(!error.to_string().contains(required.flow().state()));

    // The program shows the link itself.
    let code = world.emulator.approve(required.authorize_url()).await.unwrap();
    app.complete_login(LoginAnswer::code(required.flow().clone(), code)).await.unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    assert_eq!(person.count(), 1);
}

#[tokio::test]
async fn data_access_that_is_required_beforehand_is_part_of_the_one_login() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    let collection = world.emulator.collection_data_access();
    let transfer = TransferClient::from_app(&app).unwrap();
    transfer.add_app_data_access_scope(collection).unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    assert_eq!(person.count(), 1);
    assert!(world.emulator.requests().iter().all(|seen| seen.status != 403));
}

#[tokio::test]
async fn dependent_scopes_are_looked_up_where_they_are_required_and_remembered() {
    let world = World::new().await;
    let person = world.person();
    let storage = globus_tokenstorage::MemoryTokenStorage::new();
    let app = world.user(&person).storage(storage.clone()).build().unwrap();
    let collection = world.emulator.collection_data_access();
    let lookups = || world.emulator.requests().iter().filter(|seen| seen.path.ends_with("/consents")).count();
    let transfer = TransferClient::from_app(&app).unwrap();
    transfer.task_list().await.unwrap();
    assert_eq!((person.count(), lookups()), (1, 0));
    transfer.add_app_data_access_scope(collection).unwrap();
    transfer.task_list().await.unwrap();
    assert_eq!((person.count(), lookups()), (2, 1));
    assert_eq!(person.requests()[1].reason().kind(), LoginReasonKind::ScopesMissing);

    // Another process that requires the same finds that it was consented to.
    let app = world.user(&person).storage(storage).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    transfer.add_app_data_access_scope(collection).unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    assert!(!app.login_required().await.unwrap());
    assert_eq!((person.count(), lookups()), (2, 2));
}

#[tokio::test]
async fn consents_that_cannot_be_looked_up_stand_against_nothing() {
    let world = World::new().await;
    let person = world.person();
    let (app, transfer) = logged_in(&world, &person).await;
    let path = format!("/v2/api/identities/{}/consents", world.emulator.user_id());
    world.emulator.inject(Fault::on(path, FaultAction::status(403))).unwrap();
    transfer.add_app_data_access_scope(world.emulator.collection_data_access()).unwrap();
    transfer.task_list().await.unwrap();
    assert!(!app.login_required().await.unwrap());
    assert_eq!(person.count(), 1);
    transfer.operation_ls(world.emulator.collection_data_access()).path("/").await.unwrap();
    assert_eq!(person.count(), 2);
}

#[tokio::test]
async fn a_login_keeps_what_the_tokens_allowed_that_it_replaces() {
    use globus_services::groups::GroupsClient;
    let world = World::new().await;
    let person = world.person();
    let storage = globus_tokenstorage::MemoryTokenStorage::new();
    let build = |scopes: &str| {
        let app = world.user(&person).storage(storage.clone()).build().unwrap();
        let groups = GroupsClient::builder().app(&app).app_scopes(scopes).build().unwrap();
        (app, groups)
    };
    let (_one, viewing) = build(GroupsClient::SCOPES.view_my_groups_and_memberships);
    viewing.get_my_groups().await.unwrap();
    let (_two, changing) = build(GroupsClient::SCOPES.all);
    changing.create_group("mine").await.unwrap();
    let (_three, viewing) = build(GroupsClient::SCOPES.view_my_groups_and_memberships);
    viewing.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 2);
}
