//! Whose tokens are where in a storage: clients, environments, profiles, and those who name their namespace.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use globus_app::{AppErrorKind, UserApp};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;
use globus_tokenstorage::{
    JsonTokenStorage, MemoryTokenStorage, SqliteTokenStorage, TokenData, TokenStorage,
};
use globus_transport::Environment;

use crate::world::{NAME, World};

const OTHER_CLIENT: &str = "95fdeba8-fac2-42bd-a357-e068d82ff78e";

async fn log_in(app: &UserApp) {
    GroupsClient::from_app(app).unwrap().get_my_groups().await.unwrap();
}

async fn held(app: &UserApp) -> usize {
    app.token_storage().get_token_data_by_resource_server().await.unwrap().len()
}

#[tokio::test]
async fn clients_and_environments_that_share_a_storage_do_not_take_each_others_logins() {
    let world = World::new().await;
    let person = world.person();
    let storage = MemoryTokenStorage::new();
    let one = world.user(&person).storage(storage.clone()).build().unwrap();
    log_in(&one).await;
    let other = UserApp::builder(NAME).client_id(OTHER_CLIENT).variables(world.variables());
    let other = other.storage(storage.clone()).login_flow_manager(person.clone()).build().unwrap();
    let preview = world.user(&person).storage(storage.clone()).environment(Environment::Preview);
    let preview = preview.build().unwrap();
    for app in [&other, &preview] {
        assert!(app.login_required().await.unwrap());
        assert_eq!(app.identity_id().await.unwrap(), None);
    }
    log_in(&preview).await;
    assert_eq!(person.count(), 2);
    let again = world.user(&person).storage(storage.clone()).build().unwrap();
    log_in(&again).await;
    assert_eq!(person.count(), 2);
    let id = world.emulator.native_client_id();
    let expected = ["preview", "production"].map(|environment| format!("{environment}/{id}/DEFAULT"));
    assert_eq!(storage.namespaces().await.unwrap(), expected);
    // All of it below the namespace that the storage has.
    let tenant = world.user(&person).storage(storage.with_namespace("tenant")).build().unwrap();
    assert_eq!(tenant.token_storage().namespace(), format!("tenant/production/{id}/DEFAULT"));
    assert!(tenant.login_required().await.unwrap());
}

#[tokio::test]
async fn who_names_the_namespace_has_the_tokens_there() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let at_home = || world.user(&person).home(home.path());
    let namespace = |app: &UserApp| app.token_storage().namespace().to_owned();
    for app in [at_home().json_storage(), at_home().memory_storage()] {
        assert_eq!(namespace(&app.build().unwrap()), "DEFAULT");
    }
    let own = at_home().json_storage().build().unwrap();
    log_in(&own).await;
    log_in(&own.with_profile("work").unwrap()).await;

    // A file of the app, which the program opens itself.
    let id = world.emulator.native_client_id();
    let file = JsonTokenStorage::new(home.path().join(format!("app/{id}/an-app/tokens.json")));
    let opened = world.user(&person).storage(file).namespace("DEFAULT").build().unwrap();
    log_in(&opened).await;
    assert_eq!(opened.profiles().await.unwrap(), ["work"]);
    log_in(&opened.with_profile("work").unwrap()).await;
    assert_eq!(person.count(), 2);

    for named in [at_home().json_storage(), at_home().storage(MemoryTokenStorage::new())] {
        let app = named.namespace("mine").build().unwrap();
        assert_eq!(namespace(&app), "mine");
        assert_eq!(namespace(&app.with_profile("p").unwrap()), "mine/p");
        assert_eq!(namespace(&app.for_subject("s").unwrap()), "mine/subject/s");
        let both = app.with_profile("p").unwrap().for_subject("s").unwrap();
        assert_eq!(namespace(&both), "mine/p/subject/s");
    }
    for name in ["", " ", "a\nb"] {
        assert_eq!(at_home().namespace(name).build().unwrap_err().kind(), AppErrorKind::Usage, "{name:?}");
    }
}

#[tokio::test]
async fn a_storage_without_namespaces_is_used_as_it_is() {
    let world = World::new().await;
    let person = world.person();
    let build = || world.user(&person).storage(crate::interference::Unhurried::default());
    let app = build().build().unwrap();
    log_in(&app).await;
    assert_eq!(held(&app).await, 2);
    app.logout_all_profiles().await.unwrap();
    assert_eq!(held(&app).await, 0);
    assert_eq!(build().namespace("DEFAULT").build().unwrap().token_storage().namespace(), "DEFAULT");
    for builder in [build().namespace("x"), build().profile("p")] {
        assert_eq!(builder.build().unwrap_err().kind(), AppErrorKind::Usage);
    }
    assert_eq!(app.with_profile("p").unwrap_err().kind(), AppErrorKind::Usage);
}

#[tokio::test]
async fn all_profiles_are_logged_out_from_any_of_them_and_the_app_without_one_as_well() {
    let world = World::new().await;
    let (home, person) = (tempfile::tempdir().unwrap(), world.person());
    let build = || world.user(&person).json_storage().home(home.path());
    let (app, work) = (build().build().unwrap(), build().profile("work").build().unwrap());
    for user in [&app, &work, &app.with_profile("lab").unwrap()] {
        log_in(user).await;
    }
    work.logout_all_profiles().await.unwrap();
    assert_eq!((held(&app).await, held(&work).await), (0, 0));
    assert_eq!(app.profiles().await.unwrap(), [""; 0]);
    assert_eq!(world.count("POST", "/v2/oauth2/token/revoke"), 6);
    // What it knew is forgotten, too: it is one app, whichever way it was got.
    log_in(&work).await;
    assert_eq!(person.count(), 4);
}

#[tokio::test]
async fn a_subject_has_no_profiles_and_no_profile_is_the_app_without_one() {
    let world = World::new().await;
    let person = world.person();
    let app = world.user(&person).build().unwrap();
    log_in(&app).await;
    let work = app.with_profile("work").unwrap();
    for subject in [app.for_subject("u").unwrap(), work.for_subject("u").unwrap()] {
        log_in(&subject).await;
        let errors = [
            subject.with_profile("work").map(drop).unwrap_err(),
            subject.profiles().await.map(drop).unwrap_err(),
            subject.rename_profile("work", "x").await.unwrap_err(),
            subject.delete_profile("work").await.map(drop).unwrap_err(),
            subject.logout_all_profiles().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), AppErrorKind::Usage, "{error}");
        }
    }
    let errors = [
        app.with_profile("DEFAULT").map(drop).unwrap_err(),
        app.delete_profile("DEFAULT").await.map(drop).unwrap_err(),
        app.rename_profile("DEFAULT", "x").await.unwrap_err(),
        world.user(&person).profile("DEFAULT").build().map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.kind(), AppErrorKind::Usage, "{error}");
    }
    assert_eq!(held(&app).await, 2);
}

/// What a login leaves.
async fn a_login(world: &World) -> BTreeMap<String, TokenData> {
    let app = world.user(&world.person()).build().unwrap();
    TransferClient::from_app(&app).unwrap();
    log_in(&app).await;
    app.token_storage().get_token_data_by_resource_server().await.unwrap()
}

/// An app with this login in the profile `lab`, in a file of either kind.
async fn with_lab(world: &World, home: &Path, sqlite: bool, login: &BTreeMap<String, TokenData>) -> UserApp {
    let builder = world.user(&world.person());
    let builder = match sqlite {
        true => builder.storage(SqliteTokenStorage::new(home.join("tokens.db"))),
        false => builder.json_storage().home(home),
    };
    let app = builder.build().unwrap();
    let lab = app.with_profile("lab").unwrap();
    lab.token_storage().store_token_data_by_resource_server(login).await.unwrap();
    app
}

#[tokio::test]
async fn a_renaming_that_was_broken_off_at_any_point_can_be_gone_on_with() {
    let world = World::new().await;
    let whole = a_login(&world).await;
    for sqlite in [false, true] {
        let mut polls = 0;
        loop {
            let home = tempfile::tempdir().unwrap();
            let app = with_lab(&world, home.path(), sqlite, &whole).await;
            let ready = {
                let mut renaming = pin!(app.rename_profile("lab", "new"));
                poll(renaming.as_mut(), polls).await
            };
            // What it had begun to write may be written by now, or in a moment.
            if let Err(error) = app.rename_profile("lab", "new").await {
                assert!(error.to_string().contains("there is no profile"), "after {polls} polls: {error}");
            }
            let new = app.with_profile("new").unwrap();
            assert_eq!(new.token_storage().get_token_data_by_resource_server().await.unwrap(), whole);
            assert_eq!(app.profiles().await.unwrap(), ["new"], "after {polls} polls");
            if ready {
                break;
            }
            polls += 1;
        }
        assert!(polls > 2, "only {polls} polls");
    }
}

/// Polls a future so often; `true`: it was ready before.
async fn poll<F: Future>(mut future: std::pin::Pin<&mut F>, times: usize) -> bool {
    for _ in 0..times {
        if future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    false
}

#[tokio::test]
async fn a_profile_that_holds_other_tokens_is_nobodys_new_name() {
    let world = World::new().await;
    let home = tempfile::tempdir().unwrap();
    let before = a_login(&world).await;
    let app = with_lab(&world, home.path(), false, &before).await;
    let (lab, new) = (app.with_profile("lab").unwrap(), app.with_profile("new").unwrap());
    let (lab, new) = (lab.token_storage(), new.token_storage());
    let (name, entry) = before.first_key_value().unwrap();

    // As a renaming leaves it that moved its first entry and was then killed.
    new.store_token_data(entry).await.unwrap();
    lab.remove_token_data(name).await.unwrap();
    app.rename_profile("lab", "new").await.unwrap();
    assert_eq!(new.get_token_data_by_resource_server().await.unwrap(), before);

    let mut of_another = entry.clone();
    of_another.identity_id = Some("another".to_owned());
    let mut renewed = entry.clone();
    renewed.access_token = "another".into();
    let mut elsewhere = of_another.clone();
    elsewhere.resource_server = "elsewhere".to_owned();
    for stands_there in [of_another, renewed, elsewhere] {
        lab.store_token_data(&stands_there).await.unwrap();
        let error = app.rename_profile("new", "lab").await.unwrap_err();
        assert!(error.kind() == AppErrorKind::Usage && error.to_string().contains("holds tokens"), "{error}");
        assert_eq!(new.get_token_data_by_resource_server().await.unwrap(), before);
        app.delete_profile("lab").await.unwrap();
    }
    assert_eq!(app.rename_profile("new", "new").await.unwrap_err().kind(), AppErrorKind::Usage);
    assert_eq!(new.get_token_data_by_resource_server().await.unwrap(), before);
}
