//! Logins and renewals while Auth, the network and the storage fail.

use std::sync::Arc;
use std::time::Duration;

use globus_app::AppErrorKind;
use globus_app::login::{
    LoginAnswer, LoginFlowError, LoginFlowErrorKind, LoginFlowManager, LoginRequest, ScriptedLogin,
};
use globus_emulator::{Fault, FaultAction};
use globus_services::groups::GroupsClient;
use globus_tokenstorage::MemoryTokenStorage;
use globus_transport::{ErrorKind, Transport};

use crate::world::World;

/// A login meets `fault` once; then nothing is stored, or all, and another try works.
async fn a_login_that_meets(path: &str, action: FaultAction) {
    let world = World::new().await;
    let person = world.person();
    // What is tried again by itself, after a second's wait, would be no fault of the login.
    let transport = Transport::builder().max_retries(0).build().unwrap();
    let app = world.user(&person).transport(transport).build().unwrap();
    let groups = GroupsClient::from_app(&app).unwrap();
    world.emulator.inject(Fault::on(path, action.clone()).once()).unwrap();
    let first = groups.get_my_groups().await;
    let stored = app.token_storage().get_token_data_by_resource_server().await.unwrap().len();
    assert_eq!(stored, if first.is_ok() { 2 } else { 0 }, "{path} {action:?} {first:?}");
    if let Err(err) = &first {
        assert!(!err.to_string().is_empty() && err.kind() != ErrorKind::Usage, "{err}");
    }
    groups.get_my_groups().await.unwrap();
    assert_eq!(person.count(), if first.is_ok() { 1 } else { 2 }, "{path} {action:?}");
}

#[tokio::test]
async fn a_login_that_meets_a_fault_stores_all_or_nothing_and_can_be_tried_again() {
    for path in ["/v2/oauth2/token", "/.well-known/openid-configuration", "/jwk.json"] {
        for action in [
            FaultAction::Drop,
            FaultAction::Truncate,
            FaultAction::status(500),
            FaultAction::status(400).json(r#"{"error": "invalid_grant"}"#),
            FaultAction::status(200).json("{}"),
            FaultAction::status(200).json("<html>"),
        ] {
            a_login_that_meets(path, action).await;
        }
    }
}

#[tokio::test]
async fn a_login_that_the_person_refuses_fails_for_all_who_wait_and_the_next_asks_again() {
    let world = World::new().await;
    let refusing = ScriptedLogin::pasting(|_| async {
        Err(LoginFlowError::new(LoginFlowErrorKind::Refused, "no, thank you"))
    });
    let app = world.user(&refusing).build().unwrap();
    let error = GroupsClient::from_app(&app).unwrap().get_my_groups().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LoginRequired);
    assert!(error.to_string().contains("no, thank you"), "{error}");
    let error = app.login().await.unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::LoginFailed);
    assert_eq!(error.login_flow_error().unwrap().kind(), LoginFlowErrorKind::Refused);
    assert_eq!(refusing.count(), 2);
}

#[tokio::test]
async fn a_manager_that_panics_is_an_error_and_the_next_login_works() {
    let world = World::new().await;
    let person = {
        let (calm, calls) = (world.clone(), std::sync::atomic::AtomicUsize::new(0));
        ScriptedLogin::pasting(move |url| {
            let first = calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
            let world = calm.clone();
            async move {
                assert!(!first, "on purpose");
                crate::world::approve(&world.emulator, &url).await
            }
        })
    };
    let app = world.user(&person).build().unwrap();
    let error = app.login().await.unwrap_err();
    assert_eq!(error.kind(), AppErrorKind::Interrupted);
    assert!(error.is_transient());
    app.login().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nobody_is_waited_for_longer_than_the_login_may_take() {
    let world = World::new().await;
    let silent = ScriptedLogin::new(|_| std::future::pending());
    let app = world.user(&silent).login_timeout(Duration::from_secs(60)).build().unwrap();
    let error = app.login().await.unwrap_err();
    assert_eq!(error.login_flow_error().unwrap().kind(), LoginFlowErrorKind::TimedOut);
    assert!(error.to_string().contains("60 s"), "{error}");
}

/// Asks nobody, and keeps what it is to tell.
#[derive(Debug, Default)]
struct Listener(std::sync::Mutex<Vec<String>>);

#[async_trait::async_trait]
impl LoginFlowManager for Listener {
    fn tell(&self, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }

    async fn log_in(&self, _: &LoginRequest) -> Result<LoginAnswer, LoginFlowError> {
        Err(LoginFlowError::new(LoginFlowErrorKind::Refused, "it was asked"))
    }
}

#[tokio::test(start_paused = true)]
async fn another_program_that_asks_for_the_login_is_waited_for_as_long_as_a_login_may_take_and_not_in_silence()
 {
    let world = World::new().await;
    // With a limit of its own that is shorter, and with one that is longer.
    for limit in [Duration::ZERO, Duration::from_secs(3), Duration::from_secs(3600)] {
        let storage = MemoryTokenStorage::new().with_lock_timeout(limit);
        let silent = ScriptedLogin::new(|_| std::future::pending());
        let first = world.user(&silent).storage(storage.clone()).build().unwrap();
        let asking = tokio::spawn(async move { first.login().await });
        while silent.count() == 0 {
            tokio::task::yield_now().await;
        }
        let listener = Arc::new(Listener::default());
        let second = world.user(&silent).storage(storage).login_flow_manager(Arc::clone(&listener));
        let second = second.login_timeout(Duration::from_secs(120)).build().unwrap();
        let error = second.login().await.unwrap_err();
        assert_eq!(error.kind(), AppErrorKind::LoginFailed, "{error}");
        assert_eq!(error.login_flow_error().unwrap().kind(), LoginFlowErrorKind::TimedOut);
        assert!(
            error.to_string().contains("another program") && error.to_string().contains("120 s"),
            "{error}"
        );
        let told = listener.0.lock().unwrap().clone();
        assert!(told.len() == 1 && told[0].contains("Another program"), "{told:?}");
        // Once that is over, it asks itself.
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        let error = second.login().await.unwrap_err();
        assert_eq!(error.login_flow_error().unwrap().kind(), LoginFlowErrorKind::Refused, "{error}");
    }
}
