#!/usr/bin/env bash
# unended.sh CRONJOB...: the Jobs made of these that have not ended, whoever began them: the clock, or somebody.
#
# `.status.active` of a CronJob names those alone that the clock began.
set -euo pipefail

# Of none, nothing would be said, as where all have ended.
[ $# -gt 0 ] || { echo "unended.sh CRONJOB..." >&2; exit 2; }
kubectl -n cchc get jobs --output=json | jq --raw-output --args '
    .items[]
    | select(any(.metadata.ownerReferences[]?; .kind == "CronJob" and IN(.name; $ARGS.positional[])))
    | select(all(.status.conditions[]?; .status != "True" or (.type | IN("Complete", "Failed") | not)))
    | .metadata.name' "$@"
