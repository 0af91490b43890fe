#!/usr/bin/env bash
# copies.sh: holds that the servers' own copies arrive in the object store, and fails where one does not.
#
# Each server is told to make one now, and says when it is there: that those of last night arrived says nothing of
# a key that has changed since. CloudNativePG gives its copies up after their days; those of MongoDB are deleted by hand.
set -euo pipefail

name=by-hand-$(date --utc +%Y%m%d-%H%M%S)
for service in submission appraisal ranking; do
    kubectl -n cchc-servers wait --for=condition=ContinuousArchiving --timeout=30m "cluster/$service-postgres" || {
        kubectl -n cchc-servers get cluster "$service-postgres" --output='jsonpath={.status.conditions}' >&2
        exit 1
    }
    kubectl -n cchc-servers create --filename=- <<END
apiVersion: postgresql.cnpg.io/v1
kind: Backup
metadata:
  name: $service-$name
spec: {cluster: {name: $service-postgres}}
END
    kubectl -n cchc-servers wait --for='jsonpath={.status.phase}=completed' --timeout=30m "backup/$service-$name" || {
        kubectl -n cchc-servers get "backup/$service-$name" --output='jsonpath={.status}' >&2
        exit 1
    }
done
kubectl -n cchc-servers create --filename=- <<END
apiVersion: psmdb.percona.com/v1
kind: PerconaServerMongoDBBackup
metadata:
  name: $name
  finalizers: [percona.com/delete-backup]
spec: {clusterName: mongo, storageName: objects, compressionType: gzip}
END
kubectl -n cchc-servers wait --for='jsonpath={.status.state}=ready' --timeout=30m perconaservermongodbbackup "$name" || {
    kubectl -n cchc-servers get perconaservermongodbbackup "$name" --output='jsonpath={.status}' >&2
    exit 1
}
