#!/usr/bin/env bash
# saves.sh stop|go: lets nothing be saved by the clock any more, nor drilled; or again.
#
# What is saved of a system that is not whole yet would be its newest backup, and older ones are given
# up after their days. What runs already is waited for: it is whole, or it is no backup.
set -euo pipefail

case $1 in
stop) suspended=true ;;
go) suspended=false ;;
*) echo "saves.sh stop|go" >&2; exit 2 ;;
esac
for name in ranking-save appraisal-save submission-save topic-save survey-save restore-drill; do
    kubectl -n cchc patch cronjob "$name" --patch="{\"spec\": {\"suspend\": $suspended}}"
done
while [ $suspended = true ]; do
    running=$(kubectl -n cchc get cronjobs --output='jsonpath={.items[*].status.active[*].name}')
    [ -n "$running" ] || break
    echo "still running: $running" >&2
    sleep 5
done
