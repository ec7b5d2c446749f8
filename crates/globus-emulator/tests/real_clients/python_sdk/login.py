"""Logging in: codes, tokens, and their end."""

import globus_sdk
from globus_sdk.scopes import AuthScopes, GroupsScopes, TransferScopes
from harness import *


class Logged:
    client = tokens = None


def endpoint_with(token):
    client = globus_sdk.TransferClient(authorizer=globus_sdk.AccessTokenAuthorizer(token))
    return client.get_endpoint(A)["id"]


def entry():
    return Logged.tokens.by_resource_server[TRANSFER]


@check
def a_login_gives_one_token_for_each_resource_server():
    Logged.client, Logged.tokens = log_in(SCOPES, refresh=True)
    servers = Logged.tokens.by_resource_server
    assert set(servers) == {"auth.globus.org", TRANSFER, GROUPS}, set(servers)
    assert all(token["refresh_token"] for token in servers.values())
    assert Logged.tokens.by_scopes[str(TransferScopes.all)]["resource_server"] == TRANSFER


@check
def no_refresh_token_is_given_unasked():
    _, tokens = log_in([TransferScopes.all])
    assert tokens.by_resource_server[TRANSFER]["refresh_token"] is None


@check
def the_id_token_is_signed_for_this_client():
    claims = Logged.tokens.decode_id_token()
    assert claims["aud"] == NATIVE and claims["preferred_username"] == USER, claims


@check
def the_keys_are_published():
    client = globus_sdk.NativeAppAuthClient(NATIVE)
    configuration = client.get_openid_configuration()
    assert configuration["token_endpoint"] == AUTH + "v2/oauth2/token"
    assert client.get_jwk(configuration)["keys"][0]["kty"] == "RSA"
    assert client.get_jwk(configuration, as_pem=True).key_size >= 2048


@check
def a_code_works_once():
    client = globus_sdk.NativeAppAuthClient(NATIVE)
    client.oauth2_start_flow(requested_scopes=["openid"])
    code = code_for(client.oauth2_get_authorize_url())
    client.oauth2_exchange_code_for_tokens(code)
    with refused(400):
        client.oauth2_exchange_code_for_tokens(code)


@check
def a_code_of_another_login_is_refused():
    one, two = globus_sdk.NativeAppAuthClient(NATIVE), globus_sdk.NativeAppAuthClient(NATIVE)
    for client in (one, two):
        client.oauth2_start_flow(requested_scopes=["openid"])
    code = code_for(one.oauth2_get_authorize_url())
    with refused(400):
        two.oauth2_exchange_code_for_tokens(code)


interlude()


@check
def a_refresh_token_gives_new_access_tokens():
    answer = Logged.client.oauth2_refresh_token(entry()["refresh_token"])
    assert endpoint_with(answer.by_resource_server[TRANSFER]["access_token"]) == A


@check
def an_authorizer_renews_by_itself():
    authorizer = globus_sdk.RefreshTokenAuthorizer(entry()["refresh_token"], Logged.client)
    client = globus_sdk.TransferClient(authorizer=authorizer)
    assert client.get_endpoint(A)["id"] == A
    assert authorizer.access_token != entry()["access_token"]


@check
def an_authorizer_renews_what_was_revoked():
    renewed = []
    authorizer = globus_sdk.RefreshTokenAuthorizer(
        entry()["refresh_token"], Logged.client, access_token=entry()["access_token"],
        expires_at=entry()["expires_at_seconds"], on_refresh=renewed.append)
    Logged.client.oauth2_revoke_token(entry()["access_token"])
    with refused(401, "AuthenticationFailed", "ClientError.AuthenticationFailed"):
        endpoint_with(entry()["access_token"])
    assert globus_sdk.TransferClient(authorizer=authorizer).get_endpoint(A)["id"] == A
    assert len(renewed) == 1


@check
def a_revoked_refresh_token_gives_nothing():
    Logged.client.oauth2_revoke_token(entry()["refresh_token"])
    with refused(400):
        Logged.client.oauth2_refresh_token(entry()["refresh_token"])


@check
def a_token_for_another_service_is_refused():
    _, tokens = log_in(["openid"])
    with refused(401, "AuthenticationFailed", "ClientError.AuthenticationFailed"):
        endpoint_with(tokens.by_resource_server["auth.globus.org"]["access_token"])


@check
def a_confidential_client_is_an_identity():
    answer = confidential().oauth2_client_credentials_tokens([TransferScopes.all, GroupsScopes.all])
    assert set(answer.by_resource_server) == {TRANSFER, GROUPS}
    authorizer = globus_sdk.ClientCredentialsAuthorizer(confidential(), [AuthScopes.openid, AuthScopes.profile])
    info = globus_sdk.AuthClient(authorizer=authorizer).userinfo()
    assert info["sub"] == CLIENT and info["preferred_username"] == f"{CLIENT}@clients.auth.globus.org"


@check
def a_wrong_secret_is_refused():
    wrong = globus_sdk.ConfidentialAppAuthClient(CLIENT, SECRET + "x")
    with refused(401):
        wrong.oauth2_client_credentials_tokens([TransferScopes.all])


@check
def an_unknown_scope_is_refused():
    with refused(400):
        confidential().oauth2_client_credentials_tokens(["urn:globus:auth:scope:nowhere.globus.org:all"])


@check
def dependent_tokens_act_for_the_caller():
    _, tokens = log_in([f"https://auth.globus.org/scopes/{CLIENT}/all"])
    mine = tokens.by_resource_server[CLIENT]["access_token"]
    about = confidential().oauth2_token_introspect(mine, include="identity_set,session_info")
    assert about["active"] and about["username"] == USER and CLIENT in about["aud"], about.text
    assert about["sub"] in about["session_info"]["authentications"], about.text
    dependent = confidential().oauth2_get_dependent_tokens(mine, refresh_tokens=True).by_resource_server
    assert GROUPS in dependent and dependent[TRANSFER]["refresh_token"]
    assert endpoint_with(dependent[TRANSFER]["access_token"]) == A


@check
def what_is_not_mine_is_not_told():
    _, tokens = log_in([TransferScopes.all])
    answer = confidential().oauth2_token_introspect(tokens.by_resource_server[TRANSFER]["access_token"])
    assert answer["active"] is False
    assert confidential().oauth2_token_introspect("nothing")["active"] is False


@check
def a_native_app_makes_an_instance_of_itself():
    made = globus_sdk.NativeAppAuthClient(NATIVE).create_native_app_instance(NATIVE, fresh("instance"))
    secret = made["included"]["client_credential"]["secret"]
    instance = globus_sdk.ConfidentialAppAuthClient(made["client"]["id"], secret)
    assert instance.oauth2_client_credentials_tokens([TransferScopes.all]).by_resource_server[TRANSFER]


run()
