#!/usr/bin/env bash
# Collections: found, changed, shared; their permissions and roles; bookmarks.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null
GLOBUS_PROFILE=ada log_in ada@example.org globus login --no-local-server >/dev/null
as_ada() { GLOBUS_PROFILE=ada "$@"; }

check "endpoint search" "Globus Tutorial Collection 1" globus endpoint search Tutorial
check "endpoint search, all pages" "Zephyr Cove" globus endpoint search demo --limit 300
check "endpoint search, mine" "$A" globus endpoint search --filter-scope my-endpoints
check "endpoint search, by owner" "ada@example.org" globus endpoint search demo --filter-owner-id ada@example.org
check "endpoint search, by kind" "Storage Endpoint" globus endpoint search demo --filter-entity-type gcsv5_endpoint
check "endpoint show" "Display Name: +Globus Tutorial Collection 1" globus endpoint show "$A"
exits 1 "endpoint show of nothing" "EndpointNotFound" globus endpoint show 00000000-0000-4000-8000-000000000000
check "gcp update mapped" "updated" globus gcp update mapped "$A" --description "from the cli"
check "endpoint update" "updated" globus endpoint update "$A" --keywords "one,two"
is "changes are kept" "from the cli" "$(globus endpoint show "$A" --format json)"

check "gcp create mapped" "Setup Key: +[0-9a-f-]{36}" globus gcp create mapped "a laptop" --description d --keywords one,two
laptop="$(value id globus gcp create mapped "another laptop")"
is "gcp create mapped, to show" "another laptop" "$(globus endpoint show "$laptop")"
exits 1 "ls of what is not connected" "not connected" globus ls "$laptop:/"
check "endpoint delete of it" "deleted" globus endpoint delete "$laptop"

guest="$(value id globus gcp create guest "shared by the cli" "$A:/share/" --description d)"
is "gcp create guest" "^[0-9a-f-]{36}$" "$guest"
check "endpoint my-shared-endpoint-list" "shared by the cli" globus endpoint my-shared-endpoint-list "$A"
check "gcp update guest" "updated" globus gcp update guest "$guest" --display-name "still shared"
check "endpoint show of the guest" "still shared" globus endpoint show "$guest"
exits 1 "ls without a permission" "PermissionDenied" as_ada globus ls "$guest:/"
rule="$(value access_id globus endpoint permission create "$guest:/godata/" --identity ada@example.org --permissions r)"
is "endpoint permission create" "^[0-9a-f-]{36}$" "$rule"
check "ls with the permission" "file1.txt" as_ada globus ls "$guest:/godata/"
exits 1 "mkdir without one to write" "PermissionDenied" as_ada globus mkdir "$guest:/godata/new"
interlude
check "endpoint permission update" "[Uu]pdated" globus endpoint permission update "$guest" "$rule" --permissions rw
check "mkdir with one to write" "created" as_ada globus mkdir "$guest:/godata/new"
check "endpoint permission show" "rw" globus endpoint permission show "$guest" "$rule"
check "endpoint permission list" "ada@example.org" globus endpoint permission list "$guest"
exits 1 "endpoint permission create, twice" "Exists" globus endpoint permission create "$guest:/godata/" --identity ada@example.org --permissions r
check "endpoint permission create for all" "" globus endpoint permission create "$guest:/climate-run/" --all-authenticated --permissions r
check "ls by the permission for all" "1995" as_ada globus ls "$guest:/climate-run/"
check "endpoint permission delete" "[Dd]eleted" globus endpoint permission delete "$guest" "$rule"
exits 1 "ls after that" "PermissionDenied" as_ada globus ls "$guest:/godata/"

role="$(value id globus endpoint role create "$guest" --identity ada@example.org --role administrator)"
is "endpoint role create" "^[0-9a-f-]{36}$" "$role"
check "endpoint role show" "administrator" globus endpoint role show "$guest" "$role"
check "endpoint role list" "ada@example.org" globus endpoint role list "$guest"
check "an administrator may" "updated" as_ada globus gcp update guest "$guest" --description "by ada"
check "endpoint role delete" "" globus endpoint role delete "$guest" "$role"
exits 1 "and then no more" "PermissionDenied" as_ada globus gcp update guest "$guest" --description "by ada again"
exits 1 "endpoint delete of somebody else's" "PermissionDenied" as_ada globus endpoint delete "$guest"
check "endpoint delete" "deleted" globus endpoint delete "$guest"

check "bookmark create" "" globus bookmark create "$A:/share/godata/" here
check "bookmark list" "here" globus bookmark list
check "bookmark show" "$A:/share/godata/" globus bookmark show here
is "ls of a bookmark" "file1.txt" "$(globus ls "$(globus bookmark show here)")"
check "bookmark rename" "" globus bookmark rename here there
check "bookmark show by the new name" "/share/godata/" globus bookmark show there
check "bookmark delete" "" globus bookmark delete there
exits 1 "bookmark show of nothing" "No bookmark found" globus bookmark show there
finish
