"""Who is who."""

import globus_sdk
from harness import *


@check
def userinfo_says_who_i_am():
    info = auth().userinfo()
    assert info["preferred_username"] == USER and info["email"] and info["name"], info.text
    assert info["sub"] in [linked["sub"] for linked in info["identity_set"]], info.text


@check
def userinfo_says_no_more_than_was_asked_for():
    _, tokens = log_in(["openid"])
    token = tokens.by_resource_server["auth.globus.org"]["access_token"]
    info = globus_sdk.AuthClient(authorizer=globus_sdk.AccessTokenAuthorizer(token)).userinfo()
    assert info["sub"] == identity(USER) and "email" not in info and "identity_set" not in info, info.text


@check
def identities_are_found_by_id_and_by_username():
    ada = auth().get_identities(usernames="ada@example.org")["identities"][0]
    found = auth().get_identities(ids=[ada["id"], identity(USER), str(uuid.uuid4())])["identities"]
    assert {item["username"] for item in found} == {"ada@example.org", USER}
    assert ada["name"] == "Ada Admin" and ada["status"] and ada["identity_provider"], ada


@check
def unknown_usernames_are_left_out_or_provisioned():
    name = fresh("somebody") + "@example.org"
    assert auth().get_identities(usernames=name)["identities"] == []
    made = auth().get_identities(usernames=name, provision=True)["identities"]
    assert made[0]["username"] == name
    assert auth().get_identities(usernames=name)["identities"][0]["id"] == made[0]["id"]


@check
def providers_are_found():
    ada = auth().get_identities(usernames="ada@example.org", query_params={"include": "identity_provider"})
    provider = ada["identities"][0]["identity_provider"]
    found = auth().get_identity_providers(ids=[provider])["identity_providers"]
    assert found[0]["id"] == provider and found[0]["domains"], found
    assert auth().get_identity_providers(domains="example.org")["identity_providers"][0]["id"] == provider


interlude()


@check
def an_identity_map_looks_up_many_at_once():
    people = globus_sdk.IdentityMap(auth(), ["ada@example.org", identity("kim@example.org")])
    assert people["ada@example.org"]["id"] == identity("ada@example.org")
    assert people[identity("kim@example.org")]["username"] == "kim@example.org"
    assert people.get("nobody@example.org") is None


@check
def consents_form_a_forest():
    from globus_sdk.scopes import GroupsScopes, TransferScopes
    forest = auth().get_consents(identity(USER)).to_forest()
    assert forest.meets_scope_requirements([TransferScopes.all, GroupsScopes.all])
    assert auth().get_consents(identity(USER), all=True).to_forest().nodes


@check
def others_consents_are_not_told():
    with refused(403):
        auth().get_consents(identity("ada@example.org"))


run()
