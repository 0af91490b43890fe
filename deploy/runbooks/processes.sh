#!/usr/bin/env bash
# processes.sh stop|go SERVICE...: ends every process of these services, and is done when none is left; or starts
# two of each again, as the manifests have it.
#
# One that is still there would acknowledge what is then set aside. KEDA would start workers again, so it pauses
# before they are stopped, and goes on before they are started, which it would stop; an autoscaler leaves a
# deployment of 0 replicas alone, and goes on from 2. Of no service it is refused: nothing would be stopped, and
# what comes next would find all of them there.
set -euo pipefail

usage() { echo "processes.sh stop|go SERVICE..." >&2; exit 2; }

case ${1:-} in
stop) paused=autoscaling.keda.sh/paused-replicas=0 replicas=0 ;;
go) paused=autoscaling.keda.sh/paused-replicas- replicas=2 ;;
*) usage ;;
esac
shift
[ $# -gt 0 ] || usage
for service in "$@"; do
    kubectl -n cchc annotate --overwrite "scaledobject/$service-worker" "$paused"
    kubectl -n cchc scale "deployment/$service-api" "deployment/$service-worker" "--replicas=$replicas"
done
[ $replicas -eq 0 ] || exit 0
for service in "$@"; do
    for role in api worker; do
        kubectl -n cchc wait --for=delete --timeout=5m pod \
            "--selector=app.kubernetes.io/name=$service,app.kubernetes.io/component=$role"
    done
done
