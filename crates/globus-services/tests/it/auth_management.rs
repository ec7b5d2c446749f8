use globus_auth_core::id_token::OpenIdConfiguration;
use globus_auth_core::login::PendingLogin;
use globus_services::ErrorKind;
use globus_services::auth::{
    AuthClient, ClientCredentialDocument, ClientKind, ClientType, ConsentList, NativeAppInstance,
};
use globus_transport::{Body, HttpRequest, Idempotency, Transport};
use serde_json::{Value, json};

const URL: &str = "https://auth.example.org/";
const ID: &str = "11111111-2222-4333-8444-555555555555";
const SECRET: &str = "c2VjcmV0IG9mIGEgdGVzdA==";

fn auth() -> AuthClient {
    AuthClient::builder().base_url(URL).build().unwrap()
}

fn body(request: &HttpRequest) -> Value {
    match request.body() {
        Body::Json(body) => serde_json::from_slice(body).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn identity_providers_and_scopes_are_asked_for_in_one_way_at_a_time() {
    let url = |request: Result<HttpRequest, _>| -> String {
        let request: HttpRequest = request.unwrap_or_else(|err: globus_services::Error| panic!("{err}"));
        request.url().strip_prefix(URL).unwrap().to_owned()
    };
    let auth = auth();
    assert_eq!(
        url(auth.get_identity_providers().with_query_param("x", "y").domains(["a.org", "b.org"]).wire()),
        "v2/api/identity_providers?domains=a.org%2Cb.org&x=y"
    );
    assert_eq!(url(auth.get_identity_providers().ids("i").wire()), "v2/api/identity_providers?ids=i");
    assert_eq!(url(auth.get_scopes().scope_strings("openid").wire()), "v2/api/scopes?scope_strings=openid");
    assert_eq!(url(auth.get_scopes().wire()), "v2/api/scopes");
    assert_eq!(url(auth.get_client_by_fqdn("a.org").wire()), "v2/api/clients?fqdn=a.org");
    assert_eq!(url(auth.get_client("a/../b").wire()), "v2/api/clients/a%2F..%2Fb");
}

#[test]
fn ids_are_never_provisioned_in_whatever_order_it_is_said() {
    let auth = auth();
    for request in
        [auth.get_identities().provision(true).ids(["a"]), auth.get_identities().ids(["a"]).provision(true)]
    {
        assert_eq!(request.wire().unwrap().url(), format!("{URL}v2/api/identities?ids=a"));
    }
}

#[test]
fn a_client_is_of_one_kind_and_links_to_both_addresses() {
    let auth = auth();
    let created = auth.create_client("n", "p", ClientType::ClientIdentity).links("https://t", "https://p");
    let sent = json!({"name": "n", "project": "p", "client_type": "client_identity",
        "links": {"terms_and_conditions": "https://t", "privacy_policy": "https://p"}});
    assert_eq!(body(&created.wire().unwrap()), json!({"client": sent}));
    let older = auth.create_client("n", "p", ClientKind::Public(false)).wire().unwrap();
    assert_eq!(body(&older), json!({"client": {"name": "n", "project": "p", "public_client": false}}));
    let updated = auth.update_client(ID).required_idp(None).preselect_idp("idp").without_links();
    let none = json!({"terms_and_conditions": null, "privacy_policy": null});
    let sent = json!({"required_idp": null, "preselect_idp": "idp", "links": none});
    assert_eq!(body(&updated.wire().unwrap()), json!({"client": sent}));
}

#[test]
fn what_makes_something_is_not_sent_twice_and_what_sets_it_may_be() {
    let auth = auth();
    for made in [
        auth.create_project("p", "mail").wire(),
        auth.create_policy("p", "n", "d").wire(),
        auth.create_client("n", "p", ClientType::ResourceServer).wire(),
        auth.create_client_credential(ID, "n").wire(),
        auth.create_scope(ID, "n", "d", "s").wire(),
    ] {
        assert_eq!(made.unwrap().idempotency(), Idempotency::Unsafe);
    }
    for set in [
        auth.update_project("p").wire(),
        auth.update_client(ID).wire(),
        auth.update_policy("p").wire(),
        auth.update_scope("s").wire(),
        auth.delete_project("p").wire(),
    ] {
        assert_eq!(set.unwrap().idempotency(), Idempotency::Safe);
    }
}

#[test]
fn a_policy_may_be_for_some_domains_or_for_any() {
    let auth = auth();
    let some = auth
        .update_policy("p")
        .domain_constraints_include(["a.org"])
        .domain_constraints_exclude(vec!["b.a.org"]);
    let sent = json!({"domain_constraints_include": ["a.org"], "domain_constraints_exclude": ["b.a.org"]});
    assert_eq!(body(&some.wire().unwrap()), json!({"policy": sent}));
    let any = auth.update_policy("p").domain_constraints_include(None);
    assert_eq!(body(&any.wire().unwrap()), json!({"policy": {"domain_constraints_include": null}}));
}

#[test]
fn a_client_secret_in_an_answer_is_written_on_purpose_only() {
    let credential = json!({"id": "1", "name": "n", "client": ID, "created": "2026-01-02", "secret": SECRET});
    let document = json!({"credential": credential});
    let read: ClientCredentialDocument = serde_json::from_value(document.clone()).unwrap();
    assert_eq!(read.credential.secret.as_ref().unwrap().expose(), SECRET);
    assert!(!format!("{read:?} {read:#?}").contains(SECRET));
    assert_eq!(serde_json::to_value(&read).unwrap(), document);
}

#[test]
fn a_new_instance_is_read_with_and_without_its_wrapper() {
    let flat = json!({"client": {"id": ID}, "included": {"client_credential": {"id": "1", "secret": SECRET}}, "x": null});
    for document in [flat.clone(), json!({"client": flat, "more": [1]})] {
        let read: NativeAppInstance = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(read.client().id.as_ref().unwrap(), &ID);
        assert_eq!(read.client_credential().unwrap().secret.as_ref().unwrap().expose(), SECRET);
        assert!(!format!("{read:?}").contains(SECRET), "{read:?}");
        assert_eq!(serde_json::to_value(&read).unwrap(), document);
    }
    let broken =
        json!({"client": {"id": ID}, "included": {"client_credential": {"id": SECRET, "secret": [SECRET]}}});
    let error = serde_json::from_value::<NativeAppInstance>(broken).unwrap_err();
    assert!(!error.to_string().contains(SECRET), "{error}");
    let without = json!({"client": {"id": ID}});
    assert!(serde_json::from_value::<NativeAppInstance>(without).unwrap().client_credential().is_none());
}

#[test]
fn consents_are_trees_that_cover_scopes_or_do_not() {
    let consent =
        |id: i64, path: &[i64], name: &str| json!({"id": id, "dependency_path": path, "scope_name": name});
    let given: ConsentList = serde_json::from_value(json!({"consents": [
        consent(1, &[1], "a"), consent(2, &[1, 2], "b"), consent(3, &[1, 2, 3], "c"), consent(4, &[4], "b"),
        {"id": 5, "dependency_path": [5], "scope_name": null},
    ]}))
    .unwrap();
    let forest = given.to_forest();
    assert_eq!(forest.roots().map(|root| root.id).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(forest.edges().collect::<Vec<_>>(), [(1, 2), (2, 3)]);
    for (scopes, met) in [("a[b[*c]]", true), ("a b", true), ("a[c]", false), ("c", false), ("", true)] {
        assert_eq!(given.meets_scope_requirements(scopes).unwrap(), met, "{scopes}");
    }
    given.meets_scope_requirements("a[").unwrap_err();
    assert_eq!(given.get(3).unwrap().scope_name.as_deref(), Some("c"));
}

#[tokio::test]
async fn a_code_is_trimmed_and_an_empty_one_is_not_sent() {
    let client = globus_services::auth::NativeAppAuthClient::builder(ID).base_url(URL).build().unwrap();
    let login = PendingLogin::new("https://e.org/cb", "state").with_code_verifier(Some("v".into()));
    let request = client.oauth2_exchange_code_for_tokens(&login, " AgCode\n").wire().unwrap();
    let Body::Form(form) = request.body() else { panic!("{request:?}") };
    assert_eq!(form.get("code").unwrap().expose(), "AgCode");
    assert_eq!(request.idempotency(), Idempotency::Unsafe);
    let error = client.oauth2_exchange_code_for_tokens(&login, " \n").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
}

#[tokio::test]
async fn keys_are_fetched_from_a_given_configuration_when_it_is_auths_own() {
    let mut server = mockito::Server::new_async().await;
    let at = |uri: String| -> OpenIdConfiguration {
        serde_json::from_value(json!({"issuer": "https://auth.globus.org", "jwks_uri": uri})).unwrap()
    };
    let own = at(format!("{}/keys.json", server.url()));
    let keys = json!({"keys": [{"kty": "RSA", "n": "sXch", "e": "AQAB"}]}).to_string();
    let asked =
        server.mock("GET", "/keys.json").match_header("x-test", "1").with_body(keys).create_async().await;
    let auth =
        AuthClient::builder().base_url(server.url()).transport(Transport::shared().unwrap()).build().unwrap();
    let request = auth.get_jwk().with_header("x-test", "1").openid_configuration(&own);
    assert!(request.wire().unwrap().url().ends_with("/keys.json"));
    assert!(request.await.unwrap().keys[0].to_pem().unwrap().starts_with("-----BEGIN PUBLIC KEY-----\n"));
    asked.assert_async().await;
    let elsewhere = at("https://evil.example.org/keys.json".to_owned());
    let error = auth.get_jwk().openid_configuration(&elsewhere).await.unwrap_err();
    assert!(error.to_string().contains("evil.example.org"), "{error}");
}
