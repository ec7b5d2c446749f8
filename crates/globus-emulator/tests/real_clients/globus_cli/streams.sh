#!/usr/bin/env bash
# Tunnels between stream access points.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null

points="$(globus api transfer get /v2/stream_access_points --jmespath 'data[].id' --format unix)"
one="$(printf '%s' "$points" | cut -f1 | head -1)"
two="$(printf '%s' "$points" | tr '\t' '\n' | sed -n 2p)"
check "streams access-point show" "$one" globus streams access-point show "$one" --format json
tunnel="$(value data.id globus streams tunnel create "$one" "$two" --label 'from the cli' --lifetime-minutes 60)"
is "streams tunnel create" "^[0-9a-f-]{36}$" "$tunnel"
check "streams tunnel list" "from the cli" globus streams tunnel list
interlude
check "streams tunnel update" "renamed" globus streams tunnel update "$tunnel" --label renamed
check "streams tunnel show" "AWAITING_LISTENER" globus streams tunnel show "$tunnel"
check "streams tunnel stop" "" globus streams tunnel stop "$tunnel"
check "streams tunnel events" "TUNNEL_STOPPED|stopped" globus streams tunnel events "$tunnel"
check "streams tunnel delete" "" globus streams tunnel delete "$tunnel"
exits 1 "streams tunnel show of nothing" "404" globus streams tunnel show "$tunnel"
finish
