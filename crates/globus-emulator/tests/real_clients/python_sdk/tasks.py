"""Tasks: listed, watched, changed, cancelled."""

import datetime

import globus_sdk
from harness import *


def stuck(label="stuck"):
    """A task that waits for a file which never comes."""
    deadline = datetime.datetime.now() + datetime.timedelta(days=2)
    data = globus_sdk.TransferData(A, B, deadline=deadline, label=label)
    data.add_item(f"/share/missing-{label}.txt", "/~/missing.txt")
    return transfer().submit_transfer(data)["task_id"]


def done(label):
    data = globus_sdk.TransferData(A, B, label=label)
    data.add_item("/share/godata/file1.txt", f"/~/{fresh(label)}")
    return finish(transfer(), transfer().submit_transfer(data))["task_id"]


class State:
    stuck = done = None


@check
def a_missing_source_keeps_a_task_active():
    State.stuck = stuck()
    until(lambda: transfer().get_task(State.stuck)["faults"] >= 1)
    document = transfer().get_task(State.stuck)
    assert document["status"] == "ACTIVE" and document["nice_status"] == "FILE_NOT_FOUND", document.text
    assert document["is_ok"] is False and document["fatal_error"] is None and document["completion_time"] is None
    assert not transfer().task_wait(State.stuck, timeout=1, polling_interval=1)


@check
def a_task_says_what_happened():
    State.done = done("watched")
    codes = [event["code"] for event in transfer().task_event_list(State.done)]
    assert codes[0] == "SUCCEEDED" and codes[-1] == "STARTED", codes
    errors = [event for event in transfer().task_event_list(State.stuck) if event["is_error"]]
    assert errors and errors[0]["code"] == "FILE_NOT_FOUND", errors
    assert len(list(transfer().paginated.task_event_list(State.done).items())) == len(codes)


@check
def tasks_are_filtered_and_ordered():
    listed = [item["task_id"] for item in transfer().task_list(filter={"status": ["ACTIVE"], "type": ["TRANSFER"]})]
    assert State.stuck in listed and State.done not in listed, listed
    newest = transfer().task_list(orderby="request_time DESC", limit=1)["DATA"][0]["task_id"]
    assert newest == State.done
    oldest = transfer().task_list(orderby=["request_time ASC"], limit=1)["DATA"][0]["task_id"]
    assert oldest == State.stuck
    assert [item["task_id"] for item in transfer().task_list(filter="label:~watch*")] == [State.done]
    assert [item["task_id"] for item in transfer().paginated.task_list(filter=f"task_id:{State.done}").items()] == [State.done]


@check
def a_task_is_changed_while_it_runs():
    later = (datetime.datetime.utcnow() + datetime.timedelta(days=5)).isoformat(timespec="seconds")
    transfer().update_task(State.stuck, {"DATA_TYPE": "task", "label": "renamed", "deadline": later})
    document = transfer().get_task(State.stuck)
    assert document["label"] == "renamed" and document["deadline"].startswith(later[:10]), document.text


interlude()


@check
def tasks_are_still_there():
    assert transfer().get_task(State.done)["status"] == "SUCCEEDED"
    assert transfer().get_task(State.stuck)["status"] == "ACTIVE"
    assert transfer().get_task(State.stuck)["label"] == "renamed"


@check
def a_running_task_is_not_paused():
    assert transfer().task_pause_info(State.stuck)["pause_rules"] == []


@check
def a_task_is_its_owners():
    with refused(404, "TaskNotFound"):
        transfer("ada@example.org").get_task(State.done)


@check
def a_task_is_cancelled_once():
    assert transfer().cancel_task(State.stuck)["code"] == "Canceled"
    document = transfer().get_task(State.stuck)
    assert document["status"] == "FAILED" and document["completion_time"], document.text
    assert transfer().cancel_task(State.stuck)["code"] == "TaskComplete"


@check
def a_deadline_ends_a_task():
    soon = datetime.datetime.utcnow() + datetime.timedelta(seconds=2)
    data = globus_sdk.TransferData(A, B, deadline=soon.isoformat(timespec="seconds"), label="late")
    data.add_item("/share/missing.txt", "/~/missing.txt")
    document = finish(transfer(), transfer().submit_transfer(data))
    assert document["status"] == "FAILED", document.text
    codes = [event["code"] for event in transfer().task_event_list(document["task_id"])]
    assert "EXPIRED" in codes, codes


@check
def many_tasks_are_listed_over_pages():
    made = {stuck(f"many-{number}") for number in range(12)}
    found = set()
    for page in range(0, 1000, 5):
        answer = transfer().task_list(limit=5, offset=page, filter="label:~many-*")
        found |= {item["task_id"] for item in answer}
        if page + 5 >= answer["total"]:
            break
    assert found == made
    for task in made:
        transfer().cancel_task(task)


run()
