//! Where tokens are kept: files, profiles, subjects.

use globus_app::login::ScriptedLogin;
use globus_app::{AppBuilder, AppErrorKind, ClientApp, UserApp};
use globus_services::groups::GroupsClient;
use globus_tokenstorage::{JsonTokenStorage, MemoryTokenStorage, TokenStorage};

use crate::world::{World, files};

fn file_of(world: &World, client_id: &str) -> String {
    assert!(!world.emulator.url().is_empty());
    format!("app/{client_id}/an-app/tokens.json")
}

#[tokio::test]
async fn nothing_is_on_the_disk_before_the_first_write() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let app = world.user(&person).json_storage().home(home.path().join("globus")).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    assert!(app.login_required().await.unwrap());
    assert_eq!(app.identity_id().await.unwrap(), None);
    app.logout().await.unwrap();
    assert_eq!(app.profiles().await.unwrap(), [""; 0]);
    assert_eq!(files(home.path()), [""; 0]);
    groups.get_my_groups().await.unwrap();
    let file = file_of(&world, world.emulator.native_client_id());
    assert!(files(&home.path().join("globus")).contains(&file), "{:?}", files(home.path()));

    // Another start of the same program finds its login there.
    let next = world.user(&person).json_storage().home(home.path().join("globus")).build().unwrap();
    GroupsClient::from_app(&next).unwrap().get_my_groups().await.unwrap();
    assert_eq!(person.count(), 1);
}

/// Writes the file as the Python SDK 4.10.0 does (`json.dump` of sorted keys, no trailing line break).
fn write_as_python(path: &std::path::Path, world: &World, app: &[(&str, globus_tokenstorage::TokenData)]) {
    let entries: serde_json::Map<String, serde_json::Value> = app
        .iter()
        .map(|(name, data)| {
            let entry = serde_json::json!({
                "resource_server": name,
                "identity_id": world.emulator.user_id(),
                "scope": data.scope,
                "access_token": data.access_token.expose(),
                "expires_at_seconds": data.expires_at.as_seconds(),
                "token_type": "Bearer",
            });
            ((*name).to_owned(), entry)
        })
        .collect();
    let document = serde_json::json!({
        "data": {"DEFAULT": entries}, "format_version": "2.0", "globus-sdk.version": "4.10.0"
    });
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, document.to_string()).unwrap();
}

#[tokio::test]
async fn a_program_that_was_moved_from_python_finds_its_login() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let elsewhere = world.user(&person).build().unwrap();
    GroupsClient::from_app(&elsewhere).unwrap().get_my_groups().await.unwrap();
    let tokens = elsewhere.token_storage().get_token_data_by_resource_server().await.unwrap();
    let tokens: Vec<_> = tokens.iter().map(|(name, data)| (name.as_str(), data.clone())).collect();
    let file = home.path().join(file_of(&world, world.emulator.native_client_id()));
    write_as_python(&file, &world, &tokens);

    let app = world.user(&person).json_storage().home(home.path()).build().unwrap();
    GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap();
    assert_eq!(app.identity_id().await.unwrap().as_deref(), Some(world.emulator.user_id()));
    assert_eq!(person.count(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_home_that_cannot_be_written_does_not_keep_a_client_app_from_working() {
    let world = World::new().await;
    let home = tempfile::tempdir().unwrap();
    // In the way of the directory, as also the superuser feels it.
    std::fs::write(home.path().join("app"), "").unwrap();
    let app = world.client().json_storage().home(home.path()).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(world.exchanges(), 1);
    app.login().await.unwrap();
    groups.get_my_groups().await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_is_brought_to_log_in_where_the_login_could_not_be_kept() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    std::fs::write(home.path().join("app"), "").unwrap();
    let app = world.user(&person).json_storage().home(home.path()).build().unwrap();
    let error = app.login().await.unwrap_err();
    assert_eq!((error.kind(), person.count()), (AppErrorKind::Storage, 0), "{error}");
    assert!(error.to_string().contains("tokens.json"), "{error}");
}

fn on(storage: &JsonTokenStorage, builder: AppBuilder<UserApp>) -> AppBuilder<UserApp> {
    builder.storage(storage.clone())
}

async fn log_in(app: &UserApp) {
    GroupsClient::from_app(app).unwrap().get_my_groups().await.unwrap();
}

#[tokio::test]
async fn profiles_are_listed_renamed_deleted_and_logged_out() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let build = || world.user(&person).json_storage().home(home.path());
    let app = build().build().unwrap();
    for profile in ["work", "lab"] {
        log_in(&app.with_profile(profile).unwrap()).await;
    }
    log_in(&app).await;
    assert_eq!(person.count(), 3);
    assert_eq!(app.profiles().await.unwrap(), ["lab", "work"]);
    log_in(&build().profile("work").build().unwrap()).await;
    assert_eq!(person.count(), 3);

    app.rename_profile("lab", "new lab").await.unwrap();
    assert_eq!(app.profiles().await.unwrap(), ["new lab", "work"]);
    log_in(&app.with_profile("new lab").unwrap()).await;
    assert_eq!(person.count(), 3);
    for (from, to) in [("nobody", "x"), ("work", "new lab"), ("work", "a/b"), ("", "x")] {
        let error = app.rename_profile(from, to).await.unwrap_err();
        assert_eq!(error.kind(), AppErrorKind::Usage, "{from} {to}");
    }
    assert!(app.delete_profile("new lab").await.unwrap());
    assert!(!app.delete_profile("new lab").await.unwrap());
    assert_eq!(app.profiles().await.unwrap(), ["work"]);
    assert_eq!(world.count("POST", "/v2/oauth2/token/revoke"), 0);

    app.logout_all_profiles().await.unwrap();
    assert_eq!(app.profiles().await.unwrap(), [""; 0]);
    assert!(app.login_required().await.unwrap());
    assert_eq!(world.count("POST", "/v2/oauth2/token/revoke"), 4);
}

#[tokio::test]
async fn two_clients_of_one_store_do_not_meet() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let storage = JsonTokenStorage::new(home.path().join("shared.json"));
    let user = on(&storage, world.user(&person)).profile("p").build().unwrap();
    let client = world.client().storage(storage.clone()).profile("p").build().unwrap();
    log_in(&user).await;
    GroupsClient::from_app(&client).unwrap().get_my_groups().await.unwrap();
    let own = |id: &str| format!("production/{id}/p");
    let mut expected = [own(world.emulator.native_client_id()), own(world.emulator.client_id())];
    expected.sort();
    assert_eq!(storage.namespaces().await.unwrap(), expected);
    assert_eq!(
        (user.profiles().await.unwrap(), client.profiles().await.unwrap()),
        (vec!["p".to_owned()], vec!["p".to_owned()])
    );
    user.logout_all_profiles().await.unwrap();
    assert_eq!(client.profiles().await.unwrap(), ["p"]);
}

#[tokio::test]
async fn many_subjects_have_logins_of_their_own_in_one_store() {
    let world = World::new().await;
    let person = world.person();
    let storage = MemoryTokenStorage::new();
    let app = world.user(&person).storage(storage.clone()).build().unwrap();
    GroupsClient::from_app(&app).unwrap();
    let subjects: Vec<UserApp> =
        (0..10_000).map(|n| app.for_subject(&format!("user {n}")).unwrap()).collect();
    log_in(&subjects[7]).await;
    log_in(&subjects[8]).await;
    assert_eq!(person.count(), 2);
    let before = storage.get_token_data_by_resource_server().await.unwrap();
    assert!(before.is_empty());
    assert_eq!(storage.namespaces().await.unwrap().len(), 2);
    // Those who ask for one subject share what is known of it.
    log_in(&app.for_subject("user 7").unwrap()).await;
    drop(subjects);
    log_in(&app.for_subject("user 7").unwrap()).await;
    assert!(app.for_subject("user 9").unwrap().login_required().await.unwrap());
    app.for_subject("user 7").unwrap().logout().await.unwrap();
    assert_eq!((person.count(), storage.namespaces().await.unwrap().len()), (2, 1));
    // No name of a subject leads out of its app's namespace.
    for name in ["../x", "DEFAULT", "a/subject/b", "%2F"] {
        let storage = std::sync::Arc::clone(app.for_subject(name).unwrap().token_storage());
        let below = format!("production/{}/subject/", world.emulator.native_client_id());
        let own = storage.namespace().strip_prefix(&below).unwrap();
        assert!(!own.contains('/'), "{own}");
    }
    assert_eq!(app.for_subject("").unwrap_err().kind(), AppErrorKind::Usage);
}

#[tokio::test]
async fn what_cannot_work_is_told_when_the_app_is_built() {
    let world = World::new().await;
    let person = world.person();
    let kind = |app: Result<UserApp, globus_app::AppError>| app.unwrap_err().kind();
    let native = || {
        globus_services::auth::NativeAppAuthClient::builder("id")
            .base_url("http://127.0.0.1:9")
            .build()
            .unwrap()
    };
    assert_eq!(kind(UserApp::builder("x").variables(world.variables()).build()), AppErrorKind::Usage);
    assert_eq!(kind(world.user(&person).login_client(native()).build()), AppErrorKind::Usage);
    assert_eq!(kind(world.user(&person).client_secret("s").build()), AppErrorKind::Usage);
    assert_eq!(kind(world.user(&person).profile("a/b").build()), AppErrorKind::Usage);
    assert_eq!(kind(UserApp::builder("nul").client_id("id").home("/h").build()), AppErrorKind::Usage);
    let secretless = ClientApp::builder("x").client_id("id").variables(world.variables()).memory_storage();
    assert_eq!(secretless.build().unwrap_err().kind(), AppErrorKind::Usage);
    let with_login =
        world.client().login_flow_manager(ScriptedLogin::pasting(|_| async { Ok(String::new()) }));
    assert_eq!(with_login.build().unwrap_err().kind(), AppErrorKind::Usage);

    use globus_transport::Environment;
    let native_of = |environment| {
        globus_services::auth::NativeAppAuthClient::builder("id").environment(environment).build().unwrap()
    };
    for (client, app, fits) in [
        (Environment::Production, Environment::Preview, false),
        (Environment::Preview, Environment::Production, false),
        (Environment::Preview, Environment::Preview, true),
    ] {
        let built = UserApp::builder("x").login_client(native_of(client)).environment(app);
        let built = built.variables(world.variables()).memory_storage().build();
        assert_eq!(built.is_ok(), fits, "{client} {app}");
        if let Err(error) = built {
            assert_eq!(error.kind(), AppErrorKind::Usage);
            assert!(
                error.to_string().contains(client.name()) && error.to_string().contains(app.name()),
                "{error}"
            );
        }
    }
    // At an address of its own it may be anybody's.
    let elsewhere = UserApp::builder("x").login_client(native()).environment(Environment::Preview);
    elsewhere.variables(world.variables()).memory_storage().build().unwrap();

    let app = world.user(&person).build().unwrap();
    let both = GroupsClient::builder().app(&app).authorizer(globus_authorizers::NullAuthorizer).build();
    assert_eq!(both.unwrap_err().kind(), globus_transport::ErrorKind::Usage);
    let elsewhere = GroupsClient::builder().app(&app).environment(globus_transport::Environment::Preview);
    assert_eq!(elsewhere.build().unwrap_err().kind(), globus_transport::ErrorKind::Usage);
    let alone = GroupsClient::new(globus_authorizers::NullAuthorizer).unwrap();
    assert_eq!(alone.add_app_scope("a").unwrap_err().kind(), globus_transport::ErrorKind::Usage);
}
