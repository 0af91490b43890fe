#!/usr/bin/env bash
# job.sh NAME MINUTES: waits for a Job, shows its log, and fails where the Job did, or has not ended by then.
#
# `kubectl wait` waits for one way to end, and for all of its time where it is the other one.
set -euo pipefail

name=$1 minutes=$2
deadline=$((SECONDS + minutes * 60))
while true; do
    ended=$(kubectl -n cchc get job "$name" --output='jsonpath={.status.conditions[?(@.status=="True")].type}')
    case " $ended " in
    *" Complete "*) status=0; break ;;
    *" Failed "*) status=1; break ;;
    esac
    if [ $SECONDS -ge $deadline ]; then
        echo "the Job $name has not ended within $minutes minutes" >&2
        exit 1
    fi
    sleep 3
done
# Of pods that are gone there is no log: that is said, and how the Job ended counts.
kubectl -n cchc logs "job/$name" --all-containers || true
if [ $status -ne 0 ]; then echo "the Job $name has failed" >&2; fi
exit $status
