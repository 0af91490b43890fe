#!/usr/bin/env bash
# why.sh NAMESPACE [SELECTOR]: why pods do not run: how each stands, whether its volumes are there, and
# what the cluster has complained of within the hour.
#
# A pod whose image, secret, volume or place is missing never writes a log, and one that is forbidden
# is no pod; of all that, events alone tell.
set -euo pipefail

namespace=$1 selector=${2:-}
kubectl -n "$namespace" get pods ${selector:+--selector="$selector"} --output=wide
kubectl -n "$namespace" get persistentvolumeclaims
kubectl -n "$namespace" events --types=Warning
