#!/usr/bin/env bash
# start.sh CRONJOB MINUTES [TIME]: starts what lies at hand as a CronJob, and waits for it as job.sh does.
#
# Each time by a name of its own: a Job of the last time would be found in its place, and what came of that one
# taken for what came of this one. TIME is the backup that is meant, as its folder is called. Two of one kind
# at once would do the same twice to one place, so that one that has not ended is named, and none is begun.
set -euo pipefail

command=$1 minutes=$2 at=${3:-}
# Without a TIME it would be the newest, and with one that was not found too.
if [ $# -gt 2 ] && [ -z "$at" ]; then
    echo "start.sh CRONJOB MINUTES [TIME]: this TIME is empty" >&2
    exit 2
fi
here=$(dirname "$0")
unended=$(bash "$here/unended.sh" "$command")
if [ -n "$unended" ]; then
    echo "not ended yet: $unended; wait for it (job.sh), or delete it where it hangs" >&2
    exit 1
fi
name=$command-$(date --utc +%Y%m%d-%H%M%S-%3N)
made=$(kubectl -n cchc create job "$name" --from="cronjob/$command" --dry-run=client --output=yaml)
if [ -n "$at" ]; then
    made=$(kubectl set env --local --filename=- --output=yaml "BACKUP_AT=$at" <<<"$made")
fi
kubectl -n cchc create --filename=- <<<"$made" >&2
bash "$here/job.sh" "$name" "$minutes"
