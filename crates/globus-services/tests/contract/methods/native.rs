//! `NativeAppAuthClient`.

use globus_auth_core::login::LoginFlowBuilder;

use super::login::{self, native as client};
use super::{Adapter, Clients, answer, call};
use crate::args::Args;

fn flow(clients: &Clients, args: &Args) -> LoginFlowBuilder {
    let mut builder = client(clients).oauth2_start_flow(args.texts("requested_scopes").unwrap_or_default());
    if let Some(redirect_uri) = args.text("redirect_uri") {
        builder = builder.redirect_uri(redirect_uri);
    }
    login::flow(builder, args)
}

/// The login that the case has started before.
fn begun(clients: &Clients) -> Option<LoginFlowBuilder> {
    clients.setup.first().map(|(_, args)| flow(clients, args))
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("create_native_app_instance", |c, a| {
        call!(a, client(c).create_native_app_instance(a.id("template_id"), a.id("name")))
    }),
    ("get_jwk", |c, a| {
        let (configuration, as_pem) = (login::configuration(c, a), a.flag("as_pem"));
        let mut request = client(c).get_jwk();
        if let Some(configuration) = configuration {
            request = request.openid_configuration(&configuration);
        }
        Box::pin(async move { login::keys(request.await, as_pem == Some(true)) })
    }),
    ("get_openid_configuration", |c, a| call!(a, client(c).get_openid_configuration())),
    ("oauth2_exchange_code_for_tokens", |c, a| {
        let code = a.id("auth_code");
        Box::pin(async move {
            match begun(c).map(login::start) {
                None => login::no_login(),
                Some(Err(failed)) => failed,
                Some(Ok(flow)) => {
                    login::tokens(client(c).oauth2_exchange_code_for_tokens(flow.pending(), code).await)
                }
            }
        })
    }),
    ("oauth2_get_authorize_url", |c, a| {
        let builder = begun(c).map(|builder| login::session(builder, a));
        Box::pin(async move { builder.map_or_else(login::no_login, login::authorize_url) })
    }),
    ("oauth2_refresh_token", |c, a| {
        let mut request = client(c).oauth2_refresh_token(a.id("refresh_token"));
        for (name, value) in a.pairs("body_params") {
            request = request.body_param(name, value);
        }
        Box::pin(async move { login::tokens(request.await) })
    }),
    ("oauth2_revoke_token", |c, a| {
        let mut request = client(c).oauth2_revoke_token(a.id("token"));
        for (name, value) in a.pairs("body_params") {
            request = request.body_param(name, value);
        }
        Box::pin(async move { answer(request.await) })
    }),
    ("oauth2_start_flow", |c, a| {
        let builder = flow(c, a);
        Box::pin(async move { login::started(builder, true) })
    }),
    ("oauth2_token", |c, a| {
        let mut request = client(c).oauth2_token(a.pairs("form_data"));
        for (name, value) in a.pairs("body_params") {
            request = request.body_param(name, value);
        }
        Box::pin(async move { login::tokens(request.await) })
    }),
];
