#!/usr/bin/env bash
# ask.sh SERVICE ROLE PATH: what each process of a service answers, with the name of its pod.
#
# A Deployment is one of its pods to `kubectl port-forward`, and each knows of itself alone. Where one
# cannot be asked, or says that it is not well, the others are still asked, and the exit status is 1.
set -euo pipefail

service=$1 role=$2 path=$3
pods=$(kubectl -n cchc get pods --output=name \
    --selector="app.kubernetes.io/name=$service,app.kubernetes.io/component=$role")
[ -n "$pods" ] || { echo "$service has no $role" >&2; exit 1; }

status=0
for pod in $pods; do
    # It says first at which port of this machine: "Forwarding from 127.0.0.1:41234 -> 8400".
    coproc FORWARD { exec kubectl -n cchc port-forward "$pod" :8400; }
    forwarding=$FORWARD_PID
    if read -r line <&"${FORWARD[0]}"; then
        here=${line#Forwarding from }
        here=${here% ->*}
        answer=$(curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' \
            ${TOKEN:+--header "Authorization: Bearer $TOKEN"} "http://$here$path") || status=1
        jq --arg pod "$pod" '{pod: $pod, answer: .}' <<< "${answer%$'\n'*}" || status=1
        case ${answer##*$'\n'} in
        2??) ;;
        401) echo "$pod does not take TOKEN: it is good for minutes; sign in again" >&2; status=1 ;;
        *) status=1 ;;
        esac
    else
        echo "$pod cannot be reached" >&2
        status=1
    fi
    kill "$forwarding" 2>/dev/null || true
    wait "$forwarding" 2>/dev/null || true
done
exit $status
