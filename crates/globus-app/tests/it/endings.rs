//! How logins end: log-outs that meet trouble, logins that are refused, and programs that end while tokens are renewed.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use globus_app::login::{LoginAnswer, ScriptedLogin};
use globus_app::{AppErrorKind, TokenValidationErrorKind, UserApp};
use globus_auth_core::ManualClock;
use globus_authorizers::Authorizer;
use globus_emulator::{Fault, FaultAction};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{
    MemoryTokenStorage, StorageError, StorageErrorKind, StorageLock, TokenData, TokenStorage,
};

use crate::world::World;

const REVOCATION: &str = "/v2/oauth2/token/revoke";

#[tokio::test]
async fn a_client_that_cannot_store_its_token_ends_it_all_the_same() {
    let world = World::new().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let app = world.client().json_storage().home(file.path().join("not a directory")).build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    let authorizer = app.get_authorizer(GroupsClient::RESOURCE_SERVER);
    let header = authorizer.current_header().unwrap();
    app.logout().await.unwrap();
    assert_eq!(world.count("POST", REVOCATION), 1);
    let token = header.value().expose().strip_prefix("Bearer ").unwrap();
    assert!(!world.emulator.revoke_token(token), "it was not ended");
    assert_eq!(authorizer.current_header(), None);
    app.logout().await.unwrap();
    assert_eq!(world.count("POST", REVOCATION), 1);
}

/// Can be read alone.
#[derive(Debug)]
struct ReadOnly(MemoryTokenStorage);

fn read_only<T>() -> Result<T, StorageError> {
    Err(StorageError::new(StorageErrorKind::Unwritable, "the disk is read-only"))
}

#[async_trait]
impl TokenStorage for ReadOnly {
    async fn store_token_data_by_resource_server(
        &self,
        _: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        read_only()
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        self.0.get_token_data_by_resource_server().await
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.0.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, _: &str) -> Result<bool, StorageError> {
        read_only()
    }

    async fn compare_and_swap(
        &self,
        _: &str,
        _: Option<&TokenData>,
        _: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        read_only()
    }

    async fn lock(&self, _: &str) -> Result<StorageLock, StorageError> {
        read_only()
    }
}

#[tokio::test]
async fn a_client_ends_a_stored_token_that_it_cannot_remove_and_says_so() {
    let world = World::new().await;
    let storage = MemoryTokenStorage::new();
    let writing = world.client().storage(storage.clone()).namespace("DEFAULT").build().unwrap();
    GroupsClient::from_app(&writing).unwrap().get_my_groups().await.unwrap();
    let stored = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap().unwrap();
    let app = world.client().storage(ReadOnly(storage)).build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    assert_eq!(world.exchanges(), 1);
    let error = app.logout().await.unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Storage, "{error}");
    assert_eq!(world.count("POST", REVOCATION), 1);
    assert!(!world.emulator.revoke_token(stored.access_token.expose()), "it was not ended");
}

#[tokio::test]
async fn tokens_of_a_client_that_auth_does_not_know_can_be_forgotten() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let app = world.user(&person).storage(storage.clone()).namespace("DEFAULT").build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    let gone = UserApp::builder("gone").client_id("00000000-0000-4000-8000-00000000dead");
    let gone = gone.variables(world.variables()).storage(storage.clone()).namespace("DEFAULT");
    let gone = gone.login_flow_manager(person).build().unwrap();
    let error = gone.logout().sweep(true).await.unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Service, "{error}");
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 2);
    gone.logout().sweep(true).forget(true).await.unwrap();
    assert!(storage.get_token_data_by_resource_server().await.unwrap().is_empty());
    assert!(gone.login_required().await.unwrap());
}

#[tokio::test]
async fn the_tokens_of_a_login_by_somebody_else_are_ended() {
    let world = World::new().await;
    let person = world.person();
    let ada = {
        let world = world.clone();
        ScriptedLogin::pasting(move |url| {
            let world = world.clone();
            async move {
                crate::world::approve(&world.emulator, &format!("{url}&emulator_user=ada@example.org")).await
            }
        })
    };
    let storage = MemoryTokenStorage::new();
    let build = |person: &ScriptedLogin| {
        world.user(person).storage(storage.clone()).request_refresh_tokens(true).build().unwrap()
    };
    let app = build(&person);
    app.login().await.unwrap();
    let stored = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    let error = build(&ada).login().force(true).await.unwrap_err();
    assert_eq!(error.validation_error().unwrap().kind(), TokenValidationErrorKind::IdentityMismatch);
    // An access token and a refresh token, and not those that are stored.
    assert_eq!((world.exchanges(), world.count("POST", REVOCATION)), (2, 2));
    assert_eq!(app.token_storage().get_token_data_by_resource_server().await.unwrap(), stored);
    for entry in stored.values() {
        assert!(world.emulator.revoke_token(entry.access_token.expose()), "it was ended");
    }

    // Where Auth cannot be told, the error is the same.
    let fault = Fault::on(REVOCATION, FaultAction::status(400).json("{}"));
    world.emulator.inject(fault).unwrap();
    let error = build(&ada).login().force(true).await.unwrap_err();
    assert_eq!(error.validation_error().unwrap().kind(), TokenValidationErrorKind::IdentityMismatch);
}

#[tokio::test]
async fn what_came_to_be_required_after_a_login_began_does_not_spoil_it() {
    let world = World::new().await;
    for is_traded_elsewhere in [false, true] {
        let person = world.person();
        let app = world.user(&person).build().unwrap();
        let groups = GroupsClient::from_app(&app).unwrap();
        let begun = app.begin_login().await.unwrap();
        let code = world.emulator.approve(begun.authorize_url()).await.unwrap();
        let transfer = TransferClient::from_app(&app).unwrap();
        groups.add_app_scope(GroupsClient::SCOPES.all).unwrap();
        let answer = match is_traded_elsewhere {
            true => LoginAnswer::tokens(begun.flow().exchange_code_for_tokens(&code).await.unwrap()),
            false => LoginAnswer::code(begun.flow().clone(), code),
        };
        app.complete_login(answer).await.unwrap();
        assert_eq!(app.identity_id().await.unwrap().as_deref(), Some(world.emulator.user_id()));
        // It is asked for when it is needed.
        transfer.task_list().await.unwrap();
        groups.create_group("mine").await.unwrap();
        assert_eq!(person.count(), 1);
    }
}

#[tokio::test]
async fn a_login_that_brings_less_than_its_link_asked_for_is_not_stored() {
    let world = World::new().await;
    let app = world.user(&world.person()).build().unwrap();
    GroupsClient::from_app(&app).unwrap();
    let begun = app.begin_login().await.unwrap();
    assert!(begun.flow().scope().contains(GroupsClient::SCOPES.view_my_groups_and_memberships));
    let narrow = begun.authorize_url().replace(
        &begun.authorize_url().split("scope=").nth(1).unwrap().split('&').next().unwrap().to_owned(),
        "openid",
    );
    let code = world.emulator.approve(&narrow).await.unwrap();
    let error = app.complete_login(LoginAnswer::code(begun.flow().clone(), code)).await.unwrap_err();
    assert_eq!(error.validation_error().unwrap().kind(), TokenValidationErrorKind::MissingToken, "{error}");
    assert!(app.token_storage().get_token_data_by_resource_server().await.unwrap().is_empty());
}

/// In the time before its end in which an access token is renewed in the background.
const EARLY: Duration = Duration::from_secs(48 * 3600 - 100);

#[tokio::test]
async fn renewals_for_subjects_and_profiles_are_waited_for_also_when_nobody_uses_them_any_more() {
    let world = World::new().await;
    let person = world.person();
    let clock = ManualClock::at(std::time::SystemTime::now().into());
    let app = world.user(&person).request_refresh_tokens(true).clock(clock.clone()).build().unwrap();
    GroupsClient::from_app(&app).unwrap();
    let make: [fn(&UserApp) -> UserApp; 3] =
        [|app| app.for_subject("u").unwrap(), |app| app.with_profile("p").unwrap(), UserApp::clone];
    for (number, make) in make.into_iter().enumerate() {
        let used = make(&app);
        used.login().await.unwrap();
        let storage = used.token_storage().clone();
        let token = async || {
            let entry = storage.get_token_data(GroupsClient::RESOURCE_SERVER).await.unwrap();
            entry.unwrap().access_token
        };
        let authorizer = used.get_authorizer(GroupsClient::RESOURCE_SERVER);
        authorizer.authorization_header().await.unwrap();
        let before = token().await;
        clock.advance(EARLY);
        world.emulator.advance_clock(EARLY);
        // Serves the old token, and begins a renewal.
        assert!(authorizer.current_header().is_some());
        drop((authorizer, used));
        assert_eq!(token().await, before);
        // From any of them: it is the end of the program.
        [app.clone(), app.with_profile("other").unwrap(), app.for_subject("other").unwrap()][number]
            .settle()
            .await;
        assert_ne!(token().await, before, "{number}");
    }
    assert_eq!(person.count(), 3);
}
