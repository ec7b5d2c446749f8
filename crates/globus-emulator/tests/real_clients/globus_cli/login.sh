#!/usr/bin/env bash
# Logging in and out: the link that is printed, a browser on this machine, profiles, sessions, consents.
. "$(dirname "$0")/harness.sh"

exits 4 "without a login, it says how" "globus login" globus whoami
check "login by a link and a code" "logged in" log_in "$USERNAME" globus login --no-local-server
check "a second login is not needed" "already logged in" globus login --no-local-server
check "whoami" "^$USERNAME$" globus whoami
check "whoami, in full" "Robin Researcher" globus whoami --verbose
check "whoami, linked identities" "$USERNAME" globus whoami --linked-identities
check "whoami, in JSON" '"preferred_username": "'"$USERNAME"'"' globus whoami --format json
check "get-identities by username" "ada@example.org" globus get-identities --verbose ada@example.org
ada="$(globus get-identities ada@example.org)"
check "get-identities by id" "ada@example.org" globus get-identities "$ada"
check "session show" "$USERNAME" globus session show

interlude

check "the login is still there" "^$USERNAME$" globus whoami
check "session update" "successfully updated" log_in "$USERNAME" globus session update --no-local-server "$USERNAME"
check "session update to a domain" "successfully updated" log_in "$USERNAME" globus session update --no-local-server example.org
exits 4 "a collection asks for consent" "globus session consent" globus ls "$GUARDED:/share/"
consent="urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/$GUARDED/data_access]"
check "session consent" "successfully updated" log_in "$USERNAME" globus session consent --no-local-server "$consent"
check "the consent counts" "godata" globus ls "$GUARDED:/share/"

first="$GLOBUS_PROFILE"
export GLOBUS_PROFILE=ada
check "another profile is somebody else" "logged in" log_in ada@example.org globus login --no-local-server
check "whoami of the other profile" "^ada@example.org$" globus whoami
export GLOBUS_PROFILE="$first"
check "whoami of the first profile" "^$USERNAME$" globus whoami
check "both profiles are listed" "ada" globus cli-profile-list

python "$HERE/control.py" POST clock '{"advance_seconds": 3600}' >/dev/null
check "a login by a clock that was moved" "successfully updated" log_in "$USERNAME" globus session update --no-local-server "$USERNAME"
python "$HERE/control.py" POST clock '{"advance_seconds": 172800}' >/dev/null
check "tokens that have expired since are renewed" "^$USERNAME$" globus whoami
exits 1 "a service that is not there says so" "has no search service" globus search index list

token="$(python "$HERE/stored_token.py" transfer.api.globus.org)"
check "logout" "logged out" globus logout --yes
is "logout ends the tokens" "^401$" "$(python "$HERE/status_with.py" "$token")"
exits 4 "after logout, it says how to log in" "globus login" globus ls "$A:/"

BROWSER="python $HERE/approve.py %s" check "login by a browser on this machine" "logged in" globus login
check "whoami after that" "^$USERNAME$" globus whoami
check "logout and delete the client" "logged out" globus logout --yes --delete-client
finish
