"""Transfers and deletions: real bytes, from one directory to another."""

import hashlib

import globus_sdk
from harness import *


def digests(root):
    """What is in the files below a directory."""
    found = {}
    for folder, _, files in os.walk(root):
        for file in files:
            path = os.path.join(folder, file)
            with open(path, "rb") as data:
                found[os.path.relpath(path, root)] = hashlib.sha256(data.read()).hexdigest()
    return found


def transfer_of(source, destination, recursive=None, **options):
    data = globus_sdk.TransferData(A, B, label="python sdk", **options)
    data.add_item(source, destination, **({} if recursive is None else {"recursive": recursive}))
    return data


class State:
    task = data = None


@check
def a_transfer_is_accepted_once():
    State.data = transfer_of("/share/climate-run/", "/~/climate-run/", recursive=True, verify_checksum=True)
    State.data.add_item("/share/godata/file1.txt", "/~/one.txt")
    State.task = transfer().submit_transfer(State.data)
    assert State.task["code"] == "Accepted"
    again = transfer().submit_transfer(State.data)
    assert again["code"] == "Duplicate" and again["task_id"] == State.task["task_id"]


interlude()


@check
def the_bytes_arrive():
    document = finish(transfer(), State.task)
    assert document["status"] == "SUCCEEDED" and document["files_transferred"] == 41, document.text
    assert document["bytes_transferred"] > 10_000_000 and document["label"] == "python sdk"
    expected = digests(os.path.join(A_DIR, "share/climate-run"))
    assert len(expected) == 40 and digests(os.path.join(B_HOME, "climate-run")) == expected


@check
def what_was_transferred_is_listed():
    moved = list(transfer().paginated.task_successful_transfers(State.task["task_id"]).items())
    assert len(moved) == 41 and {"source_path", "destination_path"} <= set(moved[0]), moved[:1]
    assert list(transfer().task_skipped_errors(State.task["task_id"])) == []


@check
def only_what_differs_is_sent_again():
    os.utime(os.path.join(B_HOME, "climate-run/1990/wind.nc"), (1, 1))
    with open(os.path.join(B_HOME, "climate-run/1991/wind.nc"), "a") as file:
        file.write("longer")
    for level, sent in (("exists", 0), ("size", 1), ("checksum", 0)):
        task = transfer().submit_transfer(transfer_of("/share/climate-run/", "/~/climate-run/", sync_level=level))
        document = finish(transfer(), task)
        assert document["files_transferred"] == sent, (level, document.text)
        assert document["files_skipped"] == 40 - sent, (level, document.text)


@check
def times_are_kept_and_what_is_too_much_is_deleted():
    open(os.path.join(B_HOME, "climate-run/too-much"), "w").close()
    data = transfer_of(
        "/share/climate-run/", "/~/climate-run/", recursive=True, sync_level="mtime",
        preserve_timestamp=True, delete_destination_extra=True)
    finish(transfer(), transfer().submit_transfer(data))
    assert not os.path.exists(os.path.join(B_HOME, "climate-run/too-much"))
    one, two = (os.stat(os.path.join(root, "1990/wind.nc")).st_mtime for root in (
        os.path.join(A_DIR, "share/climate-run"), os.path.join(B_HOME, "climate-run")))
    assert int(one) == int(two)


@check
def rules_leave_files_out():
    data = transfer_of("/share/climate-run/", "/~/some/", recursive=True)
    data.add_filter_rule("wind.nc", method="include", type="file")
    data.add_filter_rule("*", type="file")
    assert finish(transfer(), transfer().submit_transfer(data))["files_transferred"] == 10
    assert set(digests(os.path.join(B_HOME, "some"))) == {f"{year}/wind.nc" for year in range(1990, 2000)}


@check
def a_checksum_is_checked():
    data = globus_sdk.TransferData(A, B)
    right = hashlib.sha256(b"two\n").hexdigest()
    data.add_item("/share/godata/file2.txt", "/~/two.txt", external_checksum=right, checksum_algorithm="SHA256")
    assert finish(transfer(), transfer().submit_transfer(data))["status"] == "SUCCEEDED"


@check
def errors_of_the_source_can_be_skipped():
    data = transfer_of("/share/missing", "/~/missing", skip_source_errors=True)
    data.add_item("/share/godata/file3.txt", "/~/three.txt")
    task = transfer().submit_transfer(data)
    document = finish(transfer(), task)
    assert document["status"] == "SUCCEEDED" and document["files_transferred"] == 1, document.text
    skipped = list(transfer().paginated.task_skipped_errors(task["task_id"]).items())
    assert [item["source_path"] for item in skipped] == ["/share/missing"], skipped


@check
def a_link_is_kept_as_a_link():
    os.makedirs(os.path.join(A_DIR, "share/links"), exist_ok=True)
    link = os.path.join(A_DIR, "share/links/link")
    if not os.path.islink(link):
        os.symlink("../godata/file1.txt", link)
    data = globus_sdk.TransferData(A, B)
    data["DATA"].append({
        "DATA_TYPE": "transfer_symlink_item",
        "source_path": "/share/links/link", "destination_path": "/~/kept-link"})
    document = finish(transfer(), transfer().submit_transfer(data))
    assert document["status"] == "SUCCEEDED" and os.path.islink(os.path.join(B_HOME, "kept-link")), document.text


@check
def a_directory_is_deleted_with_what_is_in_it():
    data = globus_sdk.DeleteData(B, recursive=True, label="python sdk")
    data.add_item("/~/some")
    document = finish(transfer(), transfer().submit_delete(data))
    assert document["type"] == "DELETE" and document["status"] == "SUCCEEDED", document.text
    assert not os.path.exists(os.path.join(B_HOME, "some"))


@check
def what_is_not_there_can_be_deleted_if_one_says_so():
    data = globus_sdk.DeleteData(B, ignore_missing=True)
    data.add_item("/~/never-there")
    assert finish(transfer(), transfer().submit_delete(data))["status"] == "SUCCEEDED"


@check
def an_invalid_document_is_refused():
    with refused(400):
        transfer().submit_transfer({"DATA_TYPE": "transfer", "source_endpoint": A, "DATA": []})
    with refused(404, "EndpointNotFound"):
        data = globus_sdk.TransferData(str(uuid.uuid4()), B)
        data.add_item("/a", "/b")
        transfer().submit_transfer(data)


run()
