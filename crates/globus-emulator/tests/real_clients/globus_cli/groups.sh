#!/usr/bin/env bash
# Groups: made, changed; members invited, added, approved, removed.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null
GLOBUS_PROFILE=ada log_in ada@example.org globus login --no-local-server >/dev/null
as_ada() { GLOBUS_PROFILE=ada "$@"; }

check "group list" "Climate Data Working Group" globus group list
group="$(value id globus group create 'from the cli' --description d)"
is "group create" "^[0-9a-f-]{36}$" "$group"
check "group show" "from the cli" globus group show "$group"
check "group update" "updated" globus group update "$group" --name 'by the cli' --description e
check "group set-policies" "updated" globus group set-policies "$group" --join-requests --visibility authenticated
check "group show, with policies" "authenticated" globus group show "$group"

check "group member invite" "Invited User Username: +ada@" globus group member invite "$group" ada@example.org
check "group invite accept" "[Aa]ccepted" as_ada globus group invite accept "$group"
check "group member list" "ada@example.org" globus group member list "$group"
interlude
check "group member list, still" "ada@example.org" globus group member list "$group"
exits 1 "group update by a member" "FORBIDDEN|permission|403" as_ada globus group update "$group" --name mine
check "group leave" "Left group as" as_ada globus group leave "$group"
check "group member invite, again" "Invited User Username: +ada@" globus group member invite "$group" ada@example.org --role manager
check "group invite decline" "[Dd]eclined" as_ada globus group invite decline "$group"
check "group join, by request" "Username: +ada@" as_ada globus group join "$group" --request
check "group member approve" "Approved User Username: +ada@" globus group member approve "$group" ada@example.org
check "group member remove" "Removed User Username: +ada@" globus group member remove "$group" ada@example.org
check "group join, by another request" "Username: +ada@" as_ada globus group join "$group" --request
check "group member reject" "Rejected User Username: +ada@" globus group member reject "$group" ada@example.org
check "group member add" "Added User Username: +kim@" globus group member add "$group" kim@example.org --role manager
check "group member list, with roles" "manager" globus group member list "$group"
exits 1 "group delete by a stranger" "FORBIDDEN|permission|403" as_ada globus group delete "$group"
check "group delete" "deleted" globus group delete "$group"
exits 1 "group show of what is gone" "404|NOT_FOUND|not found" globus group show "$group"
finish
