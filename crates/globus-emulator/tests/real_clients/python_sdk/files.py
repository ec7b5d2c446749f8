"""Directories: listed, made, renamed."""

import globus_sdk
from harness import *


@check
def a_listing_is_filtered_and_ordered():
    listing = transfer().operation_ls(A, "/share/godata/", filter={"name": "~*.txt"}, orderby=["name DESC"])
    assert names(listing) == ["file3.txt", "file2.txt", "file1.txt"]
    assert listing["path"] == "/share/godata/" and listing["endpoint"] == A
    both = transfer().operation_ls(A, "/share/", filter=["type:dir", {"name": ["climate-run"]}])
    assert "climate-run" in names(both)
    large = transfer().operation_ls(A, "/share/climate-run/1990/", filter={"size": ">250000"})
    assert 0 < len(names(large)) < 4, names(large)


@check
def a_listing_is_paged():
    assert names(transfer().operation_ls(A, "/share/godata/", limit=1, offset=1)) == ["file2.txt"]
    listing = transfer().operation_ls(A, "/share/climate-run/", limit=4)
    assert listing["length"] == 4 and listing["total"] == 10, listing.text


@check
def a_tree_is_walked():
    found, todo = [], ["/share/climate-run/"]
    while todo:
        listing = transfer().operation_ls(A, todo.pop())
        for item in listing:
            path = listing["path"] + item["name"]
            (todo if item["type"] == "dir" else found).append(path + ("/" if item["type"] == "dir" else ""))
    assert len(found) == 40 and "/share/climate-run/1995/wind.nc" in found


@check
def hidden_files_are_hidden():
    os.makedirs(B_HOME, exist_ok=True)
    for name in (".hidden", "shown"):
        open(os.path.join(B_HOME, name), "w").close()
    assert ".hidden" in names(transfer().operation_ls(B, "/~/"))
    listing = transfer().operation_ls(B, "/~/", show_hidden=False)
    assert "shown" in names(listing) and ".hidden" not in names(listing)


@check
def a_file_is_described():
    document = transfer().operation_stat(A, "/share/godata/file1.txt")
    assert document["size"] == 4 and document["type"] == "file", document.text
    with refused(404, "NotFound"):
        transfer().operation_stat(A, "/share/godata/file9.txt")


class State:
    name = fresh("directory")


@check
def a_directory_is_made_once():
    assert transfer().operation_mkdir(B, f"/~/{State.name}")["code"] == "DirectoryCreated"
    assert os.path.isdir(os.path.join(B_HOME, State.name))
    with refused(502, "ExternalError.MkdirFailed.Exists"):
        transfer().operation_mkdir(B, f"/~/{State.name}")


interlude()


@check
def a_directory_is_renamed():
    assert transfer().operation_rename(B, f"/~/{State.name}", f"/~/{State.name}-2")["code"] == "FileRenamed"
    assert f"{State.name}-2" in names(transfer().operation_ls(B, "/~/"))


@check
def unusual_names_arrive_as_they_are():
    name = fresh("ünüsual & name + 100% #1?")
    transfer().operation_mkdir(B, f"/~/{name}")
    assert os.path.isdir(os.path.join(B_HOME, name)) and name in names(transfer().operation_ls(B, "/~/"))
    assert transfer().operation_ls(B, f"/~/{name}/")["DATA"] == []


@check
def what_is_not_there_is_not_found():
    with refused(404, "ClientError.NotFound"):
        transfer().operation_ls(A, "/nowhere/")


@check
def no_path_leads_out():
    secret = os.path.join(os.path.dirname(B_DIR), fresh("outside"))
    os.makedirs(secret)
    os.symlink(secret, os.path.join(B_HOME, "way-out"))
    for path in (f"/../{os.path.basename(secret)}/new", "/~/way-out/new", "/../../../../../tmp/new"):
        with contextlib.suppress(globus_sdk.TransferAPIError):
            transfer().operation_mkdir(B, path)
    assert os.listdir(secret) == []


run()
