//! Calls every method of Auth.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Answers;
use crate::support::{TRANSFER, World, answer, text};

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
const LINKED: &str = "urn:globus:auth:scope:auth.globus.org:view_identity_set";

/// The provider of `globusid.org`.
const GLOBUS_ID: &str = "41143743-f3c8-4d60-bbdb-eeecaba85bd9";

/// Recorded answers that say nothing about the service.
pub(super) const EXCUSED: &[(&str, &str)] =
    &[("create_native_app_instance", "recorded one level deeper than clients read it")];

pub(super) async fn answers(world: &World) -> Answers {
    let mut answers = Answers::default();
    tokens(world, &mut answers).await;
    people(world, &mut answers).await;
    let token = world.user(&format!("openid {MANAGE}")).await;
    let project = projects(world, &token, &mut answers).await;
    policies(world, &token, &project, &mut answers).await;
    clients(world, &token, &project, &mut answers).await;
    let at = format!("v2/api/projects/{project}");
    let body = json!({ "project": { "display_name": "again" } });
    answers.done("update_project", world.send(Method::PUT, &token, &at, &body).await);
    let other = world.user_named("lee@example.org", MANAGE).await;
    answers.refused("get_project", StatusCode::FORBIDDEN, world.get(&other, &at).await);
    answers.done("delete_project", world.send(Method::DELETE, &token, &at, &Value::Null).await);
    answers
}

async fn tokens(world: &World, answers: &mut Answers) {
    let get = async |path: &str| answer(world.http.get(world.at(path))).await;
    answers.done("get_openid_configuration", get(".well-known/openid-configuration").await);
    answers.done("get_jwk", get("jwk.json").await);
    let code = world.code(&format!("openid {TRANSFER}")).await;
    let login = answers.done("oauth2_exchange_code_for_tokens", world.exchange(&code, &[]).await);
    let again = world.exchange(&code, &[]).await;
    answers.refused("oauth2_exchange_code_for_tokens", StatusCode::BAD_REQUEST, again);
    let login_again = world.login(TRANSFER).await;
    answers.done("oauth2_exchange_code_for_tokens", (StatusCode::OK, login_again.clone()));
    let refresh = text(&login_again["refresh_token"]);
    let id = world.emulator.native_client_id();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &refresh), ("client_id", id)];
    answers.done("oauth2_refresh_token", world.token(&form, None).await);
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    answers.done("oauth2_client_credentials_tokens", world.token(&form, world.secret()).await);
    let service = format!("https://auth.globus.org/scopes/{}/all", world.emulator.client_id());
    let theirs = world.user(&service).await;
    let form = [("grant_type", "urn:globus:auth:grant_type:dependent_token"), ("token", &theirs)];
    answers.done("oauth2_get_dependent_tokens", world.token(&form, world.secret()).await);
    introspect(world, &theirs, answers).await;
    let access = text(&login["access_token"]);
    let form = [("token", access.as_str()), ("client_id", id)];
    answers.done("oauth2_revoke_token", world.form("v2/oauth2/token/revoke", &form, None).await);
}

async fn introspect(world: &World, token: &str, answers: &mut Answers) {
    let manager = world.user(MANAGE).await;
    let (_, made) = world
        .post(
            &manager,
            "v2/api/projects",
            &json!({ "project": {
        "display_name": "p", "contact_email": "p@example.org",
    } }),
        )
        .await;
    let body = json!({ "policy": {
        "project_id": made["project"]["id"], "display_name": "p", "description": "d",
    } });
    let (_, policy) = world.post(&manager, "v2/api/policies", &body).await;
    let policy = text(&policy["policy"]["id"]);
    let form = [
        ("token", token),
        ("include", "session_info,identity_set,identity_set_detail"),
        ("authentication_policies", &policy),
    ];
    let about = world.form("v2/oauth2/token/introspect", &form, world.secret()).await;
    answers.done("oauth2_token_introspect", about);
}

async fn people(world: &World, answers: &mut Answers) {
    let token = world.user(&format!("openid profile email {LINKED}")).await;
    answers.done("userinfo", world.get(&token, "v2/oauth2/userinfo").await);
    answers.refused("userinfo", StatusCode::UNAUTHORIZED, world.get("nonsense", "v2/oauth2/userinfo").await);
    let at = "v2/api/identities?usernames=globus@globusid.org";
    answers.done("get_identities", world.get(&token, at).await);
    answers.refused("get_identities", StatusCode::UNAUTHORIZED, world.get("nonsense", at).await);
    let at = "v2/api/identity_providers?domains=globusid.org,example.org";
    answers.done("get_identity_providers", world.get(&token, at).await);
    let at = format!("v2/api/identities/{}/consents?all=True", world.emulator.user_id());
    let guarded = world.emulator.collection_data_access();
    world.login(&format!("{TRANSFER}[*https://auth.globus.org/scopes/{guarded}/data_access]")).await;
    answers.done("get_consents", world.get(&token, &at).await);
}

/// The id of a project with two kinds of administrators.
async fn projects(world: &World, token: &str, answers: &mut Answers) -> String {
    let group = world.group("Climate Data Working Group").await;
    let body = json!({ "project": {
        "display_name": "Guardians", "contact_email": "support@example.org",
        "admin_ids": [world.emulator.user_id()], "admin_group_ids": [group],
    } });
    let made = answers.done("create_project", world.post(token, "v2/api/projects", &body).await);
    let project = text(&made["project"]["id"]);
    answers.done("get_project", world.get(token, &format!("v2/api/projects/{project}")).await);
    answers.done("get_projects", world.get(token, "v2/api/projects").await);
    project
}

async fn policies(world: &World, token: &str, project: &str, answers: &mut Answers) {
    let body = json!({ "policy": {
        "project_id": project, "display_name": "Policy", "description": "d", "high_assurance": true,
        "authentication_assurance_timeout": 35, "required_mfa": false, "domain_constraints_include": ["example.org"],
        "domain_constraints_exclude": ["example.com"],
    } });
    let made = answers.done("create_policy", world.post(token, "v2/api/policies", &body).await);
    let at = format!("v2/api/policies/{}", text(&made["policy"]["id"]));
    answers.done("get_policy", world.get(token, &at).await);
    answers.done("get_policies", world.get(token, "v2/api/policies").await);
    let change = json!({ "policy": { "required_mfa": true } });
    answers.done("update_policy", world.send(Method::PUT, token, &at, &change).await);
    answers.done("delete_policy", world.send(Method::DELETE, token, &at, &Value::Null).await);
}

async fn clients(world: &World, token: &str, project: &str, answers: &mut Answers) {
    let template = "95fdeba8-fac2-42bd-a357-e068d82ff78e";
    let body = json!({ "client": { "template_id": template, "name": "instance" } });
    let instance = answer(world.http.post(world.at("v2/api/clients")).json(&body)).await;
    answers.done("create_native_app_instance", instance);
    let body = json!({ "client": {
        "name": "child", "visibility": "public", "public_client": true, "redirect_uris": ["https://foo.example.org"],
        "preselect_idp": GLOBUS_ID,
    } });
    let (id, secret) = world.secret().unwrap();
    let child = world.http.post(world.at("v2/api/clients")).basic_auth(id, Some(secret)).json(&body);
    answers.done("create_child_client", answer(child).await);
    let body = json!({ "client": {
        "name": "FOO", "project": project, "client_type": "hybrid_confidential_client_resource_server",
        "visibility": "private", "redirect_uris": ["https://foo.example.org"], "required_idp": GLOBUS_ID, "preselect_idp": GLOBUS_ID,
        "links": { "terms_and_conditions": "https://foo.example.org", "privacy_policy": "https://boo.example.org" },
    } });
    let made = answers.done("create_client", world.post(token, "v2/api/clients", &body).await);
    let client = text(&made["client"]["id"]);
    let at = format!("v2/api/clients/{client}");
    world.post(token, &format!("{at}/fqdns"), &json!({ "fqdn": "foo.example.org" })).await;
    answers.done("get_client", world.get(token, &at).await);
    answers.done("get_client", world.get(token, "v2/api/clients?fqdn=foo.example.org").await);
    answers.done("get_clients", world.get(token, "v2/api/clients").await);
    let change = json!({ "client": { "name": "BAR" } });
    answers.done("update_client", world.send(Method::PUT, token, &at, &change).await);
    credentials(world, token, &at, answers).await;
    scopes(world, token, &at, answers).await;
    answers.done("delete_client", world.send(Method::DELETE, token, &at, &Value::Null).await);
}

async fn credentials(world: &World, token: &str, client: &str, answers: &mut Answers) {
    let at = format!("{client}/credentials");
    let body = json!({ "credential": { "name": "foo" } });
    let made = answers.done("create_client_credential", world.post(token, &at, &body).await);
    answers.done("get_client_credentials", world.get(token, &at).await);
    let one = format!("{at}/{}", text(&made["credential"]["id"]));
    answers.done("delete_client_credential", world.send(Method::DELETE, token, &one, &Value::Null).await);
}

async fn scopes(world: &World, token: &str, client: &str, answers: &mut Answers) {
    let (_, transfer) = world.get(token, &format!("v2/api/scopes?scope_strings={TRANSFER}")).await;
    let (_, openid) = world.get(token, "v2/api/scopes?scope_strings=openid").await;
    let body = json!({ "scope": {
        "name": "manage", "description": "Manage it", "scope_suffix": "manage", "dependent_scopes": [
            { "scope": transfer["scopes"][0]["id"], "optional": true, "requires_refresh_token": true },
            { "scope": openid["scopes"][0]["id"], "optional": false, "requires_refresh_token": false },
        ],
    } });
    let made = answers.done("create_scope", world.post(token, &format!("{client}/scopes"), &body).await);
    let at = format!("v2/api/scopes/{}", text(&made["scope"]["id"]));
    answers.done("get_scope", world.get(token, &at).await);
    answers.done("get_scopes", world.get(token, "v2/api/scopes").await);
    let change = json!({ "scope": { "scope_suffix": "manager" } });
    answers.done("update_scope", world.send(Method::PUT, token, &at, &change).await);
    answers.done("delete_scope", world.send(Method::DELETE, token, &at, &Value::Null).await);
}
