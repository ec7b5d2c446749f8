#!/usr/bin/env bash
# Directories: listed, made, renamed, removed.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null

check "ls" "^file1.txt$" globus ls "$A:/share/godata/"
check "ls, long" "\| 4 .*file2.txt" globus ls --long "$A:/share/godata/"
check "ls, in JSON" '"name": "file2.txt"' globus ls --format json "$A:/share/godata/"
check "ls, recursive" "^1995/wind.nc$" globus ls --recursive "$A:/share/climate-run/"
check "ls, to a depth" "^climate-run/1995/$" globus ls --recursive --recursive-depth-limit 1 "$A:/share/"
check "ls, filtered" "^file3.txt$" globus ls --filter '~file3*' "$A:/share/godata/"
is "ls, ordered" "^file3.txt file2.txt file1.txt$" "$(globus ls --orderby name:DESC "$A:/share/godata/" | xargs)"
exits 1 "ls of nothing" "NotFound" globus ls "$A:/share/nothing/"
check "mkdir" "created" globus mkdir "$B:/~/made"
exits 1 "mkdir twice" "Exists" globus mkdir "$B:/~/made"
interlude
check "rename" "renamed" globus rename "$B" /~/made /~/moved
check "stat of a directory" "dir" globus stat "$B:/~/moved"
check "stat of a file" "4" globus stat "$A:/share/godata/file1.txt"
check "stat of nothing" "Nothing found" globus stat "$A:/share/nothing"
touch "$GLOBUS_EMULATOR_COLLECTION_B_DIR/home/${USERNAME%@*}/moved/.hidden"
check "ls --all shows what is hidden" "^.hidden$" globus ls --all "$B:/~/moved"
is "ls does not" "^$" "$(globus ls "$B:/~/moved")"
check "rm" "submitted" globus rm --recursive "$B:/~/moved"
exits 1 "ls of what was removed" "NotFound" globus ls "$B:/~/moved"
exits 1 "rm of nothing" "submitted" globus rm --timeout 1 "$B:/~/nothing"
check "rm of nothing, if one says so" "submitted" globus rm --ignore-missing "$B:/~/moved"
finish
