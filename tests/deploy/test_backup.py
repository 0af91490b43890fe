"""What saves the system in a cluster, and the drill: by commands that exist, in their order."""

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.backup import PARTS, SERVICES, TOPIC
from tests.deploy.rules.telling import EXAMPLES, options_of, refusals
from tests.support.manifests import REMOVED, Manifests, Workload, planted, rendered

SAVES: dict[str, str] = {part: f"{part}-save" for part in PARTS}
DRILL = "restore-drill"
IDENTITY = "backup-identity"
TOLD = "/dump/together"
UNPACK = 3
"""Which of the containers that come before the drill's own."""
AT = re.compile(r"(\d+) (\d+) \* \* \*")
POD = "spec/jobTemplate/spec/template/spec"

Rule = Callable[[Manifests], Iterator[str]]


def named(manifests: Manifests) -> dict[str, Workload]:
    return {each.name: each for each in manifests.now_and_then}


def every_part_is_saved_in_the_order_of_save(manifests: Manifests) -> Iterator[str]:
    """Whoever is saved later knows at least as much as who was saved before."""
    there = named(manifests)
    if set(there) != {*SAVES.values(), DRILL}:
        yield f"there are {sorted(there)}"
    saves = [there[name].manifest["spec"]["schedule"] for name in SAVES.values() if name in there]
    times = [(int(hour), int(minute)) for minute, hour in map(_minute_and_hour, saves)]
    if times != sorted(set(times)):
        yield f"they are saved at {times}"


def _minute_and_hour(schedule: str) -> Sequence[str]:
    found = AT.fullmatch(schedule)
    assert found is not None, "each night at a time"
    return found.groups()


def commands_exist(manifests: Manifests) -> Iterator[str]:
    """Each is one that the command line takes, about the part that it is called after."""
    for each in manifests.now_and_then:
        [container] = each.pod["containers"]
        options = options_of(container["args"])
        if options is None:
            yield f"{each}: the command line refuses {container['args']}"
        elif SAVES.get(getattr(options, "part", "")) != each.name and each.name != DRILL:
            yield f"{each} saves {options.part}"


def settings_suffice(manifests: Manifests) -> Iterator[str]:
    """Whoever saves is told what the processes of that service are told."""
    for part, name in SAVES.items():
        told = manifests.settings(named(manifests)[name])
        service = "ranking" if part == TOPIC else part
        yield from refusals(name, service, {**told, **EXAMPLES})


def dumps_are_encrypted_before_they_lie_anywhere(manifests: Manifests) -> Iterator[str]:
    """What PostgreSQL dumps lies in memory alone, until it is encrypted."""
    for part, name in SAVES.items():
        if part == TOPIC:
            continue
        each = named(manifests)[name]
        [container] = each.pod["containers"]
        if "--recipient" not in container["args"]:
            yield f"{each} saves in clear"
        [dump] = [volume for volume in each.pod["volumes"] if volume["name"] == "dump"]
        if dump.get("emptyDir", {}).get("medium") != "Memory":
            yield f"{each} dumps to a disk"


def who_saves_cannot_read(manifests: Manifests) -> Iterator[str]:
    """The identity is in the drill, in no part of it that others could call, and in who restores.

    Those run when somebody starts them.
    """
    reading = {DRILL, *(f"{service}-restore" for service in SERVICES)}
    for each in manifests.workloads:
        secrets = {v["secret"]["secretName"] for v in each.pod.get("volumes", ()) if "secret" in v}
        if (IDENTITY in secrets) != (each.name in reading):
            yield f"{each} {'has' if IDENTITY in secrets else 'has not'} the identity"
    drill = named(manifests)[DRILL]
    for container in drill.containers:
        for variable in container.get("env", ()):
            if "valueFrom" in variable:
                yield f"the drill is given a secret of a service: {variable['name']}"


def a_drill_is_of_one_night(manifests: Manifests) -> Iterator[str]:
    """Which backups go together is asked once, and nobody looks for them again."""
    drill = named(manifests)[DRILL]
    [container] = drill.pod["containers"]
    if f"--together={TOLD}" not in container["args"]:
        yield "the drill asks anew which backups go together"
    said = "\n".join(text for each in drill.containers for text in each.get("args", ()))
    if said.count("services backups") != 1 or "--at together" in said:
        yield "more than once it is asked which backups go together"


RULES: tuple[Rule, ...] = (
    every_part_is_saved_in_the_order_of_save,
    commands_exist,
    settings_suffice,
    dumps_are_encrypted_before_they_lie_anywhere,
    who_saves_cannot_read,
    a_drill_is_of_one_night,
)
IDENTIFIED = {"name": "dump", "secret": {"secretName": IDENTITY}}
PLANTED: list[tuple[Rule, str, str, Any]] = [
    (RULES[0], "CronJob survey-save", "spec/schedule", "0 1 * * *"),
    (RULES[0], "CronJob survey-save", "metadata/name", "poll-save"),
    (RULES[1], "CronJob topic-save", f"{POD}/containers/0/args/1", "topics"),
    (RULES[1], "CronJob topic-save", f"{POD}/containers/0/args/1", "survey"),
    (RULES[2], "CronJob topic-save", f"{POD}/containers/0/envFrom", []),
    (RULES[3], "CronJob survey-save", f"{POD}/containers/0/args/6", "--json"),
    (RULES[3], "CronJob survey-save", f"{POD}/volumes/1/emptyDir/medium", REMOVED),
    (
        RULES[4],
        "CronJob survey-save",
        f"{POD}/volumes/1",
        {"name": "x", "secret": {"secretName": IDENTITY}},
    ),
    (RULES[4], "CronJob restore-drill", f"{POD}/volumes/1/secret/secretName", "other"),
    (RULES[5], "CronJob restore-drill", f"{POD}/containers/0/args/2", "--restored"),
    (RULES[5], "CronJob restore-drill", f"{POD}/initContainers/{UNPACK}/args/0", "--at together"),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_is_kept(rule: Rule) -> None:
    assert list(rule(rendered("production"))) == []


@pytest.mark.parametrize(("rule", "place", "path", "value"), PLANTED)
def test_a_breach_is_found(rule: Rule, place: str, path: str, value: object) -> None:
    broken = planted(rendered("production"), place, path, value)

    assert list(rule(broken))


def test_a_drill_unpacks_the_dump_of_each_part_by_the_time_that_it_was_told(tmp_path: Path) -> None:
    unpack = named(rendered("production"))[DRILL].pod["initContainers"][UNPACK]
    told = "".join(f"{part} time-of-{part}\n" for part in PARTS)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\ncat\n[ $3 = backups ] && printf '{told}' || echo $* >> calls\n")
    python.chmod(0o755)
    script = unpack["args"][0].replace("/dump", str(tmp_path))

    subprocess.run(
        ["/bin/sh", "-c", script],
        check=True,
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
    )

    asked = [call.split() for call in (tmp_path / "calls").read_text("utf-8").splitlines()]
    assert {each[3]: each[each.index("--at") + 1] for each in asked} == {
        service: f"time-of-{service}" for service in SERVICES
    }
    assert [each[-1] for each in asked] == [str(tmp_path / service) for service in SERVICES]
