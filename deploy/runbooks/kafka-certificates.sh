#!/usr/bin/env bash
# kafka-certificates.sh: bring the certificates that Strimzi has made, or renewed, to the services,
# which speak to Kafka by them. Done twice it comes to the same.
set -euo pipefail

umask 077
made=$(mktemp -d)
trap 'rm -r "$made"' EXIT

# Write one value of a secret of cchc-servers into a file of its name; fail where there is none.
take() {
    kubectl -n cchc-servers get secret "$1" --output=json |
        jq --exit-status --raw-output ".data[\"$2\"]" | base64 --decode > "$made/$2"
}

kubectl -n cchc-servers wait --for=condition=Ready --timeout=15m kafka/kafka
take kafka-cluster-ca-cert ca.crt
for service in submission appraisal survey ranking; do
    kubectl -n cchc-servers wait --for=condition=Ready --timeout=5m "kafkauser/$service"
    take "$service" user.crt
    take "$service" user.key
    kubectl -n cchc create secret generic "$service-kafka" --dry-run=client --output=yaml \
        --from-file=ca.crt="$made/ca.crt" --from-file=user.crt="$made/user.crt" \
        --from-file=user.key="$made/user.key" |
        kubectl apply --filename=-
done
