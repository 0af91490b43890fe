"""What brings back what was lost in a cluster: commands that exist, and that a runbook starts."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from shared.adapters.backup import SERVICES
from tests.deploy.rules.telling import EXAMPLES, options_of, refusals
from tests.support.books.blocks import RUNBOOKS
from tests.support.manifests import REMOVED, Manifests, overlaid, planted, rendered

POD = "spec/jobTemplate/spec/template/spec"
POSTGRES = re.compile(r"\bpg_(?:restore|dump)\b")
YAML = re.compile(r"^ *```yaml\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
STARTED = re.compile(r"start\.sh (\S+)")
LEFT = ("--restored", "--unpack", "--only")
"""With none of these `restore` asks for pg_restore where it runs."""

Rule = Callable[[Manifests], Iterator[str]]


def commands_exist(manifests: Manifests) -> Iterator[str]:
    """Each is one that the command line takes, about the service whose secrets it has."""
    for each in manifests.at_hand:
        for container in each.containers:
            if "command" in container:
                continue
            options = options_of(container["args"])
            if options is None:
                yield f"{each}: the command line refuses {container['args']}"
                continue
            about = getattr(options, "part", getattr(options, "service", "ranking"))
            if about != each.service:
                yield f"{each} is about {about}"


def settings_suffice(manifests: Manifests) -> Iterator[str]:
    """Each is told what the processes of its service are told, and has the files of which."""
    for each in manifests.at_hand:
        told = manifests.settings(each)
        yield from refusals(each, each.service, {**told, **EXAMPLES})
        [container] = each.pod["containers"]
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        if told.get("CCHC_KAFKA_KEY", "").rpartition("/")[0] not in mounted:
            yield f"{each} has no certificate for Kafka"


def each_runs_once_when_it_is_started(manifests: Manifests) -> Iterator[str]:
    """Nobody restores by the clock, and what failed is looked at before it is done again."""
    for each in manifests.at_hand:
        job = each.manifest["spec"]["jobTemplate"]["spec"]
        if (job.get("backoffLimit"), each.pod.get("restartPolicy")) != (0, "Never"):
            yield f"{each} is repeated by itself"
        if "ttlSecondsAfterFinished" not in job:
            yield f"{each} leaves Jobs behind"
    late = {each.name for each in manifests.now_and_then if each.role == "restore"}
    yield from (f"{name} is done by the clock" for name in late)


def dumps_are_loaded_by_an_image_that_can(manifests: Manifests) -> Iterator[str]:
    """The one that made them: the image of the command line holds no program of PostgreSQL."""
    every = [*manifests.at_hand, *manifests.now_and_then]
    using = {
        container["image"]: str(each)
        for each in every
        for container in each.containers
        if POSTGRES.search(" ".join(container.get("args", ())))
    }
    if len(using) > 1 or any(not image.startswith("postgres:") for image in using):
        yield f"dumps are made and loaded by {using}"
    for each in manifests.at_hand:
        for container in each.containers:
            args = container.get("args", ())
            if "restore" in args and not {*LEFT} & {*args}:
                yield f"{each}: {container['name']} has no pg_restore"


def every_service_comes_back(manifests: Manifests) -> Iterator[str]:
    """Each has both, and what it unpacks lies in memory until it is loaded."""
    there = {each.name: each for each in manifests.at_hand}
    for service in SERVICES:
        yield from (
            f"there is no {service}-{command}"
            for command in ("restore", "recall")
            if f"{service}-{command}" not in there
        )
    for each in there.values():
        for volume in each.pod["volumes"]:
            medium = volume.get("emptyDir", {}).get("medium")
            if volume["name"] == "dump" and medium != "Memory":
                yield f"{each} unpacks to a disk"


RULES: tuple[Rule, ...] = (
    commands_exist,
    settings_suffice,
    each_runs_once_when_it_is_started,
    dumps_are_loaded_by_an_image_that_can,
    every_service_comes_back,
)
RESTORE = "CronJob survey-restore"
PLANTED: list[tuple[Rule, str, str, Any]] = [
    (RULES[0], RESTORE, f"{POD}/containers/0/args/1", "ranking"),
    (RULES[0], RESTORE, f"{POD}/containers/0/args/4", "--restore"),
    (RULES[0], "CronJob ranking-refill", f"{POD}/containers/0/args/0", "fill"),
    (RULES[1], RESTORE, f"{POD}/containers/0/envFrom", []),
    (RULES[1], RESTORE, f"{POD}/containers/0/volumeMounts/1/mountPath", "/run/other"),
    (RULES[2], RESTORE, "spec/jobTemplate/spec/backoffLimit", 6),
    (RULES[2], RESTORE, "spec/suspend", False),
    (RULES[2], RESTORE, "spec/jobTemplate/spec/ttlSecondsAfterFinished", REMOVED),
    (RULES[3], RESTORE, f"{POD}/initContainers/1/image", "postgres:16"),
    (RULES[3], RESTORE, f"{POD}/containers/0/args/4", "--json"),
    (RULES[4], RESTORE, "spec/suspend", REMOVED),
    (RULES[4], RESTORE, f"{POD}/volumes/3/emptyDir/medium", REMOVED),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_is_kept(rule: Rule) -> None:
    assert list(rule(rendered("production"))) == []


@pytest.mark.parametrize(("rule", "place", "path", "value"), PLANTED)
def test_a_breach_is_found(rule: Rule, place: str, path: str, value: object) -> None:
    assert list(rule(planted(rendered("production"), place, path, value)))


def test_runbooks_start_each_of_them_and_the_drill() -> None:
    said = "\n".join(path.read_text("utf-8") for path in RUNBOOKS.glob("*.md"))
    by_service = [
        name.replace("$SERVICE", service) for name in STARTED.findall(said) for service in SERVICES
    ]

    assert {each.name for each in rendered("production").at_hand} <= {*by_service}
    assert "restore-drill" in by_service


def told_by(runbook: str, folder: Path, place: int = 0) -> Manifests:
    """Production with what a runbook has people add to their overlay."""
    blocks = YAML.findall((RUNBOOKS / runbook).read_text("utf-8"))
    return overlaid(folder, dedent(blocks[place]))


def archives(manifests: Manifests) -> Mapping[str, Any]:
    """What each server of PostgreSQL is, by the name under which its archive lies."""
    every = {each["metadata"]["name"]: each["spec"] for each in manifests.of("Cluster")}
    return {
        spec["backup"]["barmanObjectStore"].get("serverName", name): spec
        for name, spec in every.items()
    }


def test_in_a_new_cluster_backups_are_where_they_were_and_none_is_added(tmp_path: Path) -> None:
    made = told_by("restore.md", tmp_path)
    [claim] = [e for e in made.of("PersistentVolumeClaim") if e["metadata"]["name"] == "backup"]

    assert "example" in claim["spec"]["volumeName"], "so that it is found where it was not changed"
    assert made.now_and_then == []
    assert len(rendered("production").now_and_then) == len(SERVICES) + len(("topic", "drill"))


def test_a_topic_by_another_name_is_the_operator_s_as_well(tmp_path: Path) -> None:
    [topic] = told_by("lost-kafka.md", tmp_path).of("KafkaTopic")
    [former] = rendered("production").of("KafkaTopic")

    assert topic["metadata"]["name"] == f"{former['metadata']['name']}-2"
    assert topic["spec"] == former["spec"]
    assert f"CCHC_KAFKA_TOPIC={topic['metadata']['name']}" in (
        RUNBOOKS / "lost-kafka.md"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("runbook", "place", "renewed"),
    [("restore.md", 0, 3), ("restore.md", 1, 1), ("lost-ledger.md", 0, 1)],
)
def test_a_new_server_writes_its_archive_where_none_is(
    runbook: str, place: int, renewed: int, tmp_path: Path
) -> None:
    """CloudNativePG refuses to write where another archive lies, and fills its disk."""
    former, made = archives(rendered("production")), archives(told_by(runbook, tmp_path, place))

    assert len(made) == len(former)
    assert len(made.keys() - former.keys()) == renewed


def test_copies_of_mongodb_in_a_new_cluster_lie_beside_the_former_ones(tmp_path: Path) -> None:
    [made] = told_by("restore.md", tmp_path).of("PerconaServerMongoDB")

    assert made["spec"]["backup"]["storages"]["objects"]["s3"]["prefix"]


def test_a_server_is_recovered_from_where_the_former_one_wrote(tmp_path: Path) -> None:
    former = archives(rendered("production"))["ranking-postgres"]
    made = archives(told_by("restore.md", tmp_path, 1))["ranking-postgres-2"]
    written = former["backup"]["barmanObjectStore"]
    [source] = made["externalClusters"]

    read = source["barmanObjectStore"]
    same = ("destinationPath", "endpointURL", "s3Credentials", "wal")
    assert {name: read[name] for name in same} == {name: written[name] for name in same}
    assert read["serverName"] == "ranking-postgres"
    recovery = made["bootstrap"].pop("recovery")
    assert not made["bootstrap"]
    assert recovery.pop("source") == source["name"]
    assert recovery == former["bootstrap"]["initdb"]
