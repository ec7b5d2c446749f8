//! Apps: each of their types with a secret inside, and a whole life of one.

use std::sync::Arc;

use globus_sdk::app::login::{
    LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginRequired, NoLogin, ScriptedLogin,
};
use globus_sdk::app::{AppBuilder, LoginClient};
use globus_sdk::auth_core::LoginDemand;
use globus_sdk::prelude::*;
use globus_sdk::transport::Variables;
use globus_sdk::{GlobusAppConfig, OAuthTokenResponse};

use crate::evidence::Evidence;
use crate::world::World;

fn variables(world: &World) -> Variables {
    Variables::from_pairs(world.emulator.variables())
}

/// Each type that can hold a secret.
pub(crate) async fn types(world: &World, seen: &mut Evidence, secret: &str) {
    let confidential = || {
        UserApp::builder("app")
            .client_id("6c54cade-bde5-45c1-bdea-f4bd71dba2cc")
            .client_secret(secret)
            .login_redirect_uri("http://localhost/")
            .variables(variables(world))
            .memory_storage()
    };
    seen.show(&confidential());
    seen.show(&GlobusAppConfig::new().login_flow_manager(NoLogin).storage(MemoryTokenStorage::new()));
    seen.show(&LoginClient::from(world.confidential()));
    let app = confidential().build().unwrap();
    let data =
        globus_sdk::tokenstorage::TokenData::new("rs", "s", secret, globus_sdk::UnixTime::from_seconds(7));
    app.token_storage().store_token_data(&data).await.unwrap();
    seen.show(&app);
    seen.show(&app.get_authorizer("rs"));
    seen.show(&app.login().demand(LoginDemand::for_scopes("s")));
    seen.show(&app.logout());
    let error = app.login().await.unwrap_err();
    seen.tell(&error);
    let required: LoginRequired = error.login_required().unwrap().clone();
    seen.hide(required.flow().state());
    seen.show(&required);
    seen.show(&LoginAnswer::code(required.flow().clone(), secret));
    seen.show(&LoginAnswer::callback(required.flow().clone(), format!("?code={secret}")));
    let tokens = globus_sdk::OAuthToken::new("rs", "s", secret, globus_sdk::UnixTime::from_seconds(7));
    let answer = LoginAnswer::tokens(OAuthTokenResponse::from_tokens(vec![tokens], Some(secret.into())));
    seen.show(&answer);
    seen.tell(&app.complete_login(answer).await.unwrap_err());
    let answer = LoginAnswer::callback(required.flow().clone(), format!("?code={secret}&state={secret}"));
    let error = app.complete_login(answer).await.unwrap_err();
    seen.tell(&error);
    seen.tell(error.login_flow_error().unwrap());

    let refusing =
        ScriptedLogin::pasting(|_| async { Err(LoginFlowError::new(LoginFlowErrorKind::Refused, "no")) });
    let app = confidential().login_flow_manager(refusing.clone()).build().unwrap();
    seen.tell(&app.login().await.unwrap_err());
    seen.show(&refusing);
    seen.show(&refusing.requests()[0]);
    let builder: AppBuilder<ClientApp> =
        ClientApp::builder("app").variables(variables(world)).memory_storage();
    seen.show(&builder.build().unwrap());
}

#[tokio::test]
async fn an_app_logs_in_and_out_without_a_word_of_a_secret() {
    let (mut seen, world) = (Evidence::new(), World::new().await);
    let world = Arc::new(world);
    let person = {
        let world = Arc::clone(&world);
        ScriptedLogin::pasting(move |url| {
            let world = Arc::clone(&world);
            async move { Ok(world.emulator.approve(&url).await.unwrap()) }
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let app = UserApp::builder("an app")
        .client_id(world.emulator.native_client_id())
        .variables(variables(&world))
        .storage(MemoryTokenStorage::new())
        .home(folder.path())
        .request_refresh_tokens(true)
        .login_flow_manager(person.clone())
        .build()
        .unwrap();
    let transfer = TransferClient::from_app(&app).unwrap();
    transfer.operation_ls(world.emulator.collection_data_access()).path("/").await.unwrap();
    let stored = app.token_storage().get_token_data(TransferClient::RESOURCE_SERVER).await.unwrap().unwrap();
    world.emulator.revoke_token(stored.refresh_token.unwrap().expose());
    transfer.task_list().await.unwrap();
    assert_eq!(person.count(), 3);
    seen.show(&app);
    seen.show(&transfer);
    for request in person.requests() {
        seen.hide(request.start_flow().unwrap().state());
        seen.show(&request);
    }
    app.logout().sweep(true).await.unwrap();
    seen.is_clean(&world, &["somebody has to log in", "logged in", "globus_request"]);
}
