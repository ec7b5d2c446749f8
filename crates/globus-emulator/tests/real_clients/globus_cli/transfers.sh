#!/usr/bin/env bash
# Transfers and deletions, and the tasks they are.
. "$(dirname "$0")/harness.sh"
log_in "$USERNAME" globus login --no-local-server >/dev/null
home="$GLOBUS_EMULATOR_COLLECTION_B_DIR/home/${USERNAME%@*}"

check "transfer, dry run" '"source_endpoint": "'"$A" globus transfer --dry-run "$A:/share/godata/" "$B:/~/run/" --recursive --format json
task="$(value task_id globus transfer "$A:/share/climate-run/" "$B:/~/run/" --recursive --label 'from the cli')"
is "transfer" "^[0-9a-f-]{36}$" "$task"
interlude
check "task wait" "" globus task wait --polling-interval 1 --timeout 60 "$task"
check "task show" "Status: +SUCCEEDED" globus task show "$task"
check "task show, successful transfers" "1990/wind.nc" globus task show --successful-transfers "$task"
check "task show, skipped errors" "" globus task show --skipped-errors "$task"
is "the bytes arrive" "^$" "$(diff -r "$GLOBUS_EMULATOR_COLLECTION_A_DIR/share/climate-run" "$home/run" 2>&1)"
check "task event-list" "SUCCEEDED" globus task event-list "$task"
check "task list" "from the cli" globus task list
check "task list, filtered" "$task" globus task list --filter-status SUCCEEDED --filter-type TRANSFER --filter-label 'from*' --inexact
is "task list, filtered by another status" "^\[\]$" "$(globus task list --filter-status FAILED --jmespath DATA | xargs)"
exits 1 "task show of another task" "TaskNotFound" globus task show "$A"

submission="$(globus task generate-submission-id)"
first="$(value task_id globus transfer "$A:/share/godata/file1.txt" "$B:/~/one.txt" --submission-id "$submission")"
again="$(value task_id globus transfer "$A:/share/godata/file1.txt" "$B:/~/one.txt" --submission-id "$submission")"
is "one submission is one task" "^$first$" "$again"

batch() { printf '%s\n' "/share/godata/file2.txt /~/two.txt" "--recursive /share/godata /~/some" | globus transfer "$A" "$B" --batch - --jmespath task_id --format unix; }
task="$(batch)"
check "transfer of a batch" "" globus task wait --timeout 60 "$task"
is "all of the batch arrives" "^file1.txt file2.txt file3.txt two.txt$" "$(cd "$home" && ls some two.txt | grep txt | sort | xargs)"
task="$(value task_id globus transfer "$A:/share/climate-run/" "$B:/~/winds/" --recursive --include wind.nc --exclude '*')"
globus task wait --timeout 60 "$task"
check "transfer of what rules leave" "Files: +10" globus task show "$task"
task="$(value task_id globus transfer "$A:/share/climate-run/" "$B:/~/run/" --recursive --sync-level checksum --preserve-mtime)"
globus task wait --timeout 60 "$task"
is "transfer of what differs" "^40 0$" "$(value "[files_skipped, files_transferred]" globus task show "$task" | xargs)"

stuck="$(value task_id globus transfer "$A:/share/missing" "$B:/~/missing" --deadline 2040-01-01)"
exits 1 "task wait with a limit" "" globus task wait --polling-interval 1 --timeout 1 "$stuck"
check "task update" "" globus task update "$stuck" --label renamed --deadline 2039-01-01
check "task show of what is stuck" "ACTIVE" globus task show "$stuck"
check "task pause-info" "" globus task pause-info "$stuck"
check "task cancel" "cancell?ed" globus task cancel "$stuck"
check "task show of what was cancelled" "FAILED" globus task show "$stuck"

task="$(value task_id globus delete "$B:/~/run" --recursive --label 'delete')"
check "delete" "" globus task wait --timeout 60 "$task"
is "what was deleted is gone" "No such file" "$(ls "$home/run" 2>&1)"
task="$(printf '/~/one.txt\n/~/two.txt\n' | value task_id globus delete "$B" --batch -)"
check "delete of a batch" "" globus task wait --timeout 60 "$task"
is "all of the batch is gone" "^some winds$" "$(cd "$home" && ls | xargs)"
finish
