//! What others do to the same stored tokens in between: renewals, logins of other programs and of other people.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use globus_app::login::{LoginAnswer, ScriptedLogin};
use globus_app::{IdTokenDecoder, TokenValidationErrorKind};
use globus_auth_core::id_token::IdTokenClaims;
use globus_auth_core::scopes::GROUPS;
use globus_auth_core::{OAuthTokenResponse, UnixTime};
use globus_emulator::{Fault, FaultAction};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{MemoryTokenStorage, StorageError, StorageLock, TokenData, TokenStorage};
use tokio::sync::Barrier;

use crate::world::World;

#[tokio::test]
async fn renewals_of_all_tokens_are_not_taken_for_the_login_that_a_service_demands() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let build = || {
        let app = world.user(&person).storage(storage.clone()).request_refresh_tokens(true).build().unwrap();
        let transfer = TransferClient::from_app(&app).unwrap();
        // For this the tokens for Auth are used as well.
        transfer.add_app_data_access_scope(world.emulator.collection_data_access()).unwrap();
        (app, transfer)
    };
    let (first, _) = build();
    first.login().await.unwrap();
    let stored_in = first.token_storage();

    // A program that is started days later: all its tokens are renewed before the first request goes out.
    let mut stored = stored_in.get_token_data_by_resource_server().await.unwrap();
    stored.values_mut().for_each(|entry| entry.expires_at = UnixTime::from_seconds(0));
    stored_in.store_token_data_by_resource_server(&stored).await.unwrap();
    let (_app, transfer) = build();
    let collection = world.emulator.collection_a();
    let scope = format!("{}[*{}]", TransferClient::SCOPES.all, GROUPS.all);
    let body =
        format!(r#"{{"code": "ConsentRequired", "message": "Missing", "required_scopes": ["{scope}"]}}"#);
    let path = format!("/v0.10/operation/endpoint/{collection}/ls");
    world.emulator.inject(Fault::on(path, FaultAction::status(403).json(body)).once()).unwrap();
    transfer.operation_ls(collection).path("/").await.unwrap();
    let renewed = stored_in.get_token_data_by_resource_server().await.unwrap();
    assert!(renewed.iter().all(|(name, entry)| entry.access_token != stored[name].access_token));
    assert_eq!(person.count(), 2);
}

#[tokio::test]
async fn what_another_program_has_logged_in_for_is_used_as_soon_as_it_is_required() {
    let world = World::new().await;
    let (person, storage) = (world.person(), MemoryTokenStorage::new());
    let build = |person: &ScriptedLogin, scopes: &str| {
        let app = world.user(person).storage(storage.clone()).build().unwrap();
        GroupsClient::builder().app(&app).app_scopes(scopes).build().unwrap()
    };
    let groups = build(&person, GROUPS.view_my_groups_and_memberships);
    groups.get_my_groups().await.unwrap();
    build(&person, GROUPS.all).create_group("theirs").await.unwrap();
    assert_eq!(person.count(), 2);

    groups.add_app_scope(GROUPS.all).unwrap();
    groups.create_group("ours").await.unwrap();
    assert_eq!(person.count(), 2);
    assert!(world.emulator.requests().iter().all(|seen| seen.status < 400));
}

/// Says that each login was by another person, once so many have come.
#[derive(Debug)]
struct Crowd {
    together: Barrier,
    people: AtomicUsize,
}

#[async_trait]
impl IdTokenDecoder for Crowd {
    async fn decode(&self, _: &OAuthTokenResponse) -> Result<IdTokenClaims, globus_services::Error> {
        let person = self.people.fetch_add(1, Ordering::Relaxed);
        self.together.wait().await;
        let claims = serde_json::json!({"iss": "i", "sub": format!("person {person}"), "aud": "a", "exp": 1});
        Ok(serde_json::from_value(claims).unwrap())
    }
}

/// Lets others go on between a look and whatever follows from it.
#[derive(Debug, Default)]
pub(crate) struct Unhurried(MemoryTokenStorage);

#[async_trait]
impl TokenStorage for Unhurried {
    async fn store_token_data_by_resource_server(
        &self,
        tokens: &BTreeMap<String, TokenData>,
    ) -> Result<(), StorageError> {
        self.0.store_token_data_by_resource_server(tokens).await
    }

    async fn get_token_data_by_resource_server(&self) -> Result<BTreeMap<String, TokenData>, StorageError> {
        let found = self.0.get_token_data_by_resource_server().await;
        tokio::task::yield_now().await;
        found
    }

    async fn get_token_data(&self, resource_server: &str) -> Result<Option<TokenData>, StorageError> {
        self.0.get_token_data(resource_server).await
    }

    async fn remove_token_data(&self, resource_server: &str) -> Result<bool, StorageError> {
        self.0.remove_token_data(resource_server).await
    }

    async fn compare_and_swap(
        &self,
        resource_server: &str,
        expected: Option<&TokenData>,
        new: Option<&TokenData>,
    ) -> Result<bool, StorageError> {
        self.0.compare_and_swap(resource_server, expected, new).await
    }

    async fn lock(&self, resource_server: &str) -> Result<StorageLock, StorageError> {
        self.0.lock(resource_server).await
    }
}

#[tokio::test]
async fn of_two_people_whose_logins_end_at_once_one_is_logged_in() {
    let world = World::new().await;
    let crowd = Crowd { together: Barrier::new(2), people: AtomicUsize::new(0) };
    let app = world.user(&world.person()).storage(Unhurried::default());
    let app = app.id_token_decoder(crowd).build().unwrap();
    let mut answers = Vec::new();
    for _ in 0..2 {
        let login = app.begin_login().await.unwrap();
        let code = world.emulator.approve(login.authorize_url()).await.unwrap();
        answers.push(LoginAnswer::code(login.flow().clone(), code));
    }
    let [first, second] = <[LoginAnswer; 2]>::try_from(answers).unwrap();
    let (first, second) = tokio::join!(app.complete_login(first), app.complete_login(second));
    let errors: Vec<_> = [first, second].into_iter().filter_map(Result::err).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    let wrong = errors[0].validation_error().unwrap();
    assert_eq!(wrong.kind(), TokenValidationErrorKind::IdentityMismatch);
}
