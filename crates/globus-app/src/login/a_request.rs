//! A login for the tests of those who bring it about.

use globus_auth_core::{LoginDemand, Scopes};
use globus_services::auth::NativeAppAuthClient;

use super::request::Wanted;
use super::{LoginReason, LoginReasonKind, LoginRequest};

pub(super) fn request() -> LoginRequest {
    with_redirect_uri(None)
}

pub(super) fn with_redirect_uri(redirect_uri: Option<&str>) -> LoginRequest {
    let client = NativeAppAuthClient::builder("client").base_url("http://127.0.0.1:9/").build().unwrap();
    LoginRequest::new(Wanted {
        app_name: "<b>Copier</b>".to_owned(),
        client: client.into(),
        redirect_uri: redirect_uri.map(str::to_owned),
        refresh_tokens: false,
        named_grant: None,
        scopes: "openid".parse::<Scopes>().unwrap(),
        demand: LoginDemand::default(),
        reason: LoginReason::new(LoginReasonKind::Asked, "it was asked for"),
    })
}
