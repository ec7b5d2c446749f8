"""Sessions: what a login can be asked to prove, and how the services ask for it."""

import globus_sdk
from globus_sdk.scopes import GCSCollectionScopes, TransferScopes
from harness import *


def session(tokens):
    token = tokens.by_resource_server[CLIENT]["access_token"]
    return confidential().oauth2_token_introspect(token, include="session_info")["session_info"]


SCOPE = [f"https://auth.globus.org/scopes/{CLIENT}/all"]


@check
def a_session_knows_who_logged_in_and_when():
    _, tokens = log_in(SCOPE)
    told = session(tokens)
    about = told["authentications"][identity(USER)]
    assert told["session_id"] and about["auth_time"] > 1_600_000_000 and about["idp"], told


@check
def a_required_identity_logs_in():
    _, tokens = log_in(SCOPE, session_required_identities=[identity("ada@example.org")])
    assert identity("ada@example.org") in session(tokens)["authentications"], session(tokens)


@check
def a_required_domain_logs_in():
    _, tokens = log_in(SCOPE, session_required_single_domain=["example.org"], prompt="login")
    assert session(tokens)["authentications"]


@check
def a_message_and_a_second_factor_can_be_asked_for():
    _, tokens = log_in(SCOPE, session_message="Please log in again", session_required_mfa=True)
    assert session(tokens)["authentications"]


interlude()


@check
def a_collection_asks_for_consent_and_says_for_which():
    client = transfer("kim@example.org")
    try:
        client.operation_ls(GUARDED, "/share/")
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 403 and error.code == "ConsentRequired", error
        required = error.info.consent_required.required_scopes
    else:
        raise AssertionError("no consent was needed")
    data_access = GCSCollectionScopes(GUARDED).data_access
    asked = TransferScopes.all.with_dependency(data_access.with_optional(True))
    assert required == [str(asked)], required
    _, tokens = log_in(required, "kim@example.org")
    token = tokens.by_resource_server[TRANSFER]["access_token"]
    allowed = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token))
    assert names(allowed.operation_ls(GUARDED, "/share/")) == ["godata"]


@check
def the_consent_is_the_clients_and_not_the_tokens():
    assert names(transfer("kim@example.org").operation_ls(GUARDED, "/share/")) == ["godata"]


@check
def the_consent_is_a_leaf_of_the_tree():
    forest = auth("kim@example.org").get_consents(identity("kim@example.org")).to_forest()
    data_access = GCSCollectionScopes(GUARDED).data_access
    assert forest.meets_scope_requirements(TransferScopes.all.with_dependency(data_access))
    assert not forest.meets_scope_requirements(GCSCollectionScopes(A).data_access)


@check
def nobody_elses_consent_counts():
    with refused(403, "ConsentRequired"):
        transfer("lee@example.org").operation_ls(GUARDED, "/share/")


run()
