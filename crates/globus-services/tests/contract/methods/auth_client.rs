//! `AuthClient`.

use globus_services::IdentityProviderId;
use globus_services::auth::requests::{CreateClient, UpdateClient};
use globus_services::auth::{AuthClient, DependentScopeSpec};
use serde_json::Value;

use super::login;
use super::{Adapter, Clients, Making, Outcome, answer, call};
use crate::args::{self, Args};

fn client(clients: &Clients) -> AuthClient {
    clients.service()
}

fn unsayable<'a>(why: &str) -> Making<'a> {
    let why = why.to_owned();
    Box::pin(async move { Outcome::Unsayable(why) })
}

fn create_client(clients: &Clients, args: &Args) -> Result<CreateClient, Outcome> {
    let (kind, links) = (login::client_kind(args), login::client_links(args));
    let (name, project) = (args.id("name"), args.id("project"));
    let fields = args.members("additional_fields");
    let mut request = call!(@request args, client(clients).create_client(name, project, kind?);
        visibility: text, redirect_uris: texts, required_idp: text, preselect_idp: text);
    if let Some((terms, policy)) = links? {
        request = request.links(terms, policy);
    }
    for (name, value) in fields {
        request = request.additional_field(name, value);
    }
    Ok(request)
}

fn update_client(clients: &Clients, args: &Args) -> Result<UpdateClient, Outcome> {
    let mut request = call!(@request args, client(clients).update_client(args.id("client_id"));
        name: text, visibility: text, redirect_uris: texts);
    if let Some(provider) = args.nullable_text("required_idp") {
        request = request.required_idp(provider.map(IdentityProviderId::from));
    }
    if let Some(provider) = args.nullable_text("preselect_idp") {
        request = request.preselect_idp(provider.map(IdentityProviderId::from));
    }
    for (name, value) in args.members("additional_fields") {
        request = request.additional_field(name, value);
    }
    match (args.nullable_text("terms_and_conditions"), args.nullable_text("privacy_policy")) {
        (None, None) => Ok(request),
        (Some(Some(terms)), Some(Some(policy))) => Ok(request.links(terms, policy)),
        (Some(None), Some(None)) => Ok(request.without_links()),
        _ => Err(Outcome::Unsayable("links are given or taken away together".to_owned())),
    }
}

fn dependent_scopes(args: &Args) -> Option<Vec<DependentScopeSpec>> {
    let spec = |spec: &Value| {
        let args = &spec["args"];
        let flag = |name: &str| args[name].as_bool().unwrap_or_default();
        DependentScopeSpec::new(args::text(&args["scope"]))
            .optional(flag("optional"))
            .requires_refresh_token(flag("requires_refresh_token"))
    };
    let given = args.value("dependent_scopes")?;
    Some(given.as_array()?.iter().map(spec).collect())
}

pub(super) const METHODS: &[(&str, Adapter)] = &[
    ("create_client", |c, a| {
        let request = create_client(c, a);
        Box::pin(async move {
            match request {
                Ok(request) => answer(request.await),
                Err(unsayable) => unsayable,
            }
        })
    }),
    ("create_client_credential", |c, a| {
        call!(a, client(c).create_client_credential(a.id("client_id"), a.id("name")))
    }),
    ("create_policy", |c, a| {
        call!(a, client(c).create_policy(a.id("project_id"), a.id("display_name"), a.id("description"));
            high_assurance: flag, authentication_assurance_timeout: number, required_mfa: flag,
            domain_constraints_include: nullable_texts, domain_constraints_exclude: nullable_texts)
    }),
    ("create_project", |c, a| {
        call!(a, client(c).create_project(a.id("display_name"), a.id("contact_email"));
            admin_ids: texts, admin_group_ids: texts)
    }),
    ("create_scope", |c, a| {
        let mut request = client(c).create_scope(
            a.id("client_id"),
            a.id("name"),
            a.id("description"),
            a.id("scope_suffix"),
        );
        if let Some(scopes) = dependent_scopes(a) {
            request = request.dependent_scopes(scopes);
        }
        call!(a, request; required_domains: texts, advertised: flag, allows_refresh_token: flag)
    }),
    ("delete_client", |c, a| call!(a, client(c).delete_client(a.id("client_id")))),
    ("delete_client_credential", |c, a| {
        call!(a, client(c).delete_client_credential(a.id("client_id"), a.id("credential_id")))
    }),
    ("delete_policy", |c, a| call!(a, client(c).delete_policy(a.id("policy_id")))),
    ("delete_project", |c, a| call!(a, client(c).delete_project(a.id("project_id")))),
    ("delete_scope", |c, a| call!(a, client(c).delete_scope(a.id("scope_id")))),
    ("get_client", |c, a| match (a.text("client_id"), a.text("fqdn")) {
        (Some(id), None) => call!(a, client(c).get_client(id)),
        (None, Some(fqdn)) => call!(a, client(c).get_client_by_fqdn(fqdn)),
        _ => unsayable("a client is looked up by id or by domain name, each with a method of its own"),
    }),
    ("get_client_credentials", |c, a| call!(a, client(c).get_client_credentials(a.id("client_id")))),
    ("get_clients", |c, a| call!(a, client(c).get_clients())),
    ("get_consents", |c, a| call!(a, client(c).get_consents(a.id("identity_id")); all: flag)),
    (
        "get_identities",
        |c, a| call!(a, client(c).get_identities(); usernames: texts, ids: texts, provision: flag),
    ),
    ("get_identity_providers", |c, a| {
        let (domains, ids) = (a.texts("domains"), a.texts("ids"));
        let request = client(c).get_identity_providers();
        match (domains, ids) {
            (None, None) => call!(a, request),
            (Some(domains), None) => call!(a, request.domains(domains)),
            (None, Some(ids)) => call!(a, request.ids(ids)),
            _ => unsayable("once domains are given, there is no way to give ids"),
        }
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
    ("get_policies", |c, a| call!(a, client(c).get_policies())),
    ("get_policy", |c, a| call!(a, client(c).get_policy(a.id("policy_id")))),
    ("get_project", |c, a| call!(a, client(c).get_project(a.id("project_id")))),
    ("get_projects", |c, a| call!(a, client(c).get_projects())),
    ("get_scope", |c, a| call!(a, client(c).get_scope(a.id("scope_id")))),
    ("get_scopes", |c, a| {
        let (texts, ids) = (a.texts("scope_strings"), a.texts("ids"));
        let request = client(c).get_scopes();
        match (texts, ids) {
            (None, None) => call!(a, request),
            (Some(texts), None) => call!(a, request.scope_strings(texts)),
            (None, Some(ids)) => call!(a, request.ids(ids)),
            _ => unsayable("once texts are given, there is no way to give ids"),
        }
    }),
    ("update_client", |c, a| {
        let request = update_client(c, a);
        Box::pin(async move {
            match request {
                Ok(request) => answer(request.await),
                Err(unsayable) => unsayable,
            }
        })
    }),
    ("update_policy", |c, a| {
        call!(a, client(c).update_policy(a.id("policy_id"));
            project_id: text, display_name: text, description: text, authentication_assurance_timeout: number,
            required_mfa: flag, domain_constraints_include: nullable_texts,
            domain_constraints_exclude: nullable_texts)
    }),
    ("update_project", |c, a| {
        call!(a, client(c).update_project(a.id("project_id"));
            display_name: text, contact_email: text, admin_ids: texts, admin_group_ids: texts)
    }),
    ("update_scope", |c, a| {
        let mut request = client(c).update_scope(a.id("scope_id"));
        if let Some(scopes) = dependent_scopes(a) {
            request = request.dependent_scopes(scopes);
        }
        call!(a, request; name: text, description: text, scope_suffix: text, required_domains: texts,
            advertised: flag, allows_refresh_token: flag)
    }),
    ("userinfo", |c, a| call!(a, client(c).userinfo())),
];
