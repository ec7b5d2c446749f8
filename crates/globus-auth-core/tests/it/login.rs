use globus_auth_core::login::{LoginError, LoginErrorKind, LoginFlow, LoginFlowBuilder, PendingLogin};
use globus_auth_core::{ExchangeErrorKind, Scope, Secret};

use crate::support::{AUTH, CLIENT_ID, FakeExchange, now, param};

fn native(exchange: &std::sync::Arc<FakeExchange>) -> LoginFlowBuilder {
    LoginFlowBuilder::native(exchange.clone(), AUTH, "openid")
}

fn flow() -> (std::sync::Arc<FakeExchange>, LoginFlow) {
    let exchange = FakeExchange::new();
    let flow = native(&exchange).state("the-state").start().unwrap();
    (exchange, flow)
}

fn start_error(builder: LoginFlowBuilder) -> LoginError {
    builder.start().unwrap_err()
}

fn callback_error(callback: &str) -> LoginError {
    let (exchange, flow) = flow();
    let err = now(flow.exchange_callback(callback)).unwrap_err();
    assert!(exchange.forms().is_empty(), "a refused callback must not reach the exchange: {callback}");
    err
}

#[test]
fn each_flow_has_a_state_and_a_challenge_of_its_own() {
    let exchange = FakeExchange::new();
    let (one, two) = (native(&exchange).start().unwrap(), native(&exchange).start().unwrap());
    for name in ["state", "code_challenge"] {
        let (one, two) =
            (param(one.authorize_url(), name).unwrap(), param(two.authorize_url(), name).unwrap());
        assert_eq!((one.len(), two.len()), (43, 43));
        assert_ne!(one, two);
    }
    assert_eq!(param(one.authorize_url(), "state").unwrap(), one.state());
}

#[test]
fn a_pasted_code_is_traded_with_the_verifier_and_without_its_whitespace() {
    let (exchange, flow) = flow();
    let tokens = now(flow.exchange_code_for_tokens("  the-code\r\n")).unwrap();
    assert!(tokens.by_resource_server().contains_key("auth.globus.org"));
    let form = exchange.forms().remove(0);
    let field = |name: &str| form.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str());
    assert_eq!(field("grant_type"), Some("authorization_code"));
    assert_eq!(field("code"), Some("the-code"));
    assert_eq!(field("redirect_uri"), Some("https://auth.globus.org/v2/web/auth-code"));
    assert_eq!(field("code_verifier").map(str::len), Some(43));
}

#[test]
fn an_empty_code_is_a_clear_error_and_sends_nothing() {
    let (exchange, flow) = flow();
    let err = now(flow.exchange_code_for_tokens(" \n")).unwrap_err();
    assert_eq!(err.kind(), LoginErrorKind::MissingCode);
    assert_eq!(err.to_string(), "the login code is empty; paste the whole code that the page shows");
    assert!(exchange.forms().is_empty());
}

#[test]
fn a_confidential_flow_has_no_pkce_unless_it_is_asked_for() {
    let exchange = FakeExchange::new();
    let make = || LoginFlowBuilder::confidential(exchange.clone(), AUTH, "https://example.org/cb", "openid");
    let plain = make().start().unwrap();
    assert_eq!(param(plain.authorize_url(), "code_challenge"), None);
    now(plain.exchange_code_for_tokens("c")).unwrap();
    assert!(exchange.forms()[0].iter().all(|(name, _)| name != "code_verifier"));
    let pkce = make().pkce().start().unwrap();
    assert_eq!(param(pkce.authorize_url(), "code_challenge_method").as_deref(), Some("S256"));
}

#[test]
fn a_login_can_be_finished_by_another_process() {
    let flow = native(&FakeExchange::new()).nonce("the-nonce").redirect_uri("https://example.org/cb").start();
    let kept = flow.unwrap().pending().clone();
    assert_eq!(kept.nonce, Some(Secret::from("the-nonce")));
    // All that crosses over is text.
    let (state, verifier) = (kept.state.expose(), kept.code_verifier.as_ref().unwrap().expose());
    let there = PendingLogin::new(&*kept.redirect_uri, state).with_code_verifier(Some(verifier.into()));

    let exchange = FakeExchange::new();
    let err = now(there.exchange_callback(&*exchange, "code=c&state=other")).unwrap_err();
    assert_eq!(err.kind(), LoginErrorKind::StateMismatch);
    now(there.exchange_callback(&exchange, &format!("code=c&state={state}"))).unwrap();
    let form = exchange.forms().remove(0);
    assert!(form.contains(&("redirect_uri".into(), "https://example.org/cb".into())));
    assert!(form.contains(&("code_verifier".into(), verifier.into())));
}

#[test]
fn a_pending_login_hides_its_secrets_and_needs_a_state() {
    let pending = PendingLogin::new("https://example.org/cb", "")
        .with_nonce(Some("hidden-nonce".into()))
        .with_code_verifier(Some("hidden-verifier".into()));
    assert!(!format!("{pending:?}").contains("hidden"));
    let err = now(pending.exchange_callback(&*FakeExchange::new(), "code=c&state=")).unwrap_err();
    assert_eq!(err.kind(), LoginErrorKind::InvalidFlow);
}

#[test]
fn a_callback_is_read_as_url_as_path_and_as_query() {
    for callback in [
        "http://localhost:9000/cb?code=the%2Fcode&state=the-state",
        "http://localhost:9000/cb?state=the-state&code=the%2Fcode#fragment",
        "myapp:/cb?code=the%2Fcode&state=the-state",
        "/cb?code=the%2Fcode&state=the-state",
        "?code=the%2Fcode&state=the-state",
        "  code=the%2Fcode&state=the-state&session_state=x\n",
        "code=the/code&state=the-state&next=a?b",
    ] {
        let (exchange, flow) = flow();
        now(flow.exchange_callback(callback)).unwrap();
        assert!(exchange.forms()[0].contains(&("code".into(), "the/code".into())), "{callback}");
    }
}

#[test]
fn a_callback_of_another_login_is_refused_whatever_it_says() {
    for callback in [
        "code=the-code",
        "code=the-code&state=",
        "code=the-code&state=the-stat",
        "code=the-code&state=the-state2",
        "error=access_denied",
        "error=access_denied&state=other",
        "",
        "https://example.org/cb",
    ] {
        let err = callback_error(callback);
        assert_eq!(err.kind(), LoginErrorKind::StateMismatch, "{callback}");
        assert!(!format!("{err} {err:?}").contains("the-"), "{err:?}");
    }
}

#[test]
fn a_callback_needs_exactly_one_code_and_one_state() {
    for (callback, kind) in [
        ("state=the-state", LoginErrorKind::MissingCode),
        ("state=the-state&code=", LoginErrorKind::MissingCode),
        ("state=the-state&code=a&code=b", LoginErrorKind::InvalidCallback),
        ("state=the-state&code=a&code=a", LoginErrorKind::InvalidCallback),
        ("state=the-state&state=other&code=a", LoginErrorKind::InvalidCallback),
        (&format!("state=the-state&code=a&x={}", "y".repeat(70_000)), LoginErrorKind::InvalidCallback),
    ] {
        assert_eq!(callback_error(callback).kind(), kind, "{callback}");
    }
}

#[test]
fn a_refusal_is_reported_without_control_characters_and_cut_off() {
    let err = callback_error(
        "state=the-state&error=access_denied&error_description=no%1B%5B31m%0Aentry%E2%80%AE+here&code=x",
    );
    assert_eq!(err.kind(), LoginErrorKind::Denied);
    assert_eq!(err.denied_because(), Some("access_denied"));
    assert_eq!(err.to_string(), "the login was refused (access_denied): no [31m entry  here");
    let long = format!("state=the-state&error={0}&error_description={0}", "ä".repeat(5_000));
    assert!(callback_error(&long).to_string().chars().count() < 700);
}

#[test]
fn what_the_exchange_says_is_the_source_of_the_error() {
    for (kind, transient) in [(ExchangeErrorKind::InvalidGrant, false), (ExchangeErrorKind::Transient, true)]
    {
        let flow = native(&FakeExchange::refusing(kind)).start().unwrap();
        let err = now(flow.exchange_code_for_tokens("the-code")).unwrap_err();
        assert_eq!(err.kind(), LoginErrorKind::Exchange(kind));
        assert_eq!(err.is_transient(), transient);
        assert_eq!(std::error::Error::source(&err).unwrap().to_string(), "Auth said no");
    }
}

#[test]
fn a_parameter_given_by_hand_is_what_the_whole_flow_goes_by() {
    let exchange = FakeExchange::new();
    let flow = native(&exchange)
        .state("mine")
        .nonce("old")
        .query_param("state", "theirs")
        .query_param("nonce", "new")
        .query_param("redirect_uri", "http://localhost:1/cb")
        .start()
        .unwrap();
    assert_eq!(
        (flow.state(), flow.nonce(), flow.redirect_uri()),
        ("theirs", Some("new"), "http://localhost:1/cb")
    );
    now(flow.exchange_callback("code=c&state=theirs")).unwrap();
    assert!(exchange.forms()[0].contains(&("redirect_uri".into(), "http://localhost:1/cb".into())));
}

#[test]
fn a_flow_that_cannot_work_does_not_start() {
    let exchange = FakeExchange::new();
    let with_scopes = |scopes: Vec<&str>| LoginFlowBuilder::native(exchange.clone(), AUTH, scopes);
    for (builder, says) in [
        (with_scopes(vec![]), "no scope"),
        (with_scopes(vec!["", " "]), "no scope"),
        (native(&exchange).state(""), "state is empty"),
        (native(&exchange).query_param("state", ""), "state is empty"),
        (native(&exchange).code_verifier("short"), "code verifier"),
        (native(&exchange).redirect_uri(""), "redirect URI"),
        (native(&exchange).redirect_uri("localhost/cb"), "redirect URI"),
        (native(&exchange).redirect_uri("http://localhost/cb#x"), "redirect URI"),
        (native(&exchange).redirect_uri("http://local host/cb"), "redirect URI"),
        (native(&exchange).query_param("redirect_uri", "nowhere"), "redirect URI"),
        (LoginFlowBuilder::native(exchange.clone(), "auth.globus.org", "openid"), "URL of Auth"),
        (LoginFlowBuilder::native(exchange.clone(), "https://", "openid"), "URL of Auth"),
        (LoginFlowBuilder::native(exchange.clone(), "https://x/?a=b", "openid"), "URL of Auth"),
    ] {
        let err = start_error(builder);
        assert_eq!(err.kind(), LoginErrorKind::InvalidFlow);
        assert!(err.to_string().contains(says), "{err}");
    }
}

#[test]
fn a_wrong_verifier_is_not_quoted() {
    let err = start_error(native(&FakeExchange::new()).code_verifier("hunter2"));
    assert!(!format!("{err} {err:?}").contains("hunter2"));
}

#[test]
fn debug_shows_neither_state_nor_verifier_nor_nonce() {
    let builder = native(&FakeExchange::new())
        .state("hidden-state")
        .nonce("hidden-nonce")
        .query_param("x", "hidden-param")
        .code_verifier("hidden-verifier-hidden-verifier-hidden-verifier");
    let shown = format!("{builder:?} {:?}", builder.clone().start().unwrap());
    assert!(shown.contains(CLIENT_ID));
    assert!(!shown.contains("hidden"), "{shown}");
}

#[test]
fn the_last_of_two_settings_counts_and_an_empty_one_takes_it_back() {
    let flow = native(&FakeExchange::new())
        .session_required_policies(["a"])
        .session_required_policies(["b", "c"])
        .prompt("login")
        .prompt("")
        .start()
        .unwrap();
    assert_eq!(param(flow.authorize_url(), "session_required_policies").as_deref(), Some("b,c"));
    assert_eq!(param(flow.authorize_url(), "prompt"), None);
}

#[test]
fn scopes_are_sent_as_they_are_given() {
    let scope = Scope::parse("all[*data]").unwrap();
    let flow = LoginFlowBuilder::native(FakeExchange::new(), AUTH, [&scope, &scope]).start().unwrap();
    assert_eq!(param(flow.authorize_url(), "scope").as_deref(), Some("all[*data] all[*data]"));
}
