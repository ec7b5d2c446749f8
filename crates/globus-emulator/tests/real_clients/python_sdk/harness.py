"""What the scripts share. A check prints one line, and one that fails does not stop the others."""

import contextlib
import functools
import json
import os
import re
import signal
import sys
import time
import traceback
import urllib.parse
import urllib.request
import uuid

import globus_sdk
from globus_sdk.scopes import AuthScopes, GroupsScopes, Scope, TransferScopes

E = os.environ
AUTH = E["GLOBUS_SDK_SERVICE_URL_AUTH"]
NATIVE = E["GLOBUS_EMULATOR_NATIVE_CLIENT_ID"]
CLIENT, SECRET = E["GLOBUS_EMULATOR_CLIENT_ID"], E["GLOBUS_EMULATOR_CLIENT_SECRET"]
USER = E["GLOBUS_EMULATOR_USERNAME"]
A, B = E["GLOBUS_EMULATOR_COLLECTION_A"], E["GLOBUS_EMULATOR_COLLECTION_B"]
GUARDED = E["GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS"]
A_DIR, B_DIR = E["GLOBUS_EMULATOR_COLLECTION_A_DIR"], E["GLOBUS_EMULATOR_COLLECTION_B_DIR"]
# Where `/~/` of the user is.
B_HOME = os.path.join(B_DIR, "home", USER.split("@")[0])

TRANSFER, GROUPS = "transfer.api.globus.org", "groups.api.globus.org"
SCOPES = [
    AuthScopes.openid, AuthScopes.profile, AuthScopes.email, AuthScopes.view_identity_set,
    AuthScopes.manage_projects, TransferScopes.all, GroupsScopes.all,
]

_checks = []


def check(function):
    """A check, whose name is what it says."""
    _checks.append(function)
    return function


def interlude():
    """Where the emulator keeps what it knows in files, it is killed here and started again."""
    if "REAL_CLIENTS_EMULATOR_PID" in E:
        check(the_emulator_is_killed_and_comes_back)


def the_emulator_is_killed_and_comes_back():
    path = E["REAL_CLIENTS_EMULATOR_PID"]
    with open(path) as file:
        old = file.read()
    os.kill(int(old), signal.SIGKILL)
    until(lambda: open(path).read() not in ("", old), 60)


def run():
    failed = 0
    for function in _checks:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(f"ok    {name}")
        except BaseException:
            failed += 1
            print(f"FAIL  {name}\n{traceback.format_exc()}")
    print(f"{len(_checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def until(is_so, seconds=30):
    """Waits for something that happens by itself."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)


@contextlib.contextmanager
def refused(status, *codes):
    """The service says no, with this status and one of these codes."""
    try:
        yield
    except globus_sdk.GlobusAPIError as error:
        assert error.http_status == status, f"status {error.http_status}: {error.text}"
        assert not codes or error.code in codes, f"code {error.code}: {error.text}"
        assert "There is nothing at" not in error.text, f"no such route: {error.text}"
    else:
        raise AssertionError(f"it was not refused with {status}")


def control(method, path, body=None):
    """Steers the emulator itself: its faults, its clock, what it was asked."""
    request = urllib.request.Request(
        AUTH + "__emulator/" + path, method=method, headers={"Content-Type": "application/json"},
        data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())


def code_for(authorize_url, user=None):
    """What a browser and its user would do with the link."""
    url = authorize_url + "&emulator_approve=1"
    if user:
        url += "&" + urllib.parse.urlencode({"emulator_user": user})
    with urllib.request.urlopen(url) as page:
        return re.search(r'id="auth-code"[^>]*>([^<]+)<', page.read().decode()).group(1)


def log_in(scopes, user=None, refresh=False, **session):
    """The client that was logged in, and its tokens."""
    client = globus_sdk.NativeAppAuthClient(NATIVE)
    client.oauth2_start_flow(requested_scopes=scopes, refresh_tokens=refresh)
    code = code_for(client.oauth2_get_authorize_url(**session), user)
    return client, client.oauth2_exchange_code_for_tokens(code)


@functools.cache
def authorizer(server, user=None):
    _, tokens = log_in(SCOPES, user)
    for name, token in tokens.by_resource_server.items():
        if name == server:
            return globus_sdk.AccessTokenAuthorizer(token["access_token"])
    raise AssertionError(f"no token for {server}")


def auth(user=None):
    return globus_sdk.AuthClient(authorizer=authorizer("auth.globus.org", user))


def transfer(user=None):
    return globus_sdk.TransferClient(authorizer=authorizer(TRANSFER, user))


def groups(user=None):
    return globus_sdk.GroupsClient(authorizer=authorizer(GROUPS, user))


def confidential():
    return globus_sdk.ConfidentialAppAuthClient(CLIENT, SECRET)


@functools.cache
def identity(username):
    return auth().get_identities(usernames=username)["identities"][0]["id"]


def fresh(prefix):
    """A name that nothing has yet."""
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def names(listing):
    return [item["name"] for item in listing]


def finish(client, task):
    """Waits for a task, and returns its document."""
    assert client.task_wait(task["task_id"], timeout=60, polling_interval=1), "it goes on and on"
    return client.get_task(task["task_id"])
