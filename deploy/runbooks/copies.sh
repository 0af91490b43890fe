#!/usr/bin/env bash
# copies.sh: holds that the servers' own copies arrive in the object store, and fails where one does not.
#
# Each PostgreSQL of CloudNativePG says whether it archives, and whether its last copy came through, the first of
# which it makes when it is new; MongoDB is told to make one, and says when it is there.
set -euo pipefail

for service in submission appraisal ranking; do
    for condition in ContinuousArchiving LastBackupSucceeded; do
        kubectl -n cchc-servers wait --for="condition=$condition" --timeout=30m "cluster/$service-postgres" || {
            kubectl -n cchc-servers get cluster "$service-postgres" --output='jsonpath={.status.conditions}' >&2
            exit 1
        }
    done
done
name=by-hand-$(date --utc +%Y%m%d-%H%M%S)
kubectl -n cchc-servers create --filename=- <<END
apiVersion: psmdb.percona.com/v1
kind: PerconaServerMongoDBBackup
metadata:
  name: $name
spec: {clusterName: mongo, storageName: objects, compressionType: gzip}
END
kubectl -n cchc-servers wait --for='jsonpath={.status.state}=ready' --timeout=30m perconaservermongodbbackup "$name" || {
    kubectl -n cchc-servers get perconaservermongodbbackup "$name" --output='jsonpath={.status}' >&2
    exit 1
}
