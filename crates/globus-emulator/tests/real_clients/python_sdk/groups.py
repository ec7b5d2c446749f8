"""Groups: their members, and what members may do."""

import globus_sdk
from globus_sdk import BatchMembershipActions, GroupRole, GroupsManager
from harness import *


class State:
    group = None


def manager(user=None):
    return GroupsManager(groups(user))


def member(username):
    memberships = groups().get_group(State.group, include="memberships")["memberships"]
    found = [item for item in memberships if item["identity_id"] == identity(username)]
    return (found[0]["role"], found[0]["status"]) if found else None


def done(answer, action):
    assert not answer.get("errors") and len(answer[action]) == 1, answer.text
    return answer[action][0]


@check
def my_groups_are_listed_with_my_part_in_them():
    mine = {group["name"]: group["my_memberships"][0] for group in groups().get_my_groups()}
    assert mine["Climate Data Working Group"]["role"] == "admin", mine
    invited = list(groups().get_my_groups(statuses=["invited"]))
    assert [group["name"] for group in invited] == ["Genome Atlas"], invited


@check
def a_group_is_made_and_read():
    made = manager().create_group(fresh("python"), "made by the Python SDK")
    State.group = made["id"]
    read = groups().get_group(State.group, include=["memberships", "policies", "my_memberships", "child_ids"])
    assert read["memberships"][0]["role"] == "admin" and read["child_ids"] == [], read.text
    assert read["policies"]["group_visibility"] == "private", read.text
    child = manager().create_group(fresh("child"), "below", parent_id=State.group)
    assert groups().get_group(State.group, include=["child_ids"])["child_ids"] == [child["id"]]
    groups().delete_group(child["id"])


@check
def an_invitation_is_accepted():
    answer = manager().invite_member(State.group, identity("kim@example.org"))
    assert done(answer, "invite")["status"] == "invited"
    assert State.group in [group["id"] for group in groups("kim@example.org").get_my_groups(statuses="invited")]
    answer = manager("kim@example.org").accept_invite(State.group, identity("kim@example.org"))
    assert done(answer, "accept")["status"] == "active"
    assert member("kim@example.org") == ("member", "active")


@check
def an_invitation_is_declined():
    manager().invite_member(State.group, identity("sam@example.org"), role=GroupRole.manager)
    answer = manager("sam@example.org").decline_invite(State.group, identity("sam@example.org"))
    assert done(answer, "decline")["status"] == "declined"


@check
def a_member_may_not_add_others():
    answer = manager("kim@example.org").add_member(State.group, identity("noor@example.org"))
    assert answer["errors"]["add"][0]["code"] == "FORBIDDEN" and not answer["add"], answer.text
    assert member("noor@example.org") is None


@check
def a_role_is_changed_and_then_a_manager_may():
    answer = manager().change_role(State.group, identity("kim@example.org"), GroupRole.manager)
    assert done(answer, "change_role")["role"] == "manager"
    answer = manager("kim@example.org").add_member(State.group, identity("noor@example.org"))
    assert done(answer, "add")["status"] == "active"


interlude()


@check
def members_are_still_there():
    assert member("kim@example.org") == ("manager", "active")
    assert member("noor@example.org") == ("member", "active")


@check
def a_member_leaves_and_another_is_removed():
    answer = manager("noor@example.org").leave(State.group, identity("noor@example.org"))
    assert done(answer, "leave")["status"] == "left"
    answer = manager().remove_member(State.group, identity("kim@example.org"))
    assert done(answer, "remove")["status"] == "removed"


@check
def requests_to_join_are_approved_and_rejected():
    manager().set_group_policies(
        State.group, is_high_assurance=False, group_visibility="authenticated",
        group_members_visibility="managers", join_requests=True, signup_fields=[])
    for name in ("lee@example.org", "grace@example.org"):
        answer = manager(name).request_join(State.group, identity(name))
        assert done(answer, "request_join")["status"] == "pending"
    assert done(manager().approve_pending(State.group, identity("lee@example.org")), "approve")["status"] == "active"
    answer = manager().reject_join_request(State.group, identity("grace@example.org"))
    assert done(answer, "reject")["status"] == "rejected"


@check
def many_actions_go_in_one_call():
    batch = BatchMembershipActions()
    batch.add_members([identity("ada@example.org"), identity("sam@example.org")], role="member")
    batch.remove_members([identity("lee@example.org")])
    answer = groups().batch_membership_action(State.group, batch)
    assert len(answer["add"]) == 2 and answer["remove"][0]["status"] == "removed", answer.text


@check
def policies_are_kept():
    policies = groups().get_group_policies(State.group)
    assert policies["group_visibility"] == "authenticated" and policies["join_requests"] is True, policies.text


@check
def preferences_are_kept():
    groups("noor@example.org").set_identity_preferences({identity("noor@example.org"): {"allow_add": False}})
    told = groups("noor@example.org").get_identity_preferences()
    assert told[identity("noor@example.org")]["allow_add"] is False, told.text
    answer = manager().add_member(State.group, identity("noor@example.org"))
    assert answer["errors"]["add"][0]["identity_id"] == identity("noor@example.org"), answer.text


@check
def fields_of_a_membership_are_kept():
    fields = {"institution": "Example University", "department": "Physics"}
    groups().set_membership_fields(State.group, {identity(USER): fields})
    told = groups().get_membership_fields(State.group)
    assert told[identity(USER)]["institution"] == "Example University", told.text


@check
def a_group_is_changed_by_those_who_may():
    assert groups().update_group(State.group, {"name": "renamed"})["name"] == "renamed"
    with refused(403):
        groups("sam@example.org").update_group(State.group, {"name": "mine"})


@check
def a_private_group_is_its_members_only():
    hidden = groups("ada@example.org").create_group({"name": fresh("hidden"), "description": "x"})["id"]
    with refused(403):
        groups("lee@example.org").get_group(hidden)


@check
def a_deleted_group_is_gone():
    with refused(403):
        groups("sam@example.org").delete_group(State.group)
    groups().delete_group(State.group)
    with refused(404):
        groups().get_group(State.group)


run()
