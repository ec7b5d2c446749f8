#!/usr/bin/env bash
# With the credentials of a client: no login at all. And `globus api`, for what has no command of its own.
. "$(dirname "$0")/harness.sh"
export GLOBUS_CLI_CLIENT_ID="$GLOBUS_EMULATOR_CLIENT_ID" GLOBUS_CLI_CLIENT_SECRET="$GLOBUS_EMULATOR_CLIENT_SECRET"

check "whoami" "$GLOBUS_EMULATOR_CLIENT_ID@clients.auth.globus.org" globus whoami
check "ls" "file1.txt" globus ls "$A:/share/godata/"
check "ls where a consent is needed" "godata" globus ls "$GUARDED:/share/"
check "group list" "Demonstration Service Group" globus group list
interlude
task="$(value task_id globus transfer "$A:/share/godata/" "$B:/~/by-client/" --recursive)"
check "transfer" "" globus task wait --timeout 60 "$task"
check "ls of what arrived" "file3.txt" globus ls "$B:/~/by-client/"
check "session show" "Auth Time" globus session show
exits 2 "login is not for clients" "client credentials" globus login

check "api transfer get" '"DATA_TYPE": ?"task_list"' globus api transfer get /v0.10/task_list -Q limit=1
check "api auth get" '"sub": ?"'"$GLOBUS_EMULATOR_CLIENT_ID" globus api auth get /v2/oauth2/userinfo
check "api groups get" "Demonstration Service Group" globus api groups get /v2/groups/my_groups
check "api transfer post" '"DirectoryCreated"' globus api transfer post "/v0.10/operation/endpoint/$B/mkdir" --body '{"DATA_TYPE": "mkdir", "path": "/~/by-api"}'
exits 1 "api of what is not there" "404" globus api transfer get "/v0.10/endpoint/00000000-0000-4000-8000-000000000000"
check "api, errors allowed" '"EndpointNotFound"' globus api transfer get "/v0.10/endpoint/00000000-0000-4000-8000-000000000000" --allow-errors
check "logout" "" globus logout --yes

export GLOBUS_CLI_CLIENT_SECRET="wrong"
exits 1 "a wrong secret" "invalid_client|401" globus ls "$A:/"
finish
