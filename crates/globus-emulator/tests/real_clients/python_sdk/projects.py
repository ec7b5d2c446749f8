"""What developers register: projects, policies, clients, credentials, scopes."""

import globus_sdk
from globus_sdk.scopes import TransferScopes
from harness import *


class State:
    project = policy = client = secret = scope = None


@check
def a_project_is_made_and_read():
    made = auth().create_project(fresh("project"), "robin@example.org", admin_ids=[identity(USER)])
    State.project = made["project"]["id"]
    assert auth().get_project(State.project)["project"]["contact_email"] == "robin@example.org"
    assert State.project in [item["id"] for item in auth().get_projects()["projects"]]
    assert State.project not in [item["id"] for item in auth("ada@example.org").get_projects()["projects"]]


@check
def a_project_is_changed():
    auth().update_project(State.project, display_name="renamed")
    assert auth().get_project(State.project)["project"]["display_name"] == "renamed"


@check
def a_policy_is_made_changed_and_read():
    made = auth().create_policy(
        project_id=State.project, display_name="ours only", description="x", high_assurance=True,
        authentication_assurance_timeout=25, domain_constraints_include=["example.org"])
    State.policy = made["policy"]["id"]
    auth().update_policy(State.policy, display_name="ours", project_id=State.project)
    policy = auth().get_policy(State.policy)["policy"]
    assert policy["display_name"] == "ours" and policy["domain_constraints_include"] == ["example.org"], policy
    assert State.policy in [item["id"] for item in auth().get_policies()["policies"]]


@check
def a_client_is_made_with_a_secret_that_works():
    made = auth().create_client(fresh("client"), State.project, client_type="confidential_client",
                                redirect_uris=[AUTH + "v2/web/auth-code"])
    State.client = made["client"]["id"]
    credential = auth().create_client_credential(State.client, "first")["credential"]
    State.secret = credential["secret"]
    client = globus_sdk.ConfidentialAppAuthClient(State.client, State.secret)
    assert client.oauth2_client_credentials_tokens([TransferScopes.all]).by_resource_server[TRANSFER]
    kept = auth().get_client_credentials(State.client)["credentials"]
    assert [item["id"] for item in kept] == [credential["id"]] and kept[0]["secret"] is None, kept
    assert State.client in [item["id"] for item in auth().get_clients()["clients"]]


interlude()


@check
def a_client_logs_people_in():
    client = globus_sdk.ConfidentialAppAuthClient(State.client, State.secret)
    client.oauth2_start_flow(AUTH + "v2/web/auth-code", ["openid", TransferScopes.all], refresh_tokens=True)
    tokens = client.oauth2_exchange_code_for_tokens(code_for(client.oauth2_get_authorize_url()))
    renewed = client.oauth2_refresh_token(tokens.by_resource_server[TRANSFER]["refresh_token"])
    assert renewed.by_resource_server[TRANSFER]["access_token"]
    assert tokens.decode_id_token()["aud"] == State.client


@check
def a_client_is_changed():
    auth().update_client(State.client, name="renamed", visibility="private")
    assert auth().get_client(client_id=State.client)["client"]["name"] == "renamed"
    with refused(403):
        auth("ada@example.org").update_client(State.client, name="mine")


@check
def a_scope_is_made_and_consented_to():
    made = auth().create_scope(State.client, "All of it", "Everything", "all", allows_refresh_token=True)["scope"]
    State.scope = made["id"]
    assert made["scope_string"] == f"https://auth.globus.org/scopes/{State.client}/all", made
    _, tokens = log_in([made["scope_string"]])
    token = tokens.by_resource_server[State.client]["access_token"]
    about = globus_sdk.ConfidentialAppAuthClient(State.client, State.secret).oauth2_token_introspect(token)
    assert about["active"] and about["username"] == USER, about.text


@check
def a_scope_is_found_and_changed():
    auth().update_scope(State.scope, description="Nearly everything")
    assert auth().get_scope(State.scope)["scope"]["description"] == "Nearly everything"
    found = auth().get_scopes(scope_strings=[f"https://auth.globus.org/scopes/{State.client}/all"])["scopes"]
    assert [item["id"] for item in found] == [State.scope]
    assert auth().get_scopes(ids=[State.scope])["scopes"][0]["id"] == State.scope


@check
def a_client_makes_a_child():
    made = confidential().create_child_client(fresh("child"), client_type="public_installed_client")
    assert made["client"]["parent_client"] == CLIENT, made.text


@check
def all_of_it_is_deleted():
    credential = auth().get_client_credentials(State.client)["credentials"][0]["id"]
    auth().delete_client_credential(State.client, credential)
    with refused(401):
        globus_sdk.ConfidentialAppAuthClient(State.client, State.secret).oauth2_client_credentials_tokens(
            [TransferScopes.all])
    auth().delete_scope(State.scope)
    auth().delete_client(State.client)
    auth().delete_policy(State.policy)
    auth().delete_project(State.project)
    with refused(404):
        auth().get_client(client_id=State.client)


run()
