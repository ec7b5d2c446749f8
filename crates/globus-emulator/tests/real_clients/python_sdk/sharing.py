"""Guest collections: who may see them, and who may manage them."""

import globus_sdk
from harness import *


class State:
    guest = rule = None


def rule(**changes):
    made = {
        "DATA_TYPE": "access", "principal_type": "identity", "principal": identity("ada@example.org"),
        "path": "/", "permissions": "r",
    }
    return {**made, **changes}


@check
def a_guest_collection_is_made_and_listed():
    os.makedirs(os.path.join(A_DIR, "share/for-guests/inner"), exist_ok=True)
    with open(os.path.join(A_DIR, "share/for-guests/data.txt"), "w") as file:
        file.write("shared\n")
    State.guest = transfer().create_shared_endpoint({
        "DATA_TYPE": "shared_endpoint", "host_endpoint": A, "host_path": "/share/for-guests/",
        "display_name": fresh("guest")})["id"]
    document = transfer().get_endpoint(State.guest)
    assert document["entity_type"] == "GCP_guest_collection" and document["host_endpoint_id"] == A, document.text
    assert State.guest in [item["id"] for item in transfer().my_shared_endpoint_list(A)]
    listed = transfer().paginated.get_shared_endpoint_list(A).items()
    assert State.guest in [item["id"] for item in listed]
    assert names(transfer().operation_ls(State.guest, "/")) == ["data.txt", "inner"]


@check
def without_a_rule_nobody_sees_it():
    with refused(403, "ClientError.PermissionDenied", "PermissionDenied"):
        transfer("ada@example.org").operation_ls(State.guest, "/")


@check
def a_rule_lets_somebody_read():
    State.rule = transfer().add_endpoint_acl_rule(State.guest, rule())["access_id"]
    assert names(transfer("ada@example.org").operation_ls(State.guest, "/")) == ["data.txt", "inner"]
    with refused(403):
        transfer("ada@example.org").operation_mkdir(State.guest, "/made/")
    with refused(403):
        transfer("lee@example.org").operation_ls(State.guest, "/")


@check
def a_rule_is_made_once():
    with refused(409, "Exists"):
        transfer().add_endpoint_acl_rule(State.guest, rule())


interlude()


@check
def a_rule_is_changed_to_let_somebody_write():
    transfer().update_endpoint_acl_rule(State.guest, State.rule, rule(permissions="rw"))
    assert transfer().get_endpoint_acl_rule(State.guest, State.rule)["permissions"] == "rw"
    name = fresh("made")
    transfer("ada@example.org").operation_mkdir(State.guest, f"/{name}/")
    assert os.path.isdir(os.path.join(A_DIR, "share/for-guests", name))


@check
def a_rule_gates_transfers():
    theirs = os.path.join(B_DIR, "home/ada")
    os.makedirs(theirs, exist_ok=True)
    data = globus_sdk.TransferData(State.guest, B)
    data.add_item("/data.txt", "/~/from-guest.txt")
    assert finish(transfer("ada@example.org"), transfer("ada@example.org").submit_transfer(data))["status"] == "SUCCEEDED"
    data = globus_sdk.TransferData(State.guest, B)
    data.add_item("/data.txt", "/~/not-for-me.txt")
    lee = transfer("lee@example.org")
    try:
        task = lee.submit_transfer(data)["task_id"]
    except globus_sdk.TransferAPIError as error:
        assert error.http_status == 403 and error.code.endswith("PermissionDenied"), error
    else:
        until(lambda: lee.get_task(task)["faults"])
        codes = [event["code"] for event in lee.task_event_list(task) if event["is_error"]]
        assert set(codes) == {"PERMISSION_DENIED"}, codes
        lee.cancel_task(task)
    assert not os.path.exists(os.path.join(B_DIR, "home/lee/not-for-me.txt"))


@check
def rules_are_for_paths_and_groups_and_everybody():
    everybody = rule(principal_type="all_authenticated_users", principal="", path="/inner/")
    made = transfer().add_endpoint_acl_rule(State.guest, everybody)["access_id"]
    assert names(transfer("lee@example.org").operation_ls(State.guest, "/inner/")) == []
    transfer().delete_endpoint_acl_rule(State.guest, made)
    with refused(403):
        transfer("lee@example.org").operation_ls(State.guest, "/inner/")
    group = groups().create_group({"name": fresh("readers"), "description": "x"})["id"]
    globus_sdk.GroupsManager(groups()).add_member(group, identity("lee@example.org"))
    transfer().add_endpoint_acl_rule(State.guest, rule(principal_type="group", principal=group))
    assert names(transfer("lee@example.org").operation_ls(State.guest, "/inner/")) == []


@check
def rules_are_listed_for_those_who_manage_them():
    listed = [item["principal"] for item in transfer().endpoint_acl_list(State.guest)]
    assert identity("ada@example.org") in listed
    with refused(403):
        transfer("ada@example.org").endpoint_acl_list(State.guest)


@check
def a_role_lets_somebody_manage_rules():
    made = transfer().add_endpoint_role(State.guest, {
        "DATA_TYPE": "role", "principal_type": "identity", "principal": identity("ada@example.org"),
        "role": "access_manager"})
    assert made["id"] in [item["id"] for item in transfer().endpoint_role_list(State.guest)]
    assert transfer().get_endpoint_role(State.guest, made["id"])["role"] == "access_manager"
    added = transfer("ada@example.org").add_endpoint_acl_rule(
        State.guest, rule(principal=identity("kim@example.org")))["access_id"]
    transfer("ada@example.org").delete_endpoint_acl_rule(State.guest, added)
    transfer().delete_endpoint_role(State.guest, made["id"])
    with refused(403):
        transfer("ada@example.org").endpoint_acl_list(State.guest)


@check
def a_rule_that_is_gone_lets_nobody_in():
    transfer().delete_endpoint_acl_rule(State.guest, State.rule)
    with refused(404):
        transfer().get_endpoint_acl_rule(State.guest, State.rule)
    with refused(403):
        transfer("ada@example.org").operation_ls(State.guest, "/")


@check
def a_guest_collection_is_changed_and_deleted():
    assert transfer().update_endpoint(State.guest, {"display_name": "other"})["code"] == "Updated"
    assert transfer().get_endpoint(State.guest)["display_name"] == "other"
    with refused(403):
        transfer("sam@example.org").delete_endpoint(State.guest)
    assert transfer().delete_endpoint(State.guest)["code"] == "Deleted"
    with refused(404, "EndpointNotFound", "EndpointDeleted"):
        transfer().get_endpoint(State.guest)


run()
