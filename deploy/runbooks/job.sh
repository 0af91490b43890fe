#!/usr/bin/env bash
# job.sh NAME MINUTES: waits for a Job, shows its log, and fails where the Job did, or has not ended by then.
#
# `kubectl wait` waits for one way to end, and for all of its time where it is the other one.
set -euo pipefail

name=$1 minutes=$2
deadline=$((SECONDS + minutes * 60))

# Of a Job that is not well: why its pods do not run, and the log of each attempt. Then fail.
not_well() {
    {
        local pods pod selector=batch.kubernetes.io/job-name=$name
        bash "$(dirname "$0")/why.sh" cchc "$selector" || true
        pods=$(kubectl -n cchc get pods --output=name --selector="$selector") || true
        for pod in $pods; do
            kubectl -n cchc logs "$pod" --all-containers --prefix || echo "$pod has no log"
        done
        echo "the Job $name $1"
    } >&2
    exit 1
}

while true; do
    ended=$(kubectl -n cchc get job "$name" --output='jsonpath={.status.conditions[?(@.status=="True")].type}')
    case " $ended " in
    *" Complete "*) break ;;
    *" Failed "*) not_well "has failed" ;;
    esac
    if [ $SECONDS -ge $deadline ]; then not_well "has not ended within $minutes minutes"; fi
    sleep 3
done
# Of pods that are gone there is no log: that is said, and how the Job ended counts.
kubectl -n cchc logs "job/$name" --all-containers || true
