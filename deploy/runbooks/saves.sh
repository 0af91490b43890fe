#!/usr/bin/env bash
# saves.sh stop [MINUTES]|go: lets nothing be saved by the clock any more, nor drilled; or again.
#
# What is saved of a system that is not whole yet would be its newest backup, and older ones are given
# up after their days. What runs already, begun by the clock or by hand, is waited for: it is whole, or it is no backup.
set -euo pipefail

case ${1:-} in
stop) suspended=true ;;
go) suspended=false ;;
*) echo "saves.sh stop [MINUTES]|go" >&2; exit 2 ;;
esac
minutes=${2:-120}
# The drill may have been left out of the cluster (install, step 6).
drill=$(kubectl -n cchc get cronjob restore-drill --ignore-not-found --output='jsonpath={.metadata.name}')
clocks=(ranking-save appraisal-save submission-save topic-save survey-save $drill)
for name in "${clocks[@]}"; do
    kubectl -n cchc patch cronjob "$name" --patch="{\"spec\": {\"suspend\": $suspended}}"
done
[ $suspended = true ] || exit 0
deadline=$((SECONDS + minutes * 60))
while true; do
    unended=$(bash "$(dirname "$0")/unended.sh" "${clocks[@]}")
    [ -n "$unended" ] || break
    if [ $SECONDS -ge $deadline ]; then
        echo "not ended within $minutes minutes:" $unended >&2
        echo "where one hangs, delete it (kubectl -n cchc delete job NAME), what it began is no backup; then begin again" >&2
        exit 1
    fi
    echo "still running:" $unended >&2
    sleep 5
done
