//! Apps that act for themselves.

use globus_app::{AppErrorKind, ClientApp};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{MemoryTokenStorage, TokenStorage};
use globus_transport::Variables;

use crate::world::{NAME, World};

#[tokio::test]
async fn a_token_is_obtained_for_each_service_when_it_is_needed_and_kept() {
    let world = World::new().await;
    let storage = MemoryTokenStorage::new();
    let app = world.client().storage(storage.clone()).build().unwrap();
    let (groups, transfer) = (GroupsClient::from_app(&app).unwrap(), TransferClient::from_app(&app).unwrap());
    assert!(!app.login_required().await.unwrap());
    assert_eq!(world.exchanges(), 0);
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    let stored = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    assert_eq!((world.exchanges(), stored.len()), (1, 1));
    transfer.task_list().await.unwrap();
    assert_eq!(world.exchanges(), 2);

    let next = world.client().storage(storage).build().unwrap();
    GroupsClient::from_app(&next).unwrap().get_my_groups().await.unwrap();
    assert_eq!(world.exchanges(), 2);
    next.settle().await;
}

#[tokio::test]
async fn a_login_obtains_all_at_once_and_only_where_it_has_to() {
    let world = World::new().await;
    let app = world.client().build().unwrap();
    assert_eq!(app.login().force(true).await.unwrap_err().kind(), AppErrorKind::Usage);
    app.login().await.unwrap();
    let (groups, transfer) = (GroupsClient::from_app(&app).unwrap(), TransferClient::from_app(&app).unwrap());
    app.login().await.unwrap();
    app.login().await.unwrap();
    assert_eq!(world.exchanges(), 1);
    groups.get_my_groups().await.unwrap();
    transfer.task_list().await.unwrap();
    assert_eq!(world.exchanges(), 1);
    app.logout().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(world.exchanges(), 2);
}

#[tokio::test]
async fn a_client_consents_to_what_a_service_demands_by_asking_for_it() {
    let world = World::new().await;
    let app = world.client().build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    transfer.operation_ls(world.emulator.collection_data_access()).path("/").await.unwrap();
    assert_eq!(world.exchanges(), 2);
    let denied = || world.emulator.requests().iter().filter(|seen| seen.status == 403).count();
    assert_eq!(denied(), 1);
    transfer.operation_ls(world.emulator.collection_data_access()).path("/").await.unwrap();
    assert_eq!((denied(), world.exchanges()), (1, 2));
}

#[tokio::test]
async fn a_client_asks_with_all_that_its_scopes_depend_on_also_where_a_token_is_stored() {
    let world = World::new().await;
    let storage = MemoryTokenStorage::new();
    let before = world.client().storage(storage.clone()).build().unwrap();
    TransferClient::from_app(&before).unwrap().task_list().await.unwrap();

    let app = world.client().storage(storage).build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    let collection = world.emulator.collection_data_access();
    transfer.add_app_data_access_scope(collection).unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    assert_eq!(world.exchanges(), 2);
    assert!(world.emulator.requests().iter().all(|seen| seen.status != 403));
}

#[tokio::test]
async fn a_demand_that_only_a_person_can_meet_is_the_callers_affair() {
    use globus_emulator::{Fault, FaultAction};
    let world = World::new().await;
    let app = world.client().build().unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    let body = r#"{"code": "AuthorizationRequired", "message": "m", "authorization_parameters": {"session_required_mfa": true}}"#;
    world.emulator.inject(Fault::on("/v0.10/task_list", FaultAction::status(403).json(body))).unwrap();
    assert_eq!(transfer.task_list().await.unwrap_err().status(), Some(403));
    assert_eq!(world.exchanges(), 1);
}

#[tokio::test]
async fn the_environment_names_the_client() {
    let world = World::new().await;
    let variables = Variables::from_pairs(world.emulator.variables());
    let app = ClientApp::builder(NAME).variables(variables).memory_storage().build().unwrap();
    assert_eq!(app.client_id(), world.emulator.client_id());
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
}

#[tokio::test]
async fn the_secret_of_the_environment_goes_with_the_id_that_the_program_names_unless_it_is_anothers() {
    let world = World::new().await;
    let named = |other: Option<&str>| {
        let id = other.map(|id| ("GLOBUS_CLIENT_ID".to_owned(), id.to_owned()));
        let secret = ("GLOBUS_CLIENT_SECRET".to_owned(), world.emulator.client_secret().to_owned());
        Variables::from_pairs(world.places().chain(id).chain([secret]))
    };
    let client = |variables| {
        ClientApp::builder(NAME).client_id(world.emulator.client_id()).variables(variables).memory_storage()
    };
    for id in [None, Some(world.emulator.client_id())] {
        let app = client(named(id)).build().unwrap();
        GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    }
    let error = client(named(Some("another"))).build().unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Usage);
    assert!(error.to_string().contains("GLOBUS_CLIENT_ID"), "{error}");
    // An app for people, whose client is native, does not turn into another kind.
    let user = globus_app::UserApp::builder(NAME).client_id("native").variables(named(Some("native")));
    user.memory_storage().build().unwrap();
}

#[tokio::test]
async fn the_services_are_told_which_app_asks() {
    let world = World::new().await;
    let builder = world.client();
    let app = builder.build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    let requests = world.emulator.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(request.user_agent.clone().unwrap().ends_with("/An App"), "{request:?}");
    }
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_such() {
    let world = World::new().await;
    let app = world.client().client_secret("wrong").build().unwrap();
    let error = GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap_err();
    assert!(!error.needs_login() && error.to_string().contains("invalid_client"), "{error}");
    let error = app.login().await.unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Service);
    assert!(error.exchange_error().is_some() && !error.needs_login(), "{error}");
}
