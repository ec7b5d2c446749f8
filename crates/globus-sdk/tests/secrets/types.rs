//! Each type that can hold a secret, printed with one inside.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use globus_emulator::{Fault, FaultAction};
use globus_sdk::auth::{
    ClientCredentialDocument, ClientCredentialList, ClientDocument, ClientType, IdentityMap,
    NativeAppInstance,
};
use globus_sdk::auth_core::{ExchangeErrorKind, FormFields, ManualClock, TokenResponseError};
use globus_sdk::authorizers::AuthorizationHeader;
use globus_sdk::id_token::IdTokenVerifier;
use globus_sdk::login::LoginFlowBuilder;
use globus_sdk::prelude::*;
use globus_sdk::tokenstorage::{StorageErrorKind, TokenData};
use globus_sdk::transport::{Body, HttpRequest, StreamedBody, Variables};
use globus_sdk::{
    Grant, Method, NullAuthorizer, OAuthToken, OAuthTokenResponse, Service, Transport, UnixTime,
};

use crate::evidence::Evidence;
use crate::world::World;

const SECRET: &str = "SecretThatNobodyMaySee";
/// Without a feature its types are not there.
const ABSENT: &[(&str, bool)] = &[
    ("SqliteTokenStorage", cfg!(feature = "sqlite")),
    ("EncryptedTokenStorage", cfg!(feature = "encryption")),
    ("EncryptionKey", cfg!(feature = "encryption")),
    ("EncryptionKeys", cfg!(feature = "encryption")),
    ("PostgresTokenStorage", cfg!(feature = "postgres")),
    ("PostgresTokenStorageBuilder", cfg!(feature = "postgres")),
    ("AppError", cfg!(feature = "app")),
    ("AppBuilder", cfg!(feature = "app")),
    ("UserApp", cfg!(feature = "app")),
    ("ClientApp", cfg!(feature = "app")),
    ("AppAuthorizer", cfg!(feature = "app")),
    ("GlobusAppConfig", cfg!(feature = "app")),
    ("Login", cfg!(feature = "app")),
    ("Logout", cfg!(feature = "app")),
    ("LoginAnswer", cfg!(feature = "app")),
    ("LoginClient", cfg!(feature = "app")),
    ("LoginRequest", cfg!(feature = "app")),
    ("LoginRequired", cfg!(feature = "app")),
    ("ScriptedLogin", cfg!(feature = "app")),
    ("LoginFlowError", cfg!(feature = "app")),
];
const ID: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

#[tokio::test]
async fn every_type_that_can_hold_a_secret_is_printed_with_one_inside() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    seen.hide(SECRET);
    tokens(&mut seen);
    logins(&world, &mut seen).await;
    // The bodies that follow are none that the services know.
    world.emulator.requests().iter().for_each(|record| seen.show(record));
    seen.show(&world.emulator);
    storages(&world, &mut seen).await;
    authorizers(&world, &mut seen);
    transport(&world, &mut seen).await;
    clients(&world, &mut seen);
    auth(&world, &mut seen);
    requests(&world, &mut seen).await;
    #[cfg(feature = "app")]
    crate::apps::types(&world, &mut seen, SECRET).await;
    seen.is_clean(&world, &[]);

    let listed = include_str!("types.txt").split("\n\n").nth(1).unwrap().split_once(": ").unwrap().1;
    let listed: BTreeSet<String> = listed.split_whitespace().map(str::to_owned).collect();
    let absent = |name: &str| ABSENT.iter().any(|(known, built)| *known == name && !built);
    let printed = |name: &&String| seen.types().contains(*name) || absent(name);
    let missing: Vec<_> = listed.iter().filter(|name| !printed(name)).collect();
    assert_eq!(missing, [""; 0], "listed in types.txt and not printed");
    assert!(listed.len() > 50, "{listed:?}");
}

fn tokens(seen: &mut Evidence) {
    seen.show(&Secret::from(SECRET));
    let mut form = FormFields::default();
    form.push("refresh_token", SECRET);
    seen.show(&form);
    for grant in [
        Grant::refresh_token(SECRET),
        Grant::authorization_code(SECRET, "https://example.org/", Some(SECRET.into())),
        Grant::dependent_tokens(SECRET),
    ] {
        seen.show(&grant);
    }
    let token = OAuthToken::new("groups.api.globus.org", "all", SECRET, UnixTime::from_seconds(7))
        .with_refresh_token(Some(SECRET.into()));
    seen.show(&token);
    seen.print(&token);
    let response = OAuthTokenResponse::from_tokens(vec![token], Some(SECRET.into()));
    seen.show(&response);
    seen.print(&response);
    seen.show(&response.by_scopes());
    let error: TokenResponseError = response.require("another").unwrap_err();
    seen.tell(&error);
    let body = format!(r#"{{"access_token": {{"{SECRET}": 1}}}}"#);
    seen.tell(&OAuthTokenResponse::from_json(body.as_bytes(), UnixTime::from_seconds(7)).unwrap_err());
}

async fn logins(world: &World, seen: &mut Evidence) {
    let native = world.native();
    let builder: LoginFlowBuilder = native.oauth2_start_flow("openid").state(SECRET).nonce(SECRET);
    let builder = builder.code_verifier(SECRET.repeat(2));
    seen.show(&builder);
    let flow = builder.start().unwrap();
    seen.show(&flow);
    seen.show(flow.pending());
    seen.tell(&flow.exchange_code_for_tokens(SECRET).await.unwrap_err());
    let keys = native.get_jwk().await.unwrap();
    let verifier = IdTokenVerifier::new("https://auth.globus.org", ID, keys).with_nonce(SECRET);
    seen.show(&verifier);
    seen.tell(&verifier.verify(&SECRET.into(), UnixTime::from_seconds(7)).unwrap_err());
    use globus_sdk::TokenExchange as _;
    let error = native.exchange(Grant::refresh_token(SECRET)).await.unwrap_err();
    assert_eq!(error.kind(), ExchangeErrorKind::InvalidGrant);
    seen.tell(&error);
}

fn data() -> TokenData {
    TokenData::new("groups.api.globus.org", "all", SECRET, UnixTime::from_seconds(i64::MAX))
        .with_refresh_token(Some(SECRET.into()))
}

async fn storages(world: &World, seen: &mut Evidence) {
    seen.show(&data());
    let folder = tempfile::tempdir().unwrap();
    let memory = MemoryTokenStorage::new();
    let json = JsonTokenStorage::new(folder.path().join("t.json"));
    #[cfg(feature = "sqlite")]
    {
        let sqlite = SqliteTokenStorage::new(folder.path().join("t.db"));
        sqlite.store_token_data(&data()).await.unwrap();
        seen.show(&sqlite);
    }
    #[cfg(feature = "postgres")]
    {
        use globus_sdk::{EncryptionKey, PostgresTokenStorage};
        let key = EncryptionKey::generate().unwrap();
        seen.hide(key.to_base64().expose());
        let builder = |url: &str| PostgresTokenStorage::builder(url, key.clone()).with_password(SECRET);
        let url = format!("postgres://user:{SECRET}@/database?host=%2Fnowhere");
        seen.show(&builder(&url));
        let postgres = builder(&url).build().unwrap();
        seen.show(&postgres);
        seen.tell(&postgres.store_token_data(&data()).await.unwrap_err());
        seen.tell(&builder(&format!("postgres://user:{SECRET}@{SECRET}@host/database")).build().unwrap_err());
    }
    #[cfg(feature = "encryption")]
    {
        use globus_sdk::{EncryptedTokenStorage, EncryptionKey, EncryptionKeys};
        let key = EncryptionKey::generate().unwrap();
        seen.hide(key.to_base64().expose());
        let keys = EncryptionKeys::new(key.clone()).with_retired(EncryptionKey::generate().unwrap());
        let sealed = EncryptedTokenStorage::new(memory.clone(), keys.clone());
        sealed.store_token_data(&data()).await.unwrap();
        seen.show(&key);
        seen.show(&keys);
        seen.show(&sealed);
        seen.tell(&EncryptionKey::from_base64(SECRET).unwrap_err());
        let other = EncryptedTokenStorage::new(memory.clone(), EncryptionKey::generate().unwrap());
        seen.tell(&other.get_token_data("groups.api.globus.org").await.unwrap_err());
        memory.remove_token_data("groups.api.globus.org").await.unwrap();
    }
    let all: [&dyn TokenStorage; 2] = [&memory, &json];
    for storage in all {
        storage.store_token_data(&data()).await.unwrap();
        let lock = storage.lock("groups.api.globus.org").await.unwrap();
        seen.show(&lock);
    }
    seen.show(&memory);
    seen.show(&json);
    std::fs::write(folder.path().join("t.json"), format!("{{\"{SECRET}\": \"{SECRET}")).unwrap();
    let error = json.get_token_data("groups.api.globus.org").await.unwrap_err();
    assert_eq!(error.kind(), StorageErrorKind::Corrupt);
    seen.tell(&error);
    let authorizer = RefreshTokenAuthorizer::from_storage(world.native(), json, "groups.api.globus.org");
    seen.tell(&authorizer.authorization_header().await.unwrap_err());
}

fn authorizers(world: &World, seen: &mut Evidence) {
    seen.show(&AuthorizationHeader::bearer(&SECRET.into()));
    seen.show(&AuthorizationHeader::basic("someone", &SECRET.into()));
    seen.show(&AccessTokenAuthorizer::new(SECRET));
    seen.show(&BasicAuthorizer::new("someone", SECRET));
    seen.show(&NullAuthorizer::new());
    seen.show(
        &RefreshTokenAuthorizer::new(world.native(), "groups.api.globus.org", SECRET)
            .with_access_token(SECRET, UnixTime::from_seconds(i64::MAX)),
    );
    seen.show(
        &ClientCredentialsAuthorizer::new(world.confidential(), "all")
            .with_access_token(SECRET, UnixTime::from_seconds(i64::MAX))
            .with_clock(ManualClock::at(UnixTime::from_seconds(7))),
    );
}

async fn transport(world: &World, seen: &mut Evidence) {
    seen.show(&Transport::builder().app_name("a program"));
    seen.show(&world.transport);
    seen.show(&Variables::from_pairs([("HTTPS_PROXY", format!("http://me:{SECRET}@proxy/"))]));
    let mut form = FormFields::default();
    form.push("client_secret", SECRET);
    let json = format!(r#"{{"secret_access_key": "{SECRET}"}}"#);
    let streamed = StreamedBody::new("text/plain", 3, || [SECRET[..3].to_owned().into()]);
    seen.show(&streamed);
    for body in
        [Body::Form(form), Body::Json(json.into()), Body::Text(SECRET.into()), Body::Streamed(streamed)]
    {
        seen.show(&body);
        let url = format!("{}v2/groups?token={SECRET}#{SECRET}", world.emulator.url());
        let request = HttpRequest::new(Service::Groups, "create_group", Method::Post, url)
            .with_header("Authorization", format!("Bearer {SECRET}"))
            .with_header("X-Api-Key", SECRET)
            .with_authorizer(Arc::new(AccessTokenAuthorizer::new(SECRET)))
            .with_body(body);
        seen.show(&request);
        let error = world.transport.send(request).await.unwrap_err();
        seen.tell(&error);
    }
    let errors = format!(r#"{{"errors": [{{"code": "A", "detail": "bad token {SECRET}"}}]}}"#);
    let answer = FaultAction::status(403).json(errors);
    world.emulator.inject(Fault::on("/v2/groups/**", answer).once()).unwrap();
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(SECRET));
    let error = groups.get_my_groups().await.unwrap_err();
    seen.show(error.api().unwrap());
    seen.show(&error.api().unwrap().errors()[0]);
    let answer = FaultAction::status(200).json(format!(r#"{{"{SECRET}": 1}}"#)).header("X-Token", SECRET);
    world.emulator.inject(Fault::on("/v2/groups/**", answer).once()).unwrap();
    let request = groups.get_my_groups().wire().unwrap();
    let response = world.transport.send(request).await.unwrap();
    seen.show(&response);
    seen.tell(&response.json::<Vec<u64>>().unwrap_err());
}

fn clients(world: &World, seen: &mut Evidence) {
    let authorizer = || AccessTokenAuthorizer::new(SECRET);
    seen.show(&GroupsClient::builder().authorizer(authorizer()));
    seen.show(&ConfidentialAppAuthClient::builder(ID, SECRET));
    seen.show(&NativeAppAuthClient::builder(ID));
    seen.show(&world.client::<AuthClient>(authorizer()));
    seen.show(&world.client::<GroupsClient>(authorizer()));
    seen.show(&world.client::<TransferClient>(authorizer()));
    seen.show(world.client::<TransferClient>(authorizer()).core());
    seen.show(&world.native());
    seen.show(&world.confidential());
}

fn auth(world: &World, seen: &mut Evidence) {
    let auth: AuthClient = world.client(AccessTokenAuthorizer::new(SECRET));
    seen.show(&IdentityMap::new(auth.clone()));
    seen.show(&auth.get_projects().with_header("X-Api-Key", SECRET));
    seen.show(&auth.get_jwk().with_header("X-Api-Key", SECRET));
    seen.show(&auth.get_identity_providers());
    seen.show(&auth.get_scopes());
    seen.show(&auth.get_consents(ID));
    seen.show(&auth.create_project("name", "mail"));
    seen.show(&auth.update_project(ID));
    seen.show(&auth.create_policy(ID, "name", "text"));
    seen.show(&auth.update_policy(ID));
    seen.show(&auth.create_scope(ID, "name", "text", "suffix"));
    seen.show(&auth.update_scope(ID));
    let kind = ClientType::ConfidentialClient;
    seen.show(&auth.create_client("name", ID, kind.clone()).additional_field("secret", SECRET));
    seen.show(&auth.update_client(ID).additional_field("secret", SECRET));
    seen.show(&world.confidential().create_child_client("name", kind).additional_field("secret", SECRET));

    let secret = format!(r#"{{"id": "1", "secret": "{SECRET}"}}"#);
    let with_client =
        format!(r#"{{"client": {{"id": "2"}}, "included": {{"client_credential": {secret}}}}}"#);
    let document: ClientDocument = serde_json::from_str(&with_client).unwrap();
    seen.show(&document);
    seen.show(&document.included.unwrap());
    seen.show(&serde_json::from_str::<NativeAppInstance>(&with_client).unwrap());
    let wrapped = format!(r#"{{"client": {with_client}}}"#);
    seen.show(&serde_json::from_str::<NativeAppInstance>(&wrapped).unwrap());
    let made: ClientCredentialDocument =
        serde_json::from_str(&format!(r#"{{"credential": {secret}}}"#)).unwrap();
    seen.show(&made);
    seen.show(&made.credential);
    let list = format!(r#"{{"credentials": [{secret}]}}"#);
    seen.show(&serde_json::from_str::<ClientCredentialList>(&list).unwrap());
}

async fn requests(world: &World, seen: &mut Evidence) {
    let (native, confidential) = (world.native(), world.confidential());
    seen.show(&native.oauth2_refresh_token(SECRET));
    seen.show(&native.oauth2_revoke_token(SECRET));
    seen.show(&confidential.oauth2_get_dependent_tokens(SECRET));
    seen.show(&confidential.oauth2_token_introspect(SECRET));
    let auth: AuthClient = world.client(AccessTokenAuthorizer::new(SECRET));
    seen.show(&auth.get_identities().with_header("X-Api-Key", SECRET).with_query_param("token", SECRET));
    let groups: GroupsClient = world.client(AccessTokenAuthorizer::new(SECRET));
    seen.show(&groups.get_my_groups().with_header("Cookie", SECRET));
    seen.show(&groups.get_group(ID));
    seen.show(&groups.create_group("name"));
    seen.show(&groups.update_group("id"));
    seen.show(&globus_sdk::GroupsManager::new(groups.clone()));
    let raw = groups.request(Method::Post, "v2/x").query("token", SECRET).form([("secret", SECRET)]);
    seen.show(&raw);
    let transfer: TransferClient = world.client(AccessTokenAuthorizer::new(SECRET));
    let search = || transfer.endpoint_search().filter_fulltext("a").with_header("X-Api-Key", SECRET);
    seen.show(&search());
    seen.show(&search().pages());
    seen.show(&search().items());
    seen.show(&transfer.operation_ls(ID));
    seen.show(&transfer.operation_mkdir(ID, "/x"));
    seen.show(&transfer.operation_stat(ID));
    seen.show(&transfer.task_list());
    seen.show(&transfer.task_event_list(ID));
    seen.show(&transfer.task_wait(ID).timeout(Duration::from_secs(1)));
    seen.show(&transfer.submit_delete(DeleteData::new(ID)));
}
