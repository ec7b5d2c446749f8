//! A secret that is no longer used is no longer in memory.

use globus_auth_core::{FormFields, Grant, OAuthTokenResponse, Secret, UnixTime};
use globus_test_support::Masked;

#[test]
fn a_secret_is_wiped_with_its_last_clone() {
    let masked = Masked::new();
    let secret = Secret::from(masked.reveal());
    let clone = secret.clone();
    assert_eq!(masked.copies_in_memory(), 1);
    drop(secret);
    assert_eq!(masked.copies_in_memory(), 1);
    assert_eq!(clone.expose().len(), 48);
    drop(clone);
    assert_eq!(masked.copies_in_memory(), 0);
}

#[test]
fn a_form_is_wiped_as_it_was_sent_too() {
    let masked = Masked::new();
    let grant = Grant::refresh_token(masked.reveal());
    let mut form: FormFields = grant.form();
    form.push("client_secret", masked.reveal());
    let sent = form.encode();
    assert_eq!(masked.copies_in_memory(), 4);
    drop((grant, form, sent));
    assert_eq!(masked.copies_in_memory(), 0);
}

#[test]
fn reading_tokens_leaves_none_behind() {
    let masked = Masked::new();
    let mut body = String::with_capacity(400);
    body.push_str(r#"{"access_token": ""#);
    masked.reveal_in(&mut body);
    body.push_str(
        r#"", "resource_server": "a", "other_tokens": [{"resource_server": "b", "access_token": ""#,
    );
    masked.reveal_in(&mut body);
    body.push_str(r#""}]}"#);
    let body = Secret::from(body);
    let tokens = OAuthTokenResponse::from_json(body.expose().as_bytes(), UnixTime::from_seconds(7)).unwrap();
    assert_eq!((tokens.tokens().len(), masked.copies_in_memory()), (2, 4));
    drop((body, tokens));
    assert_eq!(masked.copies_in_memory(), 0);
}
