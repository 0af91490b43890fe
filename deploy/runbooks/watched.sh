#!/usr/bin/env bash
# watched.sh: whether the Prometheus at PROMETHEUS has our rules, hears what they go by, and has whom to tell.
#
# A rule about a series that nobody tells is never true: without this, silence looks like health.
set -euo pipefail
shopt -s inherit_errexit

ask() {
    curl --fail-with-body --silent --show-error --max-time 30 --get "$PROMETHEUS/api/v1/$1" "${@:2}"
}

# Each line of it is something that is missing.
missing() {
    local rules name query
    rules=$(ask rules)
    for name in cchc-objectives cchc-budgets cchc-causes; do
        jq --raw-output --arg name "$name" \
            'if any(.data.groups[]; .name == $name) then empty else "no rules \($name)" end' <<< "$rules"
    done
    jq --raw-output '.data.groups[].rules[] | select(.health == "err") | "\(.name): \(.lastError)"' <<< "$rules"
    # What has to be heard, the rules themselves say.
    for name in ProcessUnheard ClusterUnheard; do
        query=$(jq --raw-output --arg name "$name" '.data.groups[].rules[] | select(.name == $name).query' <<< "$rules")
        if [ -z "$query" ]; then
            echo "no rule $name"
            continue
        fi
        ask query --data-urlencode "query=$query" |
            jq --raw-output '.data.result[].metric | "not heard: " + ([.series, .service, .role] | map(values) | join(" "))'
    done
    ask alertmanagers |
        jq --raw-output 'if .data.activeAlertmanagers == [] then "no Alertmanager: nobody is called" else empty end'
}

found=$(missing)
[ -z "$found" ] || { echo "$found" >&2; exit 1; }
