#!/bin/sh
# Runs the Globus command line, as it comes, against a running emulator.
#
#     globus-emulator exec -- tests/real_clients/globus_cli.sh
#
# needs `globus` (globus-cli) and `curl` on the PATH; prints `N passed, M failed`.

export HOME="$(mktemp -d)"
unset GLOBUS_CLI_CLIENT_ID GLOBUS_CLI_CLIENT_SECRET SSH_TTY SSH_CONNECTION
trap 'rm -rf "$HOME"' EXIT
passed=0
failed=0
A="$GLOBUS_EMULATOR_COLLECTION_A"
B="$GLOBUS_EMULATOR_COLLECTION_B"

# check NAME EXPECTED COMMAND…: the command succeeds and its output holds the expected text.
check() {
    name="$1" expected="$2"
    shift 2
    output="$("$@" 2>&1)"
    status=$?
    if [ $status -eq 0 ] && { [ -z "$expected" ] || printf '%s' "$output" | grep -q -- "$expected"; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s (exit %s)\n%s\n' "$name" "$status" "$output"
    fi
}

# The CLI prints the address and waits for the code on its input.
log_in() {
    command="$1"
    fifo="$HOME/code" log="$HOME/log"
    rm -f "$fifo" && mkfifo "$fifo"
    $command <"$fifo" >"$log" 2>&1 &
    cli=$!
    exec 3>"$fifo"
    url=
    for _ in $(seq 100); do
        url="$(grep -o 'http://[^ ]*authorize[^ ]*' "$log" | head -1)"
        [ -n "$url" ] && break
        sleep 0.1
    done
    curl -sL "$url&emulator_approve=1" | sed -n 's/.*id="auth-code">\([^<]*\)<.*/\1/p' >&3
    exec 3>&-
    wait "$cli"
    status=$?
    cat "$log"
    return $status
}

check "login" "logged in" log_in "globus login --no-local-server --force"
check "whoami" "$GLOBUS_EMULATOR_USERNAME" globus whoami
check "whoami, linked identities" "Robin Researcher" globus whoami --linked-identities -v
check "session show" "$GLOBUS_EMULATOR_USERNAME" globus session show
check "get-identities" "ada@example.org" globus get-identities --verbose ada@example.org
check "endpoint search" "Globus Tutorial Collection 1" globus endpoint search Tutorial
check "endpoint search, all pages" "Zephyr Cove" globus endpoint search demo --limit 300
check "my endpoints" "$A" globus endpoint search --filter-scope my-endpoints
check "endpoint show" "Globus Tutorial Collection 1" globus endpoint show "$A"
check "gcp update" "updated" globus gcp update mapped "$A" --description new
check "ls" "file1.txt" globus ls "$A:/share/godata/"
check "ls, long" "file2.txt" globus ls -l "$A:/share/godata/"
check "ls, recursive" "1995/wind.nc" globus ls -r "$A:/share/climate-run/"
check "ls, filter" "file3.txt" globus ls --filter '~file3*' "$A:/share/godata/"
check "mkdir" "created" globus mkdir "$A:/~/made"
check "rename" "renamed" globus rename "$A" "/~/made" "/~/moved"
check "stat" "Directory\|dir" globus stat "$A:/~/moved"
task="$(globus transfer "$A:/share/climate-run/" "$B:/~/run/" --recursive --label 'from the cli' --jmespath task_id --format unix)"
check "transfer" "-" printf '%s' "$task"
check "task wait" "" globus task wait --polling-interval 1 --timeout 30 "$task"
check "task show" "SUCCEEDED" globus task show "$task"
check "successful transfers" "1990/wind.nc" globus task show --successful-transfers "$task"
check "skipped errors" "" globus task show --skipped-errors "$task"
check "task list" "from the cli" globus task list
check "event list" "SUCCEEDED" globus task event-list "$task"
check "task update" "" globus task update --label renamed "$task"
stuck="$(globus transfer "$A:/share/missing" "$B:/~/missing" --jmespath task_id --format unix)"
check "task cancel" "cancel" globus task cancel "$stuck"
check "rm" "" globus rm --recursive "$B:/~/run"
check "delete" "accepted" globus delete --recursive "$A:/~/moved"
check "data_access, refused" "session consent" sh -c "globus ls '$GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS:/' || true"
consent="urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/$GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS/data_access]"
check "session consent" "" log_in "globus session consent --no-local-server $consent"
check "data_access, allowed" "share" globus ls "$GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS:/"
check "group list" "Climate Data Working Group" globus group list
group="$(globus group create 'from the cli' --description d --jmespath id --format unix)"
check "group show" "from the cli" globus group show "$group"
check "group update" "" globus group update "$group" --name other
check "group set-policies" "" globus group set-policies "$group" --join-requests --visibility authenticated
check "member add" "" globus group member add "$group" ada@example.org --role manager
check "member invite" "" globus group member invite "$group" kim@example.org
check "member list" "ada@example.org" globus group member list "$group"
check "member remove" "" globus group member remove "$group" ada@example.org
check "group delete" "" globus group delete "$group"
check "bookmark create" "" globus bookmark create "$A:/share/" here
check "bookmark list" "here" globus bookmark list
check "bookmark show" "/share/" globus bookmark show here
check "bookmark rename" "" globus bookmark rename here there
check "bookmark delete" "" globus bookmark delete there
guest="$(globus gcp create guest shared "$A:/share/" --jmespath id --format unix)"
check "guest" "shared" globus endpoint show "$guest"
check "permission create" "" globus endpoint permission create "$guest:/" --identity ada@example.org --permissions r
check "permission list" "ada@example.org" globus endpoint permission list "$guest"
check "role create" "" globus endpoint role create "$guest" --identity kim@example.org --role administrator
check "role list" "kim@example.org" globus endpoint role list "$guest"
check "endpoint delete" "deleted" globus endpoint delete "$guest"
check "logout" "logged out" globus logout --yes
export GLOBUS_CLI_CLIENT_ID="$GLOBUS_EMULATOR_CLIENT_ID" GLOBUS_CLI_CLIENT_SECRET="$GLOBUS_EMULATOR_CLIENT_SECRET"
check "client ls" "file1.txt" globus ls "$A:/share/godata/"
check "client data_access" "share" globus ls "$GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS:/"
check "client whoami" "clients.auth.globus.org" globus whoami
check "client logout" "" globus logout --yes
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
