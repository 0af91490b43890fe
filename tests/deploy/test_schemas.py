"""Every object is such as Kubernetes takes, and custom resources agree with what they are about.

The schemas of Kubernetes come with kubernetes-validate. Those of the operators are not in this
tree, so of their objects is only known that they say what the system needs.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from deploy.observability.series import label_of, name_of
from shared.adapters.deployed.settings import read
from shared.adapters.kafka import topic
from shared.adapters.telemetry import contract
from tests.deploy.rules.telling import EXAMPLES
from tests.support.manifests import (
    OVERLAYS,
    Manifest,
    Manifests,
    namespace_of,
    overlaid,
    place_of,
    planted,
    rendered,
)

VERSION = "1.37"
CUSTOM = {
    "gateway.networking.k8s.io/v1",
    "kafka.strimzi.io/v1",
    "keda.sh/v1alpha1",
    "monitoring.coreos.com/v1",
    "postgresql.cnpg.io/v1",
    "psmdb.percona.com/v1",
}
"""Kinds of operators, of which a trial has none."""
RUNBOOKS = Path(__file__).parents[2] / "deploy" / "runbooks"
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
THREATS = Path(__file__).parents[2] / "services" / "survey" / "THREATS.md"
ALTERED = re.compile(r"^alter system set (\w+) = '?([^';]+)'?;$", re.MULTILINE)
SAYING, MIGRATING = ("Read", "Write", "Describe"), ("Create", "DescribeConfigs")
"""What a service does with the topic, and what `migrate` does before."""
WITH_FACTS = ("submission", "appraisal", "ranking")
"""The services whose PostgreSQL may be copied."""


@pytest.fixture(scope="module")
def kubernetes() -> ModuleType:
    """Who knows the schemas: to load it takes more than a second, which few tests need."""
    import kubernetes_validate  # noqa: PLC0415 - see above

    known: ModuleType = kubernetes_validate
    return known


@pytest.mark.slow
@pytest.mark.xdist_group("schemas")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kubernetes_takes_every_object_of_its_own_kinds(
    overlay: str, kubernetes: ModuleType
) -> None:
    unknown = set()
    for each in rendered(overlay).objects:
        try:
            kubernetes.validate(dict(each), VERSION, strict=True)
        except kubernetes.SchemaNotFoundError:
            unknown.add(each["apiVersion"])

    assert unknown == (set() if overlay == "trial" else CUSTOM)


@pytest.mark.xdist_group("schemas")
@pytest.mark.parametrize(
    ("place", "path", "value"),
    [
        ("Deployment survey-api", "spec/replicaz", 3),
        ("Deployment survey-api", "spec/template/spec/containers/0/ports/0/containerPort", "http"),
        ("NetworkPolicy deny-all", "spec/podSelectors", {}),
        ("PodDisruptionBudget survey-api", "spec/selector", "all"),
    ],
)
def test_a_slip_of_the_pen_is_refused(
    place: str, path: str, value: object, kubernetes: ModuleType
) -> None:
    changed = planted(rendered("trial"), place, path, value)
    [wrong] = [each for each in changed.objects if place_of(each) == place]

    with pytest.raises(kubernetes.ValidationError):
        kubernetes.validate(dict(wrong), VERSION, strict=True)


@pytest.fixture(scope="module")
def production() -> Manifests:
    return rendered("production")


def test_the_topic_is_the_one_that_migrate_would_make(production: Manifests) -> None:
    [worker] = [each for each in production.processes if each.name == "ranking-worker"]
    settings = read("ranking", {**production.settings(worker), **EXAMPLES})

    [made] = production.of("KafkaTopic")

    assert made["metadata"]["name"] == settings.kafka_topic
    assert made["spec"]["partitions"] == settings.kafka_partitions
    assert made["spec"]["replicas"] == settings.kafka_replicas
    wanted = topic._settings(settings.kafka_replicas)  # noqa: SLF001 - the one place that says it
    assert {name: _text(value) for name, value in made["spec"]["config"].items()} == wanted


def test_kafka_speaks_by_tls_alone_to_a_user_for_each_service(production: Manifests) -> None:
    [kafka] = production.of("Kafka")
    [listener] = kafka["spec"]["kafka"]["listeners"]
    users = {each["metadata"]["name"] for each in production.of("KafkaUser")}
    asked = [each["spec"]["authentication"] for each in production.of("KafkaUser")]

    assert (listener["tls"], listener["authentication"]) == (True, {"type": "tls"})
    assert "userOperator" in kafka["spec"]["entityOperator"]
    assert users == {each.service for each in production.processes}
    assert asked == [{"type": "tls"}] * len(users)
    told = {production.settings(each)["CCHC_KAFKA"] for each in production.processes}
    assert told == {f"kafka-kafka-bootstrap.cchc-servers:{listener['port']}"}


def test_a_service_may_say_and_hear_facts_and_take_nothing_away(production: Manifests) -> None:
    [kafka] = production.of("Kafka")
    topics = {production.settings(each).get("CCHC_KAFKA_TOPIC") for each in production.processes}
    [topic] = production.of("KafkaTopic")

    assert kafka["spec"]["kafka"]["authorization"] == {"type": "simple"}
    assert topics == {None}, "the name by default: facts-production"
    for user in production.of("KafkaUser"):
        given = user["spec"]["authorization"]
        lists = {each["resource"]["type"]: each for each in given["acls"]}
        assert (given["type"], set(lists)) == ("simple", {"topic", "group"})
        assert set(lists["topic"]["operations"]) == {*SAYING, *MIGRATING}
        assert set(lists["group"]["operations"]) == {"Read", "Describe"}
        for each in lists.values():
            # What was lost comes back under another name; groups are called after their topic.
            assert each["resource"]["patternType"] == "prefix"
            assert each["resource"]["name"] == topic["metadata"]["name"]


def test_mongo_has_a_user_for_the_database_of_each_service(production: Manifests) -> None:
    [mongo] = production.of("PerconaServerMongoDB")
    databases = {
        each.service: read(each.service, {**production.settings(each), **EXAMPLES}).mongo_database
        for each in production.processes
    }

    granted = {each["name"]: each["roles"] for each in mongo["spec"]["users"]}

    assert granted == {
        service: [{"name": "readWrite", "db": database}] for service, database in databases.items()
    }


def test_postgres_is_copied_for_the_services_with_facts_and_for_the_survey_never(
    production: Manifests,
) -> None:
    names = {f"{service}-postgres" for service in WITH_FACTS}
    clusters = {each["metadata"]["name"]: each["spec"] for each in production.of("Cluster")}

    assert set(clusters) == names
    for service in WITH_FACTS:
        spec = clusters[f"{service}-postgres"]
        assert spec["postgresql"]["synchronous"]["number"] < spec["instances"] == 3
        assert spec["bootstrap"]["initdb"]["owner"] == service
    scheduled = {each["spec"]["cluster"]["name"] for each in production.of("ScheduledBackup")}
    assert scheduled == names


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_survey_s_postgres_has_the_settings_of_the_threat_model(overlay: str) -> None:
    [survey] = [each for each in rendered(overlay).workloads if each.name == "survey-postgres"]
    told = dict(each.split("=") for each in survey.containers[0]["args"] if each != "-c")

    assert (survey.least, survey.most) == (1, 1)
    wanted = ALTERED.findall(THREATS.read_text("utf-8"))
    assert len(wanted) >= 14
    assert {name: told.get(name) for name, _ in wanted} == dict(wanted)


def test_workers_are_scaled_by_a_metric_that_they_tell(production: Manifests) -> None:
    objects = production.of("ScaledObject")
    scaled = {each["spec"]["scaleTargetRef"]["name"]: each for each in objects}

    assert set(scaled) == {e.name for e in production.processes if e.role == "worker"}
    for name, each in scaled.items():
        service = name.removesuffix("-worker")
        loop = "number" if service == "ranking" else "receive"
        [trigger] = each["spec"]["triggers"]
        selector = f'namespace="cchc",{label_of(contract.CONSUMER)}="{service}.{loop}"'
        assert trigger["metadata"]["query"] == f"sum({name_of(contract.LAG)}{{{selector}}})"


def test_callers_reach_what_a_service_answers_and_nothing_of_operations(
    production: Manifests,
) -> None:
    [route] = production.of("HTTPRoute")

    shown = dict(_routed(route))

    assert all(production.settings(each)["CCHC_PROXIES"] for each in production.processes)
    services = {each.service for each in production.processes}
    assert shown == {f"/{name}": f"{name}-api" for name in services} | {
        "/problems": "submission-api"
    }
    assert set(shown.values()) <= {each["metadata"]["name"] for each in production.of("Service")}


def test_the_gateway_s_pods_are_let_in_wherever_they_are(production: Manifests) -> None:
    [gateway], [route] = production.of("Gateway"), production.of("HTTPRoute")
    [parent], [listener] = route["spec"]["parentRefs"], gateway["spec"]["listeners"]
    namespaces = {each["metadata"]["name"]: each for each in production.of("Namespace")}
    door = namespaces[namespace_of(gateway)]["metadata"]
    [let_in] = [
        rule["from"][0]["namespaceSelector"]["matchLabels"].items()
        for policy in production.of("NetworkPolicy")
        if policy["metadata"]["name"] == "callers-to-api"
        for rule in policy["spec"]["ingress"]
    ]

    # By gateways that run them beside the Gateway; others' namespaces are labelled the same way.
    assert let_in <= door["labels"].items()
    assert not [each for each in production.workloads if each.namespace == door["name"]]
    assert parent == {"name": gateway["metadata"]["name"], "namespace": door["name"]}
    routes = listener["allowedRoutes"]["namespaces"]["selector"]["matchLabels"]
    assert routes == {"kubernetes.io/metadata.name": namespace_of(route)}


def test_for_an_upgrade_the_routes_hang_on_the_former_gateway_as_well(tmp_path: Path) -> None:
    text = (RUNBOOKS / "upgrade.md").read_text("utf-8")
    [own] = [block for block in YAML.findall(text) if "parentRefs" in block]

    [route] = overlaid(tmp_path, own).of("HTTPRoute")

    assert route["spec"]["parentRefs"] == [
        {"name": "cchc", "namespace": "cchc-gateway"},
        {"name": "cchc"},
    ]


def _routed(route: Manifest) -> Iterator[tuple[str, str]]:
    for rule in route["spec"]["rules"]:
        [match], [backend] = rule["matches"], rule["backendRefs"]
        yield match["path"]["value"], backend["name"]


def _text(value: Any) -> str:  # noqa: ANN401 - a number, a word or a truth, as YAML has it
    return str(value).lower() if isinstance(value, bool) else str(value)
