# What the scripts share. A check prints one line, and one that fails does not stop the others.

passed=0
failed=0
A="$GLOBUS_EMULATOR_COLLECTION_A"
B="$GLOBUS_EMULATOR_COLLECTION_B"
GUARDED="$GLOBUS_EMULATOR_COLLECTION_DATA_ACCESS"
USERNAME="$GLOBUS_EMULATOR_USERNAME"
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

report() {
    if [ "$1" = ok ]; then
        passed=$((passed + 1))
        printf 'ok    %s\n' "$2"
    else
        failed=$((failed + 1))
        printf 'FAIL  %s\n%s\n' "$2" "$3"
    fi
}

# check NAME EXPECTED COMMAND…: the command succeeds, and what it prints holds the expected text (a regular expression).
check() {
    exits 0 "$@"
}

# exits STATUS NAME EXPECTED COMMAND…: the same with another exit status.
exits() {
    local expected_status="$1" name="$2" expected="$3" output status
    shift 3
    output="$("$@" 2>&1)"
    status=$?
    if [ "$status" = "$expected_status" ] && grep -qE -- "$expected" <<<"$output"; then
        report ok "$name"
    else
        report FAIL "$name" "exit status $status, not $expected_status with '$expected' from: $*
$output"
    fi
}

# is NAME EXPECTED TEXT: the text holds the expected one.
is() {
    check "$1" "$2" printf '%s\n' "$3"
}

# value JMESPATH COMMAND…: one value out of what the command would print.
value() {
    local path="$1"
    shift
    "$@" --jmespath "$path" --format unix
}

# log_in USERNAME COMMAND…: the command prints a link and waits for the code, which is what the user gets in a browser.
log_in() {
    local user="$1" code="$HOME/code" log="$HOME/log" cli url status
    shift
    rm -f "$code" "$log"
    mkfifo "$code"
    "$@" <"$code" >"$log" 2>&1 &
    cli=$!
    exec 3>"$code"
    for _ in $(seq 600); do
        url="$(grep -oE 'http://[^ ]*authorize[^ ]*' "$log" | head -1)"
        [ -n "$url" ] && break
        kill -0 "$cli" 2>/dev/null || break
        sleep 0.05
    done
    [ -n "$url" ] && python "$HERE/approve.py" "$url" "$user" >&3
    exec 3>&-
    wait "$cli"
    status=$?
    cat "$log"
    return "$status"
}

# Where the emulator keeps what it knows in files, it is killed here and started again.
interlude() {
    [ -n "${REAL_CLIENTS_EMULATOR_PID:-}" ] || return 0
    local old
    old="$(cat "$REAL_CLIENTS_EMULATOR_PID")"
    kill -9 "$old"
    for _ in $(seq 600); do
        local new
        new="$(cat "$REAL_CLIENTS_EMULATOR_PID")"
        if [ -n "$new" ] && [ "$new" != "$old" ]; then
            report ok "the emulator is killed and comes back"
            return
        fi
        sleep 0.05
    done
    report FAIL "the emulator is killed and comes back" "it did not"
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
