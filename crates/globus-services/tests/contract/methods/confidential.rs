//! `ConfidentialAppAuthClient`.

use globus_auth_core::login::LoginFlowBuilder;
use globus_services::auth::requests::CreateChildClient;

use super::login::{self, confidential as client};
use super::{Adapter, Clients, Outcome, answer, call};
use crate::args::Args;

fn flow(clients: &Clients, args: &Args) -> LoginFlowBuilder {
    let scopes = args.texts("requested_scopes").unwrap_or_default();
    login::flow(client(clients).oauth2_start_flow(args.id("redirect_uri"), scopes), args)
}

/// The login that the case has started before.
fn begun(clients: &Clients) -> Option<LoginFlowBuilder> {
    clients.setup.first().map(|(_, args)| flow(clients, args))
}

fn child(clients: &Clients, args: &Args) -> Result<CreateChildClient, Outcome> {
    let (kind, links) = (login::client_kind(args), login::client_links(args));
    let (name, fields) = (args.id("name"), args.members("additional_fields"));
    let mut request = call!(@request args, client(clients).create_child_client(name, kind?);
        visibility: text, redirect_uris: texts, required_idp: text, preselect_idp: text);
    if let Some((terms, policy)) = links? {
        request = request.links(terms, policy);
    }
    for (name, value) in fields {
        request = request.additional_field(name, value);
    }
    Ok(request)
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("create_child_client", |c, a| {
        let request = child(c, a);
        Box::pin(async move {
            match request {
                Ok(request) => answer(request.await),
                Err(unsayable) => unsayable,
            }
        })
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
    ("oauth2_client_credentials_tokens", |c, a| {
        let scopes = a.texts("requested_scopes").unwrap_or_default();
        let request = client(c).oauth2_client_credentials_tokens(scopes);
        Box::pin(async move { login::tokens(request.await) })
    }),
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
    ("oauth2_get_dependent_tokens", |c, a| {
        let mut request = call!(@request a, client(c).oauth2_get_dependent_tokens(a.id("token"));
            refresh_tokens: flag, scope: texts);
        for (name, value) in a.pairs("additional_params") {
            request = request.body_param(name, value);
        }
        Box::pin(async move { login::tokens(request.await) })
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
        Box::pin(async move { login::started(builder, false) })
    }),
    ("oauth2_token", |c, a| {
        let mut request = client(c).oauth2_token(a.pairs("form_data"));
        for (name, value) in a.pairs("body_params") {
            request = request.body_param(name, value);
        }
        Box::pin(async move { login::tokens(request.await) })
    }),
    (
        "oauth2_token_introspect",
        |c, a| call!(a, client(c).oauth2_token_introspect(a.id("token")); include: texts),
    ),
];
