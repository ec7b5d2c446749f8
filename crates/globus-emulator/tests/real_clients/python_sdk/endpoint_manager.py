"""The endpoint manager: what those who run a collection see and do."""

import globus_sdk
from harness import *

ADA = "ada@example.org"


def stuck():
    """A task of somebody else on the collections of the user."""
    data = globus_sdk.TransferData(A, B, label="watched")
    data.add_item("/share/missing.txt", "/~/missing.txt")
    return transfer(ADA).submit_transfer(data)["task_id"]


class State:
    task = rule = None


@check
def collections_are_monitored():
    assert A in [item["id"] for item in transfer().endpoint_manager_monitored_endpoints()]
    assert transfer().endpoint_manager_get_endpoint(A)["id"] == A
    with refused(403):
        transfer("sam@example.org").endpoint_manager_get_endpoint(A)


@check
def hosted_collections_and_their_rules_are_seen():
    guest = transfer().create_shared_endpoint({
        "DATA_TYPE": "shared_endpoint", "host_endpoint": A, "host_path": "/share/", "display_name": fresh("hosted")})["id"]
    assert guest in [item["id"] for item in transfer().endpoint_manager_hosted_endpoint_list(A)]
    assert transfer().endpoint_manager_acl_list(guest)["DATA_TYPE"] == "access_list"


@check
def tasks_of_others_are_seen():
    State.task = stuck()
    listed = transfer().endpoint_manager_task_list(filter_endpoint=A, filter_status="ACTIVE")
    assert State.task in [item["task_id"] for item in listed]
    document = transfer().endpoint_manager_get_task(State.task)
    assert document["owner_string"] == ADA and document["status"] == "ACTIVE", document.text
    every = transfer().paginated.endpoint_manager_task_list(filter_endpoint=A).items()
    assert State.task in [item["task_id"] for item in every]
    with refused(403):
        transfer("sam@example.org").endpoint_manager_get_task(State.task)


@check
def their_events_are_seen():
    until(lambda: transfer().endpoint_manager_get_task(State.task)["faults"])
    codes = [item["code"] for item in transfer().endpoint_manager_task_event_list(State.task, filter_is_error=True)]
    assert codes and set(codes) == {"FILE_NOT_FOUND"}, codes
    with refused(400):
        transfer().endpoint_manager_task_successful_transfers(State.task)


@check
def tasks_are_paused_and_resumed():
    transfer().endpoint_manager_pause_tasks([State.task], "wait a moment")
    assert transfer(ADA).get_task(State.task)["is_paused"] is True
    assert transfer().endpoint_manager_task_pause_info(State.task)["DATA_TYPE"] == "pause_info_limited"
    transfer().endpoint_manager_resume_tasks([State.task])
    assert transfer(ADA).get_task(State.task)["is_paused"] is False


interlude()


@check
def a_pause_rule_holds_tasks():
    State.rule = transfer().endpoint_manager_create_pause_rule({
        "DATA_TYPE": "pause_rule", "endpoint_id": A, "message": "maintenance", "start_time": None,
        "pause_ls": True, "pause_task_transfer_read": True})["id"]
    assert State.rule in [item["id"] for item in transfer().endpoint_manager_pause_rule_list(filter_endpoint=A)]
    assert transfer().endpoint_manager_get_pause_rule(State.rule)["message"] == "maintenance"
    assert State.rule in [item["id"] for item in transfer(ADA).my_effective_pause_rule_list(A)]
    until(lambda: transfer(ADA).get_task(State.task)["is_paused"])
    assert [item["id"] for item in transfer(ADA).task_pause_info(State.task)["pause_rules"]] == [State.rule]


@check
def a_pause_rule_is_changed_and_deleted():
    transfer().endpoint_manager_update_pause_rule(State.rule, {"message": "later", "pause_ls": False})
    assert transfer().endpoint_manager_get_pause_rule(State.rule)["message"] == "later"
    transfer().endpoint_manager_delete_pause_rule(State.rule)
    until(lambda: not transfer(ADA).get_task(State.task)["is_paused"])
    assert names(transfer(ADA).operation_ls(A, "/share/godata/"))


@check
def tasks_are_cancelled_with_a_message():
    answer = transfer().endpoint_manager_cancel_tasks([State.task], "the disk is full")
    until(lambda: transfer().endpoint_manager_cancel_status(answer["id"])["done"])
    document = transfer(ADA).get_task(State.task)
    assert list(transfer().endpoint_manager_task_successful_transfers(State.task)) == []
    assert list(transfer().endpoint_manager_task_skipped_errors(State.task)) == []
    assert document["status"] == "FAILED" and document["canceled_by_admin_message"] == "the disk is full", document.text


run()
