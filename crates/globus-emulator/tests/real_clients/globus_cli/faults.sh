#!/usr/bin/env bash
# Trouble on demand: what the command line says of it, and what its user does then.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null
inject() { python "$HERE/control.py" POST faults "$1" >/dev/null; }

inject '{"path": "/v0.10/**", "times": 2, "action": {"error": {"status": 503}}}'
check "an error that passes is not noticed" "file1.txt" globus ls "$A:/share/godata/"
inject '{"path": "/v0.10/**", "times": 1, "action": {"error": {"status": 403, "code": "PermissionDenied", "message": "not today"}}}'
exits 1 "an error that stays is told" "not today" globus ls "$A:/share/godata/"
inject '{"path": "/v0.10/**", "times": 1, "action": {"session_required": {"session_required_single_domain": ["example.org"], "session_message": "again"}}}'
exits 4 "a demand for a session says what to do" "globus session update example.org" globus ls "$A:/share/godata/"
check "which helps" "successfully updated" log_in "$USERNAME" globus session update --no-local-server example.org
inject '{"path": "/v0.10/**", "times": 1, "action": {"session_required": {"session_required_mfa": true}}}'
exits 4 "a demand for a second factor is told" "session|authenticat" globus ls "$A:/share/godata/"
inject '{"path": "/v0.10/**", "times": 1, "action": {"consent_required": {}}}'
exits 4 "a demand for a consent says what to do" "globus session consent '?urn:globus:auth:scope:transfer" globus ls "$A:/share/godata/"
python "$HERE/control.py" POST clock '{"advance_seconds": 259200}' >/dev/null
check "tokens that have ended are renewed" "file1.txt" globus ls "$A:/share/godata/"
finish
