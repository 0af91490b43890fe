"""Every overlay keeps every rule, and each rule has been seen to bite."""

from collections.abc import Callable, Iterator

import pytest

from tests.deploy.rules import operators, pods, telling, whole
from tests.support.manifests import OVERLAYS, REMOVED, Manifests, planted, rendered, with_smoke

Rule = Callable[[Manifests], Iterator[str]]

RULES: tuple[Rule, ...] = (*pods.RULES, *operators.RULES, *whole.RULES, *telling.RULES)
API = "Deployment survey-api"
WORKER = "Deployment ranking-worker"
POSTGRES = "StatefulSet cchc-servers/survey-postgres"
POD = "spec/template/spec"
ONE = f"{POD}/containers/0"
SETTINGS = "ConfigMap SETTINGS"
"""Its name ends with a hash of what it says."""

PLANTED: list[tuple[Rule, str, str, object]] = [
    (pods.pods_are_restricted, API, f"{POD}/securityContext/runAsNonRoot", REMOVED),
    (pods.pods_are_restricted, POSTGRES, f"{POD}/securityContext/runAsUser", 0),
    (pods.pods_are_restricted, API, f"{POD}/securityContext/seccompProfile", REMOVED),
    (pods.pods_are_restricted, API, f"{POD}/hostNetwork", True),
    (pods.pods_are_restricted, API, f"{POD}/volumes/0", {"name": "x", "hostPath": {"path": "/"}}),
    (pods.containers_are_restricted, API, f"{ONE}/securityContext/readOnlyRootFilesystem", False),
    (pods.containers_are_restricted, POSTGRES, f"{ONE}/securityContext/capabilities", REMOVED),
    (pods.containers_are_restricted, API, f"{ONE}/securityContext/allowPrivilegeEscalation", True),
    (pods.pods_have_no_token, API, f"{POD}/automountServiceAccountToken", REMOVED),
    (pods.images_have_a_version, POSTGRES, f"{ONE}/image", "postgres:latest"),
    (pods.images_have_a_version, POSTGRES, f"{ONE}/image", "localhost:5000/postgres"),
    (pods.images_have_a_version, API, f"{ONE}/image", "cchc/survey:0.0.9"),
    (pods.images_have_a_version, API, f"{ONE}/image", "cchc/ranking:0.1.0"),
    (pods.resources_are_bounded, API, f"{ONE}/resources/limits", REMOVED),
    (pods.resources_are_bounded, API, f"{ONE}/resources/requests/cpu", REMOVED),
    (pods.what_runs_is_watched, API, f"{ONE}/readinessProbe", REMOVED),
    (pods.what_runs_is_watched, POSTGRES, f"{ONE}/startupProbe", REMOVED),
    (pods.what_runs_is_watched, API, f"{ONE}/livenessProbe/httpGet/path", "/readyz"),
    (pods.what_runs_is_watched, API, f"{ONE}/livenessProbe/httpGet/port", "metrics"),
    (pods.a_start_may_take_its_time, API, f"{ONE}/startupProbe/failureThreshold", 150),
    (pods.metrics_are_where_they_are_looked_for, API, f"{ONE}/ports/1/containerPort", 9090),
    (pods.a_process_may_finish_what_it_began, API, f"{POD}/terminationGracePeriodSeconds", 30),
    (pods.a_process_may_finish_what_it_began, SETTINGS, "data/CCHC_STOP_S", "30"),
    (pods.a_process_may_finish_what_it_began, API, f"{ONE}/lifecycle", REMOVED),
    (pods.none_goes_before_another_came, WORKER, "spec/strategy/rollingUpdate/maxUnavailable", 1),
    (pods.several_are_spread_over_nodes, WORKER, f"{POD}/topologySpreadConstraints", REMOVED),
    (whole.no_two_have_one_name, "Service ranking-api", "metadata/name", "survey-api"),
    (
        whole.namespaces_refuse_what_is_not_restricted,
        "Namespace cchc",
        "metadata/labels/pod-security.kubernetes.io~enforce",
        "baseline",
    ),
    (whole.namespaces_are_there, "Service ranking-api", "metadata/namespace", "default"),
    (
        whole.namespaces_deny_what_nobody_allows,
        "NetworkPolicy deny-all",
        "spec/policyTypes",
        ["Ingress"],
    ),
    (
        whole.selectors_find_their_own,
        WORKER,
        "spec/selector/matchLabels/app.kubernetes.io~name",
        "survey",
    ),
    (
        whole.selectors_find_their_own,
        WORKER,
        "spec/selector/matchLabels/app.kubernetes.io~component",
        REMOVED,
    ),
    (
        whole.services_lead_to_one_workload,
        "Service ranking-api",
        "spec/selector/app.kubernetes.io~component",
        "worker-of-none",
    ),
    (
        whole.services_lead_to_one_workload,
        "Service ranking-api",
        "spec/ports/0/targetPort",
        "https",
    ),
    (
        whole.what_scales_finds_its_target,
        "HorizontalPodAutoscaler survey-api",
        "spec/scaleTargetRef/name",
        "survey",
    ),
    (whole.what_scales_finds_its_target, API, "spec/replicas", 2),
    (whole.budgets_leave_room, "PodDisruptionBudget survey-api", "spec/maxUnavailable", 2),
    (whole.budgets_leave_room, "PodDisruptionBudget survey-api", "spec/maxUnavailable", 0),
    (
        whole.budgets_leave_room,
        "PodDisruptionBudget survey-api",
        "spec/selector/matchLabels/app.kubernetes.io~component",
        "worker-of-none",
    ),
    (whole.workers_are_two_and_no_more_than_partitions, WORKER, "spec/replicas", 9),
    (whole.workers_are_two_and_no_more_than_partitions, WORKER, "spec/replicas", 0),
    (whole.connections_suffice, "HorizontalPodAutoscaler survey-api", "spec/maxReplicas", 26),
    (whole.what_is_mounted_is_there, API, f"{POD}/serviceAccountName", "default"),
    (whole.what_is_mounted_is_there, "PersistentVolumeClaim trial", "metadata/name", "folder"),
    (telling.settings_are_such, SETTINGS, "data/CCHC_STOP_SECONDS", "20"),
    (telling.settings_are_such, SETTINGS, "data/CCHC_MODE", REMOVED),
    (telling.settings_are_such, SETTINGS, "data/CCHC_TRIAL_DIR", REMOVED),
    (telling.settings_are_such, SETTINGS, "data/CCHC_KAFKA_REPLICAS", "2"),
    (telling.settings_are_such, API, f"{ONE}/env/0", {"name": "CCHC_LOG", "value": "text"}),
    (telling.secrets_are_referred_to, SETTINGS, "data/CCHC_MONGO", "mongodb://mongo:27017"),
    (telling.secrets_are_referred_to, SETTINGS, "data/login", "password=known"),
    (telling.secrets_are_referred_to, SETTINGS, "kind", "Secret"),
    (
        telling.secrets_are_referred_to,
        API,
        f"{ONE}/env/0",
        {"name": "CCHC_POSTGRES", "value": "postgresql://survey:known@postgres:5432/survey"},
    ),
    (
        telling.secrets_are_referred_to,
        POSTGRES,
        f"{ONE}/env/1",
        {"name": "POSTGRES_PASSWORD", "value": "known"},
    ),
    (
        telling.secrets_are_those_of_the_service,
        API,
        f"{ONE}/env/0/valueFrom/secretKeyRef/name",
        "ranking-postgres",
    ),
    (
        telling.secrets_are_those_of_the_service,
        API,
        f"{POD}/volumes/0",
        {"name": "tmp", "secret": {"secretName": "ranking-kafka"}},
    ),
    (
        telling.one_process_has_the_private_key,
        API,
        f"{ONE}/env/0",
        {"name": "CCHC_CHECKPOINT_KEY", "value": "/run/key.pem"},
    ),
    (telling.one_process_has_the_private_key, WORKER, f"{ONE}/env/0/name", "CCHC_KEY_SET"),
    (telling.keys_lie_where_they_are_told_to, WORKER, f"{ONE}/env/0/value", "/run/key.pem"),
    (
        telling.keys_lie_where_they_are_told_to,
        API,
        f"{POD}/volumes/0",
        {"name": "tmp", "secret": {"secretName": "ranking-checkpoint-key"}},
    ),
    (
        telling.all_go_by_the_same_topic,
        API,
        f"{ONE}/env/0",
        {"name": "CCHC_KAFKA_PARTITIONS", "value": "16"},
    ),
]

MONGO, KAFKA = "PerconaServerMongoDB cchc-servers/mongo", "Kafka cchc-servers/kafka"
BROKERS = "KafkaNodePool cchc-servers/broker"
BACKING_UP = "spec/backup/containerSecurityContext"
"""Of the agent in each server's pod: without it no server would be let in."""
TOPICS = "spec/entityOperator/template/topicOperatorContainer"
PLANTED_IN_PRODUCTION: list[tuple[Rule, str, str, object]] = [
    (operators.what_operators_run_has_no_rights, MONGO, BACKING_UP, REMOVED),
    (operators.what_operators_run_has_no_rights, MONGO, f"{BACKING_UP}/capabilities", {}),
    (operators.what_operators_run_has_no_rights, KAFKA, TOPICS, REMOVED),
    (operators.what_operators_run_is_nobody, MONGO, "spec/replsets/0/podSecurityContext", {}),
    (operators.what_operators_run_is_nobody, BROKERS, "spec/template/pod", {}),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_keeps_the_rule(overlay: str, rule: Rule) -> None:
    breaches = sorted(rule(rendered(overlay)))

    assert not breaches, "\n".join(breaches)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_job_that_tries_it_keeps_the_rule(overlay: str, rule: Rule) -> None:
    assert not sorted(rule(with_smoke(overlay)))


@pytest.mark.parametrize(
    ("rule", "place", "path", "value"),
    PLANTED,
    ids=[f"{rule.__name__}-{number}" for number, (rule, *_) in enumerate(PLANTED)],
)
def test_a_breach_is_found(rule: Rule, place: str, path: str, value: object) -> None:
    kept = rendered("trial")
    [settings] = [
        each["metadata"]["name"]
        for each in kept.of("ConfigMap")
        if each["metadata"]["name"].startswith("settings-")
    ]

    broken = planted(kept, place.replace("SETTINGS", settings), path, value)

    assert list(rule(broken))


@pytest.mark.parametrize(("rule", "place", "path", "value"), PLANTED_IN_PRODUCTION)
def test_a_breach_in_what_operators_run_is_found(
    rule: Rule, place: str, path: str, value: object
) -> None:
    assert list(rule(planted(rendered("production"), place, path, value)))


def test_each_rule_is_seen_to_bite() -> None:
    assert {rule for rule, *_ in (*PLANTED, *PLANTED_IN_PRODUCTION)} == set(RULES)
