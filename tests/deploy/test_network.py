"""Who may talk to whom: the arrows of the picture, and no other."""

import re
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import pytest

from tests.support.arrows import Arrow, arrows
from tests.support.manifests import OVERLAYS, REMOVED, Manifests, overlaid, planted, rendered

SERVICES = ("submission", "appraisal", "survey", "ranking")
TRIAL = "trial"
LEDGER = ("restore-notes", "refill", "refill-saved", "compare", "backups")
RESTORING = (
    *(f"{service}-{command}" for service in SERVICES for command in ("restore", "recall")),
    *(f"{service}-restore-files" for service in ("submission", "survey")),
    *(f"ranking-{command}" for command in LEDGER),
)
"""What somebody starts who brings back what was lost."""
METRICS = 9187
"""Where each PostgreSQL of CloudNativePG tells of itself."""
IN_CLEAR = ("broker", 9092)
BOOKS = Path(__file__).parents[2] / "deploy" / "runbooks"
YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def picture(overlay: str) -> Iterator[Arrow]:
    """What has to be possible."""
    broker = ("kafka", 9092) if overlay == TRIAL else ("broker", 9093)
    for service in SERVICES:
        yield "callers", f"{service}-api", 8400
        for role in ("api", "worker", "migrate"):
            process = f"{service}-{role}"
            yield process, f"{service}-postgres", 5432
            yield process, "mongo", 27017
            yield (process, *broker)
            if role != "migrate":
                yield "prometheus", process, 9464
                if overlay != TRIAL:
                    yield process, "collector", 4318
        if overlay != TRIAL:
            yield f"{service}-save", f"{service}-postgres", 5432
            yield f"{service}-save", "mongo", 27017
    if overlay != TRIAL:
        for command in RESTORING:
            yield command, f"{command.partition('-')[0]}-postgres", 5432
            yield command, "mongo", 27017
            yield (command, *broker)
        yield "topic-save", "ranking-postgres", 5432
        yield "topic-save", "broker", 9093
        yield "submission-worker", "clamav", 3310
        yield "survey-worker", "clamav", 3310


def managed(overlay: str) -> Iterator[Arrow]:
    """What an operator, and the servers that it runs, do among themselves."""
    if overlay != TRIAL:
        clusters = [f"{service}-postgres" for service in SERVICES if service != "survey"]
        yield "operators", "broker", 9093
        yield "operators", "mongo", 27017
        for one in clusters:
            yield "prometheus", one, METRICS
            for port in (5432, METRICS):
                yield "operators", one, port
                yield from ((one, other, port) for other in clusters if one != other)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_arrows_are_those_of_the_picture(overlay: str) -> None:
    assert arrows(rendered(overlay)) == {*picture(overlay), *managed(overlay)}


def test_the_survey_s_postgres_is_reached_by_the_survey_alone() -> None:
    found = arrows(rendered("production"))

    reaching = {source for source, target, _ in found if target == "survey-postgres"}
    restoring = {each for each in RESTORING if each.startswith("survey-")}
    assert reaching == restoring | {f"survey-{e}" for e in ("api", "worker", "migrate", "save")}


def test_for_an_upgrade_processes_alone_may_also_call_in_clear(tmp_path: Path) -> None:
    text = (BOOKS / "upgrade.md").read_text("utf-8")
    [own] = [block for block in YAML.findall(text) if "kafka-in-clear" in block]

    both = overlaid(tmp_path, own)

    more = {(source, *IN_CLEAR) for source in ("operators", *_processes(both))}
    assert arrows(both) - arrows(rendered("production")) == more
    [kafka] = both.of("Kafka")
    plain, encrypted = sorted(kafka["spec"]["kafka"]["listeners"], key=itemgetter("port"))
    assert (plain["tls"], encrypted["tls"]) == (False, True)
    assert plain["networkPolicyPeers"] == encrypted["networkPolicyPeers"]


def _processes(manifests: Manifests) -> Iterator[str]:
    return (each.name for each in manifests.processes)


def test_strimzi_s_own_policy_lets_nobody_else_in() -> None:
    listener = "spec/kafka/listeners/0/networkPolicyPeers"
    opened = planted(rendered("production"), "Kafka cchc-servers/kafka", listener, REMOVED)

    # Whoever may leave their own namespace, which is nobody of ours.
    more = arrows(opened) - arrows(rendered("production"))

    assert {("anybody", "broker", 9093), ("callers", "broker", 9093)} <= more


@pytest.mark.parametrize(
    ("policy", "path", "value"),
    [
        ("callers-to-api", "spec/ingress/0/from", REMOVED),
        (
            "survey-to-postgres",
            "spec/egress/0/to/0/podSelector/matchLabels/app.kubernetes.io~name",
            "ranking",
        ),
        ("to-kafka-and-mongo", "spec/egress/0/ports/0/port", 9093),
        ("prometheus-to-metrics", "spec/podSelector", {"matchLabels": {"cchc/none": "yes"}}),
        (
            "cchc-servers/ranking-to-postgres",
            "spec/ingress/0/from/0/podSelector/matchLabels/app.kubernetes.io~name",
            "survey",
        ),
        ("cchc-servers/to-kafka", "spec/policyTypes", ["Egress"]),
    ],
)
def test_a_policy_that_says_something_else_is_found(policy: str, path: str, value: object) -> None:
    changed = planted(rendered("trial"), f"NetworkPolicy {policy}", path, value)

    assert arrows(changed) != set(picture("trial"))
