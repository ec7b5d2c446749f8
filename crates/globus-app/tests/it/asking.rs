//! What people are asked, by whom, and what they type.

use globus_app::login::{
    CommandLineLogin, LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest,
    NoLogin,
};
use globus_app::{AppErrorKind, InvalidTokens};
use globus_services::groups::GroupsClient;
use globus_services::transfer::TransferClient;

use crate::world::World;

#[tokio::test]
async fn the_handler_may_demand_more_of_the_login() {
    let world = World::new().await;
    let person = world.person();
    let mut demand = globus_auth_core::LoginDemand::default();
    demand.prompt = Some("login".to_owned());
    demand.required_scopes = vec![TransferClient::SCOPES.all.to_owned()];
    let app = world.user(&person);
    let app = app.token_validation_error_handler(move |_| InvalidTokens::LogInWith(demand.clone()));
    let app = app.build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), 1);
    let request = &person.requests()[0];
    assert_eq!(request.demand().prompt.as_deref(), Some("login"));
    assert!(request.scopes().to_string().contains(TransferClient::SCOPES.all));
}

#[tokio::test]
async fn requirements_and_the_name_of_the_login_can_be_given_when_an_app_is_built() {
    let world = World::new().await;
    let person = world.person();
    let build = || world.user(&person).named_grant("My laptop");
    let app = build()
        .scope_requirements(TransferClient::RESOURCE_SERVER, TransferClient::SCOPES.all)
        .scope_requirements(GroupsClient::RESOURCE_SERVER, [GroupsClient::SCOPES.all])
        .build()
        .unwrap();
    assert_eq!(app.scope_requirements().len(), 3);
    app.login().await.unwrap();
    let stored = app.token_storage().get_token_data_by_resource_server().await.unwrap();
    assert!(stored.contains_key(TransferClient::RESOURCE_SERVER), "{:?}", stored.keys());
    let url = person.requests()[0].start_flow().unwrap().authorize_url().to_owned();
    assert!(url.contains("prefill_named_grant=My+laptop"), "{url}");
    let error = build().scope_requirements("x", "a[").build().unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Usage);
}

#[derive(Debug)]
struct Away;

#[async_trait::async_trait]
impl LoginFlowManager for Away {
    fn is_available(&self) -> bool {
        false
    }

    fn why_unavailable(&self) -> Option<String> {
        Some("standard error is no terminal".to_owned())
    }

    async fn log_in(&self, _: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        Err(LoginFlowError::new(LoginFlowErrorKind::Unavailable, "it was asked"))
    }
}

#[tokio::test]
async fn the_error_says_why_nobody_could_be_asked() {
    let world = World::new().await;
    let app = world.user(&world.person()).login_flow_manager(Away).build().unwrap();
    let error = app.login().await.unwrap_err();
    assert!(error.to_string().contains("(standard error is no terminal)"), "{error}");
    let url = error.login_required().unwrap().authorize_url();
    assert!(url.contains("/v2/oauth2/authorize?"));
    let silent = world.user(&world.person()).login_flow_manager(NoLogin).build().unwrap();
    let error = silent.login().await.unwrap_err();
    assert!(error.to_string().contains("(the program asks nobody itself)"), "{error}");
}

/// Types `lines` and then the code that the link leads to.
async fn typing(
    world: &World,
    lines: &str,
    code_at_last: bool,
) -> (Result<(), globus_app::AppError>, String) {
    use std::io::{BufReader, Read, Write};
    let (screen, output) = std::io::pipe().unwrap();
    let (input, mut keyboard) = std::io::pipe().unwrap();
    let manager = CommandLineLogin::with_io(BufReader::new(input), output).unwrap();
    let app = world.user(&world.person()).login_flow_manager(manager).build().unwrap();
    let login = tokio::spawn(async move { app.login().await });
    keyboard.write_all(lines.as_bytes()).unwrap();
    let (sent, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let reading = std::thread::spawn(move || {
        let (mut screen, mut text, mut piece) = (screen, String::new(), [0; 1024]);
        while let Ok(read @ 1..) = screen.read(&mut piece) {
            text.push_str(&String::from_utf8_lossy(&piece[..read]));
            let _ = sent.send(text.clone());
        }
        text
    });
    let url = loop {
        let text = seen.recv().await.unwrap();
        if let Some(url) = text.lines().map(str::trim).find(|line| line.starts_with("http"))
            && text.contains("Enter the code")
        {
            break url.to_owned();
        }
    };
    if code_at_last {
        let code = world.emulator.approve(&url).await.unwrap();
        keyboard.write_all(format!("{code}\n").as_bytes()).unwrap();
    }
    let result = login.await.unwrap();
    drop(keyboard);
    (result, reading.join().unwrap())
}

#[tokio::test]
async fn a_mistyped_code_can_be_typed_again_and_not_for_ever() {
    let world = World::new().await;
    let (result, screen) = typing(&world, "mistyped\n\nonce more\n", true).await;
    result.unwrap();
    assert_eq!((world.exchanges(), screen.matches("try again").count()), (3, 3), "{screen}");
    // One link, and one question for each code.
    assert_eq!((screen.matches("http://").count(), screen.matches("Enter the code").count()), (1, 4));

    let (result, _) = typing(&world, &"mistyped\n".repeat(9), false).await;
    let error = result.unwrap_err();
    assert_eq!(error.login_flow_error().unwrap().kind(), LoginFlowErrorKind::Flow, "{error}");
    assert_eq!(world.exchanges(), 8);
}
