"""GlobusApp: logins that are kept, renewed, and made when they are needed."""

import builtins
import contextlib
import io
import threading
import webbrowser

import globus_sdk
from globus_sdk.globus_app import ClientApp, GlobusAppConfig, UserApp
from globus_sdk.scopes import TransferScopes
from harness import *

E["HOME"] = os.path.realpath("home")


class Terminal:
    """Reads the link that is printed, and types the code."""

    logins = 0

    def __enter__(self):
        self.printed, self.input = io.StringIO(), builtins.input
        self.redirect = contextlib.redirect_stdout(self.printed)
        self.redirect.__enter__()
        builtins.input = self.type
        return self

    def __exit__(self, *error):
        builtins.input = self.input
        self.redirect.__exit__(*error)

    def type(self, prompt=""):
        self.logins += 1
        link = re.findall(r"http://\S+authorize\S+", self.printed.getvalue())[-1]
        return code_for(link) + "\n"


def user_app(name, **settings):
    return UserApp(name, client_id=NATIVE, config=GlobusAppConfig(**settings))


def home(app):
    return names(globus_sdk.TransferClient(app=app).operation_ls(A, "/share/godata/"))


FILES = ["file1.txt", "file2.txt", "file3.txt"]


def logs_in_once(storage, file):
    """The second program finds the login of the first."""
    settings = {"token_storage": storage, "request_refresh_tokens": True}
    with Terminal() as terminal, user_app(f"kept in {storage}", **settings) as app:
        assert home(app) == FILES and terminal.logins == 1, terminal.logins
    stored = os.path.join(E["HOME"], ".globus/app", NATIVE, f"kept-in-{storage}", file)
    assert os.stat(stored).st_mode & 0o77 == 0, oct(os.stat(stored).st_mode)
    with Terminal() as terminal, user_app(f"kept in {storage}", **settings) as app:
        assert home(app) == FILES and terminal.logins == 0, terminal.logins
        assert not app.login_required()


@check
def the_code_is_pasted_once_and_the_login_kept_in_json():
    logs_in_once("json", "tokens.json")


@check
def the_code_is_pasted_once_and_the_login_kept_in_sqlite():
    logs_in_once("sqlite", "tokens.db")


interlude()


@check
def a_kept_login_goes_on():
    for storage in ("json", "sqlite"):
        with Terminal() as terminal:
            with user_app(f"kept in {storage}", token_storage=storage, request_refresh_tokens=True) as app:
                assert home(app) == FILES and terminal.logins == 0, terminal.logins


@check
def a_logout_ends_the_login():
    with Terminal() as terminal, user_app("kept in json", request_refresh_tokens=True) as app:
        transfer = globus_sdk.TransferClient(app=app)
        token = app.get_authorizer(TRANSFER).access_token
        app.logout()
        assert app.login_required()
    assert terminal.logins == 0
    revoked = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token))
    with refused(401):
        revoked.get_endpoint(A)


class Browser(webbrowser.BaseBrowser):
    """Opens the page as a browser does, and approves."""

    def open(self, url, new=0, autoraise=True):
        threading.Thread(target=lambda: urllib.request.urlopen(url + "&emulator_approve=1").read()).start()
        return True


@check
def a_browser_on_this_machine_brings_the_code():
    webbrowser.register("emulated", None, Browser("emulated"), preferred=True)
    with user_app("browser", token_storage="memory", login_flow_manager="local-server") as app:
        assert home(app) == FILES


@check
def the_data_access_scope_is_asked_for_at_login():
    with Terminal() as terminal, user_app("data access", token_storage="memory") as app:
        client = globus_sdk.TransferClient(app=app).add_app_data_access_scope(GUARDED)
        assert names(client.operation_ls(GUARDED, "/share/")) == ["godata"]
    assert terminal.logins == 1


@check
def a_missing_consent_is_asked_for_and_the_call_goes_on():
    settings = {"token_storage": "memory", "auto_redrive_gares": True}
    # Another client than above, which has no consent yet.
    made = globus_sdk.NativeAppAuthClient(NATIVE).create_native_app_instance(NATIVE, fresh("redrive"))
    secret = made["included"]["client_credential"]["secret"]
    login = globus_sdk.ConfidentialAppAuthClient(made["client"]["id"], secret)
    config = GlobusAppConfig(login_redirect_uri=AUTH + "v2/web/auth-code", **settings)
    with Terminal() as terminal, UserApp("redrive", login_client=login, config=config) as app:
        assert names(globus_sdk.TransferClient(app=app).operation_ls(GUARDED, "/share/")) == ["godata"]
    assert terminal.logins == 2, terminal.logins


@check
def a_client_app_needs_no_login():
    config = GlobusAppConfig(token_storage="sqlite")
    with ClientApp("service", client_id=CLIENT, client_secret=SECRET, config=config) as app:
        client = globus_sdk.TransferClient(app=app).add_app_data_access_scope(GUARDED)
        assert not app.login_required() and home(app) == FILES
        assert globus_sdk.GroupsClient(app=app).get_my_groups()
        assert names(client.operation_ls(GUARDED, "/share/")) == ["godata"]
        app.logout()


@check
def another_identity_is_not_taken_into_the_same_storage():
    from globus_sdk.token_storage.validating_token_storage import IdentityMismatchError
    settings = {"token_storage": "memory", "login_flow_manager": As}
    with user_app("mixed", **settings) as app:
        As.user = USER
        app.login()
        As.user = "ada@example.org"
        try:
            app.login(force=True)
        except IdentityMismatchError:
            return
    raise AssertionError("two identities were mixed")


class As(globus_sdk.login_flows.CommandLineLoginFlowManager):
    """Somebody logs in."""

    user = USER

    def print_authorize_url(self, authorize_url):
        self.url = authorize_url

    def prompt_for_code(self):
        return code_for(self.url, self.user)


run()
