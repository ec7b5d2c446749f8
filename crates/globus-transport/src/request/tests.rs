use bytes::Bytes;
use globus_auth_core::FormFields;

use super::*;

#[test]
fn debug_shows_neither_query_nor_header_values_nor_body() {
    let mut form = FormFields::default();
    form.push("refresh_token", "AgHidden1");
    let url = "https://me:AgHidden2@auth.globus.org/p?state=AgHidden3#AgHidden4";
    let request = HttpRequest::new(Service::Auth, "refresh", Method::Post, url)
        .with_header("X-Key", "AgHidden5")
        .with_header("Accept", "text/plain")
        .with_body(Body::Form(form));
    let shown = format!("{request:?}");
    assert!(!shown.contains("AgHidden"), "{shown}");
    assert!(shown.contains("https://auth.globus.org/p\"") && shown.contains("text/plain"), "{shown}");
}

#[test]
fn the_method_says_whether_a_request_may_be_repeated() {
    let declared = |method| HttpRequest::new(Service::Other, "x", method, "https://a/").idempotency();
    for method in [Method::Get, Method::Put, Method::Delete] {
        assert!(declared(method).may_repeat(), "{method}");
    }
    for method in [Method::Post, Method::Patch] {
        assert!(!declared(method).may_repeat(), "{method}");
    }
}

#[test]
fn a_form_is_encoded_as_html_forms_are() {
    let mut form = FormFields::default();
    form.push("scope", "a b+c&d=é").push("grant_type", "x");
    let body = Body::Form(form).to_reqwest().unwrap();
    assert_eq!(body.as_bytes().unwrap(), b"scope=a+b%2Bc%26d%3D%C3%A9&grant_type=x");
}

#[test]
fn bodies_know_their_type_and_length() {
    let json = Body::Json(Bytes::from_static(b"{}"));
    assert_eq!((json.length(), json.content_type().unwrap().to_str().unwrap()), (2, "application/json"));
    let text = Body::Text("é".to_owned());
    assert_eq!((text.length(), text.content_type()), (2, None));
    assert!(Body::None.to_reqwest().is_none());
}
