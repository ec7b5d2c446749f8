use std::error::Error as _;

use super::*;

#[test]
fn an_error_is_one_pointer_wide_and_goes_anywhere() {
    fn anywhere<T: error::Error + Send + Sync + 'static>() {}
    anywhere::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Option<Error>>(), size_of::<usize>());
}

#[test]
fn what_is_shown_of_an_address_holds_neither_query_nor_credentials() {
    for (url, plain) in [
        ("https://h.org/p?a=b#c", "https://h.org/p"),
        ("https://H.org:443/p%40q", "https://h.org/p%40q"),
        ("http://[::1]:8080#c?d", "http://[::1]:8080/"),
        ("https://me:hunter2@h.org/p", "https://h.org/p"),
        ("https://me:hun@ter2@h.org", "https://h.org/"),
        ("https:\\\\me:hunter2@h.org\\p", "https://h.org/p"),
        ("https:me:hunter2@h.org/p", "https://h.org/p"),
        ("https://me/hunter2@h.org/p", "https://me/…"),
    ] {
        assert_eq!(PlainUrl::new(url).as_str(), Some(plain));
    }
    for url in ["not an address", "me:hunter2@h.org", "https://me:hunter2/x@h.org/", "data:hunter2", ""] {
        assert_eq!(PlainUrl::new(url).as_str(), None, "{url}");
    }
}

#[test]
fn a_clone_tells_the_same() {
    let error = Error::with_source(ErrorKind::Timeout, "it took too long", std::io::Error::other("why"));
    let clone = error.clone();
    assert_eq!(format!("{clone:?}"), format!("{error:?}"));
    assert!(clone.kind() == error.kind() && clone.is_transient() == error.is_transient());
}

#[test]
fn the_source_is_not_repeated_by_the_line_above_it() {
    let io = std::io::Error::other("disk on fire");
    let error = Error::with_source(ErrorKind::Configuration, "the CA file cannot be read", io);
    assert_eq!(error.to_string(), "the CA file cannot be read");
    assert_eq!(error.source().unwrap().to_string(), "disk on fire");
    assert_eq!(
        error.context("GLOBUS_SDK_VERIFY_SSL").to_string(),
        "GLOBUS_SDK_VERIFY_SSL: the CA file cannot be read"
    );
}

#[test]
fn the_trouble_of_an_authorizer_keeps_its_words_and_its_nature() {
    let error = Error::from(AuthorizerError::new(AuthorizerErrorKind::LoginRequired, "log in first"));
    assert!(error.kind() == ErrorKind::LoginRequired && error.needs_login() && !error.is_transient());
    assert_eq!(error.to_string(), "log in first");
    let error = Error::from(AuthorizerError::new(AuthorizerErrorKind::Interrupted, "broken off"));
    assert!(error.kind() == ErrorKind::Authorization && error.is_transient());
}

#[test]
fn what_was_being_done_is_said_once_by_the_innermost() {
    let facts = |operation| {
        move || CallFacts {
            service: Service::Auth,
            operation,
            method: Method::Post,
            url: PlainUrl::new("https://auth.globus.org/v2/oauth2/token?x=y"),
            attempts: 1,
            elapsed: Duration::ZERO,
        }
    };
    let error = Error::new(ErrorKind::Usage, "no scopes").during(facts("inner")).during(facts("outer"));
    assert_eq!(error.to_string(), "auth inner (POST https://auth.globus.org/v2/oauth2/token): no scopes");
    assert_eq!((error.operation(), error.attempts()), (Some("inner"), 1));
    assert_eq!(error.url(), Some("https://auth.globus.org/v2/oauth2/token"));
}

#[test]
fn a_refused_token_asks_for_a_login_and_a_refused_client_does_not() {
    let refused = |scheme, body: &'static str| {
        let api = ApiError::from_response(Service::Auth, 401, Some("application/json"), body);
        Error::from_api(Box::new(api.sent_with(scheme)))
    };
    let client = "; the id or secret of the client is wrong [401]";
    for (scheme, body, asks, end) in [
        (
            Some("Bearer"),
            "{}",
            true,
            "; the token was not accepted: it has expired or is for another service; log in again [401]",
        ),
        (None, "{}", true, "; log in first [401]"),
        (Some("Basic"), "{}", false, client),
        (None, r#"{"error": "invalid_client"}"#, false, client),
        (
            Some("Basic"),
            r#"{"error": "dependent_consent_required", "errors": [{"unapproved_scopes": ["s"]}]}"#,
            true,
            "; log in again with consent to s [401]",
        ),
    ] {
        let error = refused(scheme, body);
        assert_eq!(error.needs_login(), asks, "{error}");
        assert!(error.to_string().ends_with(end), "{error}");
    }
}

#[test]
fn text_from_outside_stays_on_one_line_and_steers_no_terminal() {
    let api = ApiError::from_response(
        Service::Groups,
        400,
        Some("application/json"),
        r#"{"code": "A\u001b[31m", "message": "one\r\ntwo\u202e", "request_id": "Q7"}"#,
    );
    let error = Error::from_api(Box::new(api));
    assert_eq!(error.to_string(), "A [31m: one  two  [400, request id Q7]");
    assert_eq!((error.code(), error.request_id()), (Some("A\u{1b}[31m"), Some("Q7")));
    assert_eq!(error.message().as_deref(), Some("one\r\ntwo\u{202e}"));
    let other = Error::new(ErrorKind::Usage, "no scopes");
    assert_eq!((other.code(), other.message(), other.request_id()), (None, None, None));
    let plain = ApiError::from_response(Service::Groups, 502, Some("text/plain"), "down\u{1b}[2J");
    assert_eq!(Error::from_api(Box::new(plain)).to_string(), "Bad Gateway: down [2J; try again later [502]");
    let long = format!(r#"{{"message": "{}"}}"#, "x".repeat(100_000));
    let long = ApiError::from_response(Service::Groups, 400, Some("application/json"), long);
    assert!(Error::from_api(Box::new(long)).to_string().len() < 1100);
}
