"""Trouble on demand: what the SDK makes of it, and that the emulator tells what happened."""

import globus_sdk
from globus_sdk.scopes import TransferScopes
from globus_sdk.transport import RetryConfig
from harness import *


def inject(action, path="/v0.10/**", **more):
    control("POST", "faults", {"path": path, "action": action, **more})


def impatient():
    """Does not try again."""
    return globus_sdk.TransferClient(authorizer=authorizer(TRANSFER), retry_config=RetryConfig(max_retries=0))


def asked(**query):
    return control("GET", "requests?" + urllib.parse.urlencode({"count": "true", **query}))["count"]


@check
def errors_that_pass_are_tried_again():
    control("DELETE", "requests")
    inject({"error": {"status": 503, "headers": {"Retry-After": "1"}}}, times=1)
    inject("drop", times=1)
    inject("truncate", times=1)
    assert transfer().get_endpoint(A)["id"] == A
    assert asked(path="/v0.10/endpoint/*") == 4, asked(path="/v0.10/endpoint/*")


@check
def errors_have_the_documents_of_their_service():
    inject({"error": {"status": 403, "code": "PermissionDenied", "message": "no"}}, times=1)
    with refused(403, "PermissionDenied"):
        transfer().get_endpoint(A)
    inject({"error": {"status": 403, "code": "FORBIDDEN"}}, "/v2/groups/**", times=1)
    with refused(403, "FORBIDDEN"):
        groups().get_my_groups()
    inject({"html_page": {"status": 502}}, times=1)
    with refused(502):
        impatient().get_endpoint(A)


@check
def too_many_requests_are_told_to_wait():
    inject({"rate_limit": {"requests": 1, "window_seconds": 60}}, "/v0.10/task_list", id="limit")
    impatient().task_list()
    try:
        impatient().task_list()
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 429 and int(error.headers["Retry-After"]) > 0, error
    else:
        raise AssertionError("there was no limit")
    control("DELETE", "faults/limit")
    impatient().task_list()


@check
def a_lost_answer_does_not_make_two_tasks():
    data = globus_sdk.TransferData(A, B, label=fresh("lost"))
    data.add_item("/share/godata/file1.txt", f"/~/{data['label']}")
    inject("lose_answer", "/v0.10/transfer", times=1)
    answer = transfer().submit_transfer(data)
    assert answer["code"] == "Duplicate", answer.text
    found = list(transfer().task_list(filter=f"label:{data['label']}"))
    assert [item["task_id"] for item in found] == [answer["task_id"]]


@check
def a_consent_and_a_session_can_be_demanded():
    inject({"consent_required": {}}, "/v0.10/operation/endpoint/{id}/ls", times=1)
    try:
        transfer().operation_ls(A, "/share/")
    except globus_sdk.TransferAPIError as error:
        assert A in error.info.consent_required.required_scopes[0], error.text
    inject({"session_required": {"session_required_mfa": True, "session_message": "again"}}, times=1)
    try:
        transfer().get_endpoint(A)
    except globus_sdk.TransferAPIError as error:
        parameters = error.info.authorization_parameters
        assert parameters.session_required_mfa is True and parameters.session_message == "again", error.text
    else:
        raise AssertionError("no session was demanded")


@check
def tokens_end_and_are_renewed():
    client, tokens = log_in([TransferScopes.all], refresh=True)
    token = tokens.by_resource_server[TRANSFER]
    old = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token["access_token"]))
    renewing = globus_sdk.TransferClient(authorizer=globus_sdk.RefreshTokenAuthorizer(
        token["refresh_token"], client, access_token=token["access_token"], expires_at=token["expires_at_seconds"]))
    assert old.get_endpoint(A)["id"] == renewing.get_endpoint(A)["id"] == A
    control("POST", "clock", {"advance_seconds": 3 * 24 * 3600})
    with refused(401, "AuthenticationFailed", "ClientError.AuthenticationFailed"):
        old.get_endpoint(A)
    assert renewing.get_endpoint(A)["id"] == A


@check
def no_secret_is_in_the_journal():
    client, tokens = log_in([TransferScopes.all], refresh=True)
    token = tokens.by_resource_server[TRANSFER]
    client.oauth2_refresh_token(token["refresh_token"])
    told = json.dumps(control("GET", "requests"))
    assert "/v2/oauth2/token" in told and SECRET not in told
    assert token["access_token"] not in told and token["refresh_token"] not in told


@check
def the_emulator_goes_back_to_its_start():
    transfer_of_now = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(
        log_in([TransferScopes.all])[1].by_resource_server[TRANSFER]["access_token"]))
    transfer_of_now.operation_mkdir(B, "/~/not-for-long")
    control("POST", "reset", {})
    with refused(401):
        transfer_of_now.operation_ls(B, "/~/")
    assert not os.path.exists(os.path.join(B_HOME, "not-for-long"))


run()
