//! Projects, and the policies, clients, secrets and scopes that belong to them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{TRANSFER, World, answer, text};

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
const NOTHING: Value = Value::Null;

async fn project(world: &World, token: &str) -> String {
    let body = json!({ "project": { "display_name": "p", "contact_email": "p@example.org" } });
    let (status, made) = world.post(token, "v2/api/projects", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    text(&made["project"]["id"])
}

async fn client(world: &World, token: &str, project: &str, kind: &str) -> String {
    let body = json!({ "client": { "name": "c", "project": project, "client_type": kind } });
    let (status, made) = world.post(token, "v2/api/clients", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    text(&made["client"]["id"])
}

fn code(body: &Value) -> &str {
    body["errors"][0]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_project_is_for_its_administrators() {
    let world = World::new().await;
    let mine = world.user(MANAGE).await;
    let theirs = world.user_named("kim@example.org", MANAGE).await;
    let project = project(&world, &mine).await;
    let at = format!("v2/api/projects/{project}");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let (status, body) = world.send(method, &theirs, &at, &json!({ "project": {} })).await;
        assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "FORBIDDEN"));
    }
    let (_, listed) = world.get(&theirs, "v2/api/projects").await;
    assert_eq!(listed["projects"], json!([]));
    // Whoever is an active member of a group that administers it may do all of that.
    let group = world.group("Climate Data Working Group").await;
    let change = json!({ "project": { "admin_group_ids": [group], "admin_ids": [] } });
    let (status, changed) = world.send(Method::PUT, &mine, &at, &change).await;
    assert_eq!((status, &changed["project"]["admin_ids"]), (StatusCode::OK, &NOTHING), "{changed}");
    assert_eq!(changed["project"]["admins"]["groups"][0]["name"], "Climate Data Working Group");
    assert_eq!(world.get(&theirs, &at).await.0, StatusCode::OK);
    let outsider = world.user_named("lee@example.org", MANAGE).await;
    assert_eq!(world.get(&outsider, &at).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn projects_are_managed_with_the_scope_for_it() {
    let world = World::new().await;
    let token = world.user("openid").await;
    let (status, body) = world.get(&token, "v2/api/projects").await;
    assert_eq!((status, code(&body)), (StatusCode::FORBIDDEN, "FORBIDDEN"));
    let (status, body) = world.get("nonsense", "v2/api/projects").await;
    assert_eq!((status, code(&body)), (StatusCode::UNAUTHORIZED, "UNAUTHORIZED"));
    let (id, secret) = world.secret().unwrap();
    let with_secret = world.http.get(world.at("v2/api/projects")).basic_auth(id, Some(secret));
    assert_eq!(answer(with_secret).await.0, StatusCode::FORBIDDEN);
    // A client that has the scope for itself may.
    assert_eq!(world.get(&world.client(MANAGE).await, "v2/api/projects").await.0, StatusCode::OK);
}

#[tokio::test]
async fn documents_that_make_no_project_are_refused() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    for body in [
        json!({}),
        json!({ "project": { "display_name": "p" } }),
        json!({ "project": { "display_name": "p", "contact_email": "nowhere" } }),
        json!({ "project": { "display_name": "", "contact_email": "a@b.c" } }),
        json!({ "project": { "display_name": "p", "contact_email": "a@b.c", "admin_ids": ["nobody"] } }),
        json!({ "project": { "display_name": "p", "contact_email": "a@b.c", "admin_group_ids": 7 } }),
    ] {
        let (status, answer) = world.post(&token, "v2/api/projects", &body).await;
        assert_eq!((status, code(&answer)), (StatusCode::BAD_REQUEST, "INVALID_REQUEST"), "{body}");
    }
    let project = project(&world, &token).await;
    let at = format!("v2/api/projects/{project}");
    let nobody = json!({ "project": { "admin_ids": null } });
    assert_eq!(world.send(Method::PUT, &token, &at, &nobody).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(world.get(&token, "v2/api/projects/nothing").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_project_with_clients_stays() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let project = project(&world, &token).await;
    let client = client(&world, &token, &project, "public_installed_client").await;
    let at = format!("v2/api/projects/{project}");
    let (status, body) = world.send(Method::DELETE, &token, &at, &NOTHING).await;
    assert_eq!((status, code(&body)), (StatusCode::CONFLICT, "RESOURCE_CONFLICT"));
    let client = format!("v2/api/clients/{client}");
    assert_eq!(world.send(Method::DELETE, &token, &client, &NOTHING).await.0, StatusCode::OK);
    assert_eq!(world.send(Method::DELETE, &token, &at, &NOTHING).await.0, StatusCode::OK);
    assert_eq!(world.get(&token, &at).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn policies_are_changed_by_administrators_and_read_by_all() {
    let world = World::new().await;
    let mine = world.user(MANAGE).await;
    let theirs = world.user_named("kim@example.org", MANAGE).await;
    let project = project(&world, &mine).await;
    let body = json!({ "policy": { "project_id": project, "display_name": "P", "description": "d" } });
    assert_eq!(world.post(&theirs, "v2/api/policies", &body).await.0, StatusCode::FORBIDDEN);
    let (_, made) = world.post(&mine, "v2/api/policies", &body).await;
    assert_eq!(made["policy"]["high_assurance"], false);
    let at = format!("v2/api/policies/{}", text(&made["policy"]["id"]));
    assert_eq!(world.get(&theirs, &at).await.0, StatusCode::OK);
    let change = json!({ "policy": { "high_assurance": true, "authentication_assurance_timeout": 60 } });
    assert_eq!(world.send(Method::PUT, &theirs, &at, &change).await.0, StatusCode::FORBIDDEN);
    let (_, changed) = world.send(Method::PUT, &mine, &at, &change).await;
    assert_eq!(changed["policy"]["authentication_assurance_timeout"], 60);
    for wrong in [
        json!({ "authentication_assurance_timeout": -1 }),
        json!({ "required_mfa": "yes" }),
        json!({ "domain_constraints_include": 1 }),
        json!({ "project_id": null }),
    ] {
        let (status, _) = world.send(Method::PUT, &mine, &at, &json!({ "policy": wrong })).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let (_, listed) = world.get(&theirs, "v2/api/policies").await;
    assert_eq!(listed["policies"], json!([]));
    assert_eq!(world.send(Method::DELETE, &mine, &at, &NOTHING).await.0, StatusCode::OK);
    assert_eq!(world.get(&mine, &at).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_client_is_what_it_says_it_is() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let project = project(&world, &token).await;
    let make = async |client: Value| {
        let mut body = json!({ "client": { "name": "c", "project": project } });
        for (name, value) in client.as_object().unwrap() {
            body["client"][name] = value.clone();
        }
        world.post(&token, "v2/api/clients", &body).await
    };
    let (_, made) = make(json!({ "public_client": true })).await;
    assert_eq!(made["client"]["client_type"], "public_installed_client");
    assert_eq!(made["client"]["grant_types"], json!(["authorization_code", "refresh_token"]));
    let (_, made) = make(json!({ "client_type": "client_identity" })).await;
    assert_eq!((&made["client"]["public_client"], made.get("included")), (&json!(false), None));
    for wrong in [
        json!({}),
        json!({ "client_type": "toaster" }),
        json!({ "client_type": "confidential_client", "public_client": true }),
        json!({ "public_client": true, "redirect_uris": ["http://example.org/"] }),
        json!({ "public_client": true, "visibility": "hidden" }),
        json!({ "public_client": true, "required_idp": "nobody" }),
    ] {
        assert_eq!(make(wrong.clone()).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let other = json!({ "project": "nothing", "public_client": true });
    assert_eq!(make(other).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn clients_are_seen_and_changed_by_whom_they_belong_to() {
    let world = World::new().await;
    let mine = world.user(MANAGE).await;
    let theirs = world.user_named("kim@example.org", MANAGE).await;
    let project = project(&world, &mine).await;
    let client = client(&world, &mine, &project, "confidential_client").await;
    let at = format!("v2/api/clients/{client}");
    assert_eq!(world.get(&theirs, &at).await.0, StatusCode::FORBIDDEN);
    let body = json!({ "client": { "name": "c", "project": project, "public_client": true } });
    assert_eq!(world.post(&theirs, "v2/api/clients", &body).await.0, StatusCode::FORBIDDEN);
    let change = json!({ "client": {
        "visibility": "public", "links": { "privacy_policy": "https://p.example.org" }, "name": "new",
    } });
    let (_, changed) = world.send(Method::PUT, &mine, &at, &change).await;
    assert_eq!(changed["client"]["links"]["privacy_policy"], "https://p.example.org");
    assert_eq!(changed["client"]["client_type"], "confidential_client");
    let (_, seen) = world.get(&theirs, &at).await;
    assert_eq!(seen["client"]["name"], "new");
    assert_eq!(world.send(Method::PUT, &theirs, &at, &change).await.0, StatusCode::FORBIDDEN);
    assert_eq!(world.send(Method::DELETE, &theirs, &at, &NOTHING).await.0, StatusCode::FORBIDDEN);
    let (_, null) = world
        .send(Method::PUT, &mine, &at, &json!({ "client": { "links": { "privacy_policy": null } } }))
        .await;
    assert_eq!(null["client"]["links"]["privacy_policy"], NOTHING);
    let (_, listed) = world.get(&theirs, "v2/api/clients").await;
    assert_eq!(listed["clients"], json!([]));
}

#[tokio::test]
async fn a_client_is_found_by_its_name_in_the_network() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let project = project(&world, &token).await;
    let (one, two) = (
        client(&world, &token, &project, "resource_server").await,
        client(&world, &token, &project, "resource_server").await,
    );
    let fqdn = json!({ "fqdn": "service.example.org" });
    let add = async |id: &str| world.post(&token, &format!("v2/api/clients/{id}/fqdns"), &fqdn).await.0;
    assert_eq!(add(&one).await, StatusCode::OK);
    assert_eq!(add(&two).await, StatusCode::CONFLICT);
    let (_, found) = world.get(&token, "v2/api/clients?fqdn=service.example.org").await;
    assert_eq!(found["client"]["id"], one.as_str());
    let (status, _) = world.get(&token, "v2/api/clients?fqdn=other.example.org").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn secrets_are_made_told_once_and_ended() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let project = project(&world, &token).await;
    let client_id = client(&world, &token, &project, "confidential_client").await;
    let at = format!("v2/api/clients/{client_id}/credentials");
    let body = json!({ "credential": { "name": "first" } });
    let (status, made) = world.post(&token, &at, &body).await;
    assert_eq!(status, StatusCode::CREATED);
    let secret = text(&made["credential"]["secret"]);
    assert!(world.emulator.issued_secrets().contains(&secret));
    let (_, listed) = world.get(&token, &at).await;
    assert_eq!(
        (&listed["credentials"][0]["name"], &listed["credentials"][0]["secret"]),
        (&json!("first"), &NOTHING)
    );
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER)];
    assert_eq!(world.token(&form, Some((&client_id, &secret))).await.0, StatusCode::OK);
    // The client may look after its secrets itself, others may not.
    let itself = world.http.get(world.at(&at)).basic_auth(&client_id, Some(&secret));
    assert_eq!(answer(itself).await.0, StatusCode::OK);
    let (id, other) = world.secret().unwrap();
    assert_eq!(
        answer(world.http.get(world.at(&at)).basic_auth(id, Some(other))).await.0,
        StatusCode::FORBIDDEN
    );
    let one = format!("{at}/{}", text(&made["credential"]["id"]));
    assert_eq!(world.send(Method::DELETE, &token, &one, &NOTHING).await.0, StatusCode::OK);
    assert_eq!(world.send(Method::DELETE, &token, &one, &NOTHING).await.0, StatusCode::NOT_FOUND);
    let (status, refused) = world.token(&form, Some((&client_id, &secret))).await;
    assert_eq!((status, &refused["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_client")));
    let public = client(&world, &token, &project, "public_installed_client").await;
    let at = format!("v2/api/clients/{public}/credentials");
    assert_eq!(world.post(&token, &at, &body).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_grant_type_is_for_the_clients_that_have_it() {
    let world = World::new().await;
    let token = world.user(MANAGE).await;
    let project = project(&world, &token).await;
    let client_id = client(&world, &token, &project, "confidential_client").await;
    let body = json!({ "credential": { "name": "s" } });
    let (_, made) = world.post(&token, &format!("v2/api/clients/{client_id}/credentials"), &body).await;
    let secret = text(&made["credential"]["secret"]);
    let form = [("grant_type", "urn:globus:auth:grant_type:dependent_token"), ("token", "t")];
    let (_, refused) = world.token(&form, Some((&client_id, &secret))).await;
    assert_eq!(refused["error"], "unauthorized_client");
    let native = world.emulator.native_client_id();
    let form = [("grant_type", "client_credentials"), ("scope", TRANSFER), ("client_id", native)];
    assert_eq!(world.token(&form, None).await.1["error"], "unauthorized_client");
    let service = client(&world, &token, &project, "resource_server").await;
    let url = world.authorize_url(&[("client_id", &service)]);
    let answer = world.http.get(url).send().await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("error=unauthorized_client"));
}
