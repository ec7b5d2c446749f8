"""Runs the Python SDK, as it comes, against a running emulator.

    globus-emulator exec -- python tests/real_clients/python_sdk.py

needs `globus-sdk`; prints `N passed, M failed`.
"""

import datetime
import hashlib
import os
import re
import sys
import time
import traceback
import urllib.request
import uuid

import globus_sdk
from globus_sdk.login_flows import LoginFlowManager
from globus_sdk.authorizers import RefreshTokenAuthorizer
from globus_sdk.scopes import GCSCollectionScopes, GroupsScopes, Scope, TransferScopes

E = os.environ
AUTH = E["GLOBUS_SDK_SERVICE_URL_AUTH"]
NATIVE = E["GLOBUS_EMULATOR_NATIVE_CLIENT_ID"]
CLIENT, SECRET = E["GLOBUS_EMULATOR_CLIENT_ID"], E["GLOBUS_EMULATOR_CLIENT_SECRET"]
A, B = E["GLOBUS_EMULATOR_COLLECTION_A"], E["GLOBUS_EMULATOR_COLLECTION_B"]
A_DIR, B_DIR = E["GLOBUS_EMULATOR_COLLECTION_A_DIR"], E["GLOBUS_EMULATOR_COLLECTION_B_DIR"]
GUARDED = E["GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS"]

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def code_for(url):
    with urllib.request.urlopen(url + "&emulator_approve=1") as page:
        return re.search(r'id="auth-code"[^>]*>([^<]+)<', page.read().decode()).group(1)


def native_login(scopes, refresh=True):
    client = globus_sdk.NativeAppAuthClient(NATIVE)
    client.oauth2_start_flow(requested_scopes=scopes, refresh_tokens=refresh)
    return client, client.oauth2_exchange_code_for_tokens(code_for(client.oauth2_get_authorize_url()))


SCOPES = [
    "openid", "profile", "email",
    "urn:globus:auth:scope:auth.globus.org:view_identity_set",
    TransferScopes.all, GroupsScopes.all,
]


class State:
    client = tokens = None


@check
def native_login_gives_one_token_for_each_resource_server():
    State.client, State.tokens = native_login(SCOPES)
    servers = set(State.tokens.by_resource_server)
    assert servers == {"auth.globus.org", "transfer.api.globus.org", "groups.api.globus.org"}, servers
    assert State.tokens.by_resource_server["transfer.api.globus.org"]["refresh_token"]


@check
def the_id_token_decodes():
    claims = State.tokens.decode_id_token()
    assert claims["aud"] == NATIVE and claims["preferred_username"] == E["GLOBUS_EMULATOR_USERNAME"], claims


def token(server):
    return State.tokens.by_resource_server[server]["access_token"]


def auth():
    return globus_sdk.AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer(token("auth.globus.org")))


def transfer():
    authorizer = globus_sdk.AccessTokenAuthorizer(token("transfer.api.globus.org"))
    return globus_sdk.TransferClient(authorizer=authorizer)


def groups():
    authorizer = globus_sdk.AccessTokenAuthorizer(token("groups.api.globus.org"))
    return globus_sdk.GroupsClient(authorizer=authorizer)


@check
def userinfo_and_identities_agree():
    info = auth().userinfo()
    found = auth().get_identities(usernames=info["preferred_username"])["identities"]
    assert found[0]["id"] == info["sub"] and info["identity_set"][0]["sub"] == info["sub"]
    assert auth().get_identities(ids=[info["sub"], str(uuid.uuid4())])["identities"][0]["id"] == info["sub"]


@check
def consents_are_listed():
    forest = auth().get_consents(auth().userinfo()["sub"]).to_forest()
    assert forest.meets_scope_requirements(TransferScopes.all)


@check
def a_refresh_token_authorizer_renews():
    entry = State.tokens.by_resource_server["transfer.api.globus.org"]
    authorizer = RefreshTokenAuthorizer(entry["refresh_token"], State.client)
    client = globus_sdk.TransferClient(authorizer=authorizer)
    assert client.get_endpoint(A)["id"] == A
    assert authorizer.access_token != entry["access_token"]


@check
def a_revoked_token_is_refused():
    client, tokens = native_login([TransferScopes.all])
    entry = tokens.by_resource_server["transfer.api.globus.org"]
    client.oauth2_revoke_token(entry["access_token"])
    refused = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(entry["access_token"]))
    try:
        refused.get_endpoint(A)
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 401 and error.code.endswith("AuthenticationFailed"), error
    else:
        raise AssertionError("the revoked token was accepted")


@check
def a_code_works_once():
    client = globus_sdk.NativeAppAuthClient(NATIVE)
    client.oauth2_start_flow(requested_scopes=["openid"])
    code = code_for(client.oauth2_get_authorize_url())
    client.oauth2_exchange_code_for_tokens(code)
    try:
        client.oauth2_exchange_code_for_tokens(code)
    except globus_sdk.AuthAPIError as error:
        assert error.http_status in (400, 401) and "invalid_grant" in error.text
    else:
        raise AssertionError("the code worked twice")


def confidential():
    return globus_sdk.ConfidentialAppAuthClient(CLIENT, SECRET)


def client_transfer():
    authorizer = globus_sdk.ClientCredentialsAuthorizer(confidential(), TransferScopes.all)
    return globus_sdk.TransferClient(authorizer=authorizer)


@check
def client_credentials_search_endpoints_over_pages():
    found = list(client_transfer().paginated.endpoint_search("demo").items())
    assert len(found) == 250, len(found)
    names = [item["display_name"] for item in client_transfer().endpoint_search("Tutorial Collection")]
    assert names == ["Globus Tutorial Collection 1", "Globus Tutorial Collection 2"], names


@check
def my_endpoints_are_mine():
    mine = list(transfer().endpoint_search(filter_scope="my-endpoints"))
    assert {A, B, GUARDED} <= {item["id"] for item in mine}


@check
def directories_are_made_listed_renamed():
    tc = transfer()
    name = f"d-{uuid.uuid4().hex[:6]}"
    assert tc.operation_mkdir(A, f"/~/{name}")["code"] == "DirectoryCreated"
    assert tc.operation_rename(A, f"/~/{name}", f"/~/{name}-2")["code"] == "FileRenamed"
    assert f"{name}-2" in [item["name"] for item in tc.operation_ls(A, "/~/")]
    listing = tc.operation_ls(A, "/share/godata/", filter={"name": "~*.txt"}, orderby=["name DESC"])
    assert [item["name"] for item in listing] == ["file3.txt", "file2.txt", "file1.txt"]
    assert tc.operation_stat(A, "/share/godata/file1.txt")["size"] == 4
    try:
        tc.operation_ls(A, "/nowhere/")
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 404 and error.code == "ClientError.NotFound", error
    else:
        raise AssertionError("a missing directory was listed")


@check
def a_transfer_moves_the_bytes():
    tc = transfer()
    data = globus_sdk.TransferData(A, B, label="python sdk", sync_level="checksum", verify_checksum=True)
    data.add_item("/share/climate-run/", "/~/climate-run/", recursive=True)
    data.add_item("/share/godata/file1.txt", "/~/one.txt")
    task = tc.submit_transfer(data)
    assert task["code"] == "Accepted"
    assert tc.submit_transfer(data)["code"] == "Duplicate"
    assert tc.task_wait(task["task_id"], timeout=30, polling_interval=1)
    document = tc.get_task(task["task_id"])
    assert document["status"] == "SUCCEEDED" and document["files_transferred"] == 41, document
    home = os.path.join(B_DIR, "home", E["GLOBUS_EMULATOR_USERNAME"].split("@")[0])
    for root, _, files in os.walk(os.path.join(A_DIR, "share/climate-run")):
        for file in files:
            source = os.path.join(root, file)
            target = os.path.join(home, "climate-run", os.path.relpath(source, os.path.join(A_DIR, "share/climate-run")))
            digest = lambda path: hashlib.sha256(open(path, "rb").read()).digest()
            assert digest(source) == digest(target), target
    assert len(list(tc.paginated.task_successful_transfers(task["task_id"]).items())) == 41
    codes = [event["code"] for event in tc.task_event_list(task["task_id"])]
    assert codes[0] == "SUCCEEDED" and codes[-1] == "STARTED", codes
    assert task["task_id"] in [item["task_id"] for item in tc.paginated.task_list(filter="type:TRANSFER").items()]


@check
def a_deletion_deletes():
    tc = transfer()
    tc.operation_mkdir(B, "/~/doomed")
    data = globus_sdk.DeleteData(B, recursive=True)
    data.add_item("/~/doomed")
    task = tc.submit_delete(data)
    assert tc.task_wait(task["task_id"], timeout=30, polling_interval=1)
    assert "doomed" not in [item["name"] for item in tc.operation_ls(B, "/~/")]


@check
def a_missing_source_keeps_the_task_active_until_cancelled():
    tc = transfer()
    data = globus_sdk.TransferData(A, B, deadline=datetime.datetime.now() + datetime.timedelta(days=2))
    data.add_item("/share/missing.txt", "/~/missing.txt")
    task = tc.submit_transfer(data)["task_id"]
    time.sleep(0.5)
    document = tc.get_task(task)
    assert document["status"] == "ACTIVE" and document["nice_status"] == "FILE_NOT_FOUND", document
    assert document["faults"] >= 1 and document["is_ok"] is False
    assert tc.cancel_task(task)["code"] == "Canceled"
    assert tc.get_task(task)["status"] == "FAILED"


@check
def data_access_needs_consent():
    try:
        transfer().operation_ls(GUARDED, "/share/")
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 403 and error.info.consent_required, error
        required = error.info.consent_required.required_scopes
    else:
        raise AssertionError("no consent was needed")
    _, tokens = native_login(required)
    entry = tokens.by_resource_server["transfer.api.globus.org"]
    tc = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(entry["access_token"]))
    assert [item["name"] for item in tc.operation_ls(GUARDED, "/share/")] == ["godata"]
    asked = TransferScopes.all.with_dependency(
        GCSCollectionScopes(GUARDED).data_access.with_optional(True))
    assert str(asked) == required[0], (str(asked), required)


@check
def groups_live_and_die():
    gc = groups()
    names = {group["name"] for group in gc.get_my_groups()}
    assert "Climate Data Working Group" in names, names
    made = gc.create_group({"name": "made by python", "description": "d"})
    ada = auth().get_identities(usernames="ada@example.org")["identities"][0]["id"]
    batch = globus_sdk.BatchMembershipActions()
    batch.add_members([ada], role="manager")
    answer = gc.batch_membership_action(made["id"], batch)
    assert answer["add"][0]["role"] == "manager" and answer["add"][0]["status"] == "active", answer
    members = gc.get_group(made["id"], include="memberships")["memberships"]
    assert {member["identity_id"] for member in members} >= {ada}
    assert gc.get_group_policies(made["id"])["group_visibility"] == "private"
    assert gc.update_group(made["id"], {"name": "renamed"})["name"] == "renamed"
    gc.delete_group(made["id"])
    try:
        gc.get_group(made["id"])
    except globus_sdk.GroupsAPIError as error:
        assert error.http_status == 404
    else:
        raise AssertionError("the group is still there")


@check
def dependent_tokens_act_for_the_caller():
    scope = f"https://auth.globus.org/scopes/{CLIENT}/all"
    _, tokens = native_login([scope])
    mine = tokens.by_resource_server[CLIENT]["access_token"]
    assert confidential().oauth2_token_introspect(mine)["active"]
    dependent = confidential().oauth2_get_dependent_tokens(mine).by_resource_server
    entry = dependent["transfer.api.globus.org"]
    tc = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(entry["access_token"]))
    assert tc.operation_ls(A, "/share/godata/")["length"] == 3
    assert "groups.api.globus.org" in dependent


@check
def a_user_app_logs_in_and_a_client_app_does_not_need_to():
    class Flow(LoginFlowManager):
        def run_login_flow(self, auth_parameters):
            url = self._get_authorize_url(auth_parameters, AUTH + "v2/web/auth-code")
            return self.login_client.oauth2_exchange_code_for_tokens(code_for(url))

        @classmethod
        def for_globus_app(cls, app_name, login_client, config):
            return cls(login_client, request_refresh_tokens=config.request_refresh_tokens)

    config = globus_sdk.GlobusAppConfig(
        token_storage="memory", login_flow_manager=Flow, request_refresh_tokens=True)
    with globus_sdk.UserApp("emulated", client_id=NATIVE, config=config) as app:
        tc = globus_sdk.TransferClient(app=app)
        tc.add_app_data_access_scope(GUARDED)
        assert tc.operation_ls(GUARDED, "/share/")["length"] == 1
        app.logout()
    config = globus_sdk.GlobusAppConfig(token_storage="memory")
    with globus_sdk.ClientApp("emulated", client_id=CLIENT, client_secret=SECRET, config=config) as app:
        assert globus_sdk.GroupsClient(app=app).get_my_groups()
        tc = globus_sdk.TransferClient(app=app)
        tc.add_app_data_access_scope(GUARDED)
        assert tc.operation_ls(GUARDED, "/share/")["length"] == 1


@check
def bookmarks_rules_and_roles_are_kept():
    tc = transfer()
    name = f"b-{uuid.uuid4().hex[:6]}"
    made = tc.create_bookmark({"name": name, "endpoint_id": A, "path": "/share/"})
    assert name in [item["name"] for item in tc.bookmark_list()]
    tc.update_bookmark(made["id"], {"name": name + "2"})
    assert tc.get_bookmark(made["id"])["name"] == name + "2"
    tc.delete_bookmark(made["id"])
    guest = tc.create_shared_endpoint(
        {"DATA_TYPE": "shared_endpoint", "host_endpoint": A, "host_path": "/share/", "display_name": "shared"})["id"]
    ada = auth().get_identities(usernames="ada@example.org")["identities"][0]["id"]
    rule = {"DATA_TYPE": "access", "principal_type": "identity", "principal": ada, "path": "/", "permissions": "r"}
    made = tc.add_endpoint_acl_rule(guest, rule)
    assert [item["principal"] for item in tc.endpoint_acl_list(guest) if item["role_id"] is None] == [ada]
    try:
        tc.add_endpoint_acl_rule(guest, rule)
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 409
    else:
        raise AssertionError("a rule was made twice")
    tc.update_endpoint_acl_rule(guest, made["access_id"], {**rule, "permissions": "rw"})
    assert tc.get_endpoint_acl_rule(guest, made["access_id"])["permissions"] == "rw"
    tc.delete_endpoint_acl_rule(guest, made["access_id"])
    role = tc.add_endpoint_role(
        guest, {"DATA_TYPE": "role", "principal_type": "identity", "principal": ada, "role": "access_manager"})
    assert role["id"] in [item["id"] for item in tc.endpoint_role_list(guest)]
    tc.delete_endpoint_role(guest, role["id"])
    assert guest in [item["id"] for item in tc.my_shared_endpoint_list(A)]
    assert tc.operation_ls(guest, "/godata/")["length"] == 3
    assert tc.update_endpoint(guest, {"display_name": "other"})["code"] == "Updated"
    assert tc.delete_endpoint(guest)["code"] == "Deleted"


def main():
    failed = 0
    for function in CHECKS:
        try:
            function()
            print(f"ok    {function.__name__}")
        except Exception:
            failed += 1
            print(f"FAIL  {function.__name__}")
            traceback.print_exc()
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
