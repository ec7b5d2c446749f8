"""Finding collections, and changing them."""

import globus_sdk
from harness import *


@check
def a_search_goes_over_pages():
    found = list(transfer().paginated.endpoint_search("demo").items())
    assert len(found) == 250, len(found)
    pages = list(transfer().paginated.endpoint_search("demo").pages())
    assert [len(page["DATA"]) for page in pages] == [100, 100, 50]
    assert len(list(transfer().endpoint_search("demo", limit=7, offset=3))) == 7


@check
def a_search_is_narrowed():
    found = transfer().endpoint_search("Tutorial Collection")
    assert [item["display_name"] for item in found] == ["Globus Tutorial Collection 1", "Globus Tutorial Collection 2"]
    mine = {item["id"] for item in transfer().endpoint_search(filter_scope="my-endpoints")}
    assert {A, B, GUARDED} <= mine
    ada = identity("ada@example.org")
    owned = transfer().endpoint_search("demo", filter_owner_id=ada)
    assert owned["DATA"] and {item["owner_id"] for item in owned} == {ada}
    kinds = transfer().endpoint_search("demo", filter_entity_type="GCSv5_endpoint")
    assert {item["entity_type"] for item in kinds} == {"GCSv5_endpoint"}


@check
def a_collection_is_read():
    document = transfer().get_endpoint(A)
    assert document["DATA_TYPE"] == "endpoint" and document["owner_string"] == USER, document.text
    assert document["entity_type"] == "GCP_mapped_collection" and document["is_globus_connect"] is True
    assert document["high_assurance"] is False and document["my_effective_roles"], document.text


@check
def an_unknown_collection_is_not_found():
    with refused(404, "EndpointNotFound"):
        transfer().get_endpoint(str(uuid.uuid4()))


@check
def a_collection_is_changed_by_its_owner():
    assert transfer().update_endpoint(A, {"description": "changed", "keywords": "one,two"})["code"] == "Updated"
    document = transfer().get_endpoint(A)
    assert document["description"] == "changed" and document["keywords"] == "one,two"
    with refused(403, "PermissionDenied"):
        transfer("sam@example.org").update_endpoint(A, {"description": "mine"})


interlude()


@check
def changes_stay():
    assert transfer().get_endpoint(A)["description"] == "changed"


@check
def servers_and_pause_rules_are_listed():
    assert transfer().endpoint_server_list(GUARDED)["DATA_TYPE"] == "endpoint_server_list"
    assert list(transfer().my_effective_pause_rule_list(A)) == []


@check
def bookmarks_are_kept():
    client, name = transfer(), fresh("bookmark")
    made = client.create_bookmark({"name": name, "endpoint_id": A, "path": "/share/"})
    assert name in names(client.bookmark_list())
    client.update_bookmark(made["id"], {"name": name + "2"})
    assert client.get_bookmark(made["id"])["name"] == name + "2"
    with refused(404, "BookmarkNotFound"):
        transfer("ada@example.org").get_bookmark(made["id"])
    client.delete_bookmark(made["id"])
    with refused(404, "BookmarkNotFound"):
        client.get_bookmark(made["id"])


run()
