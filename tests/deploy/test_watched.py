"""Whoever installs asks a Prometheus what it does not hear (install.md, nothing-heard.md)."""

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from deploy.observability import rules
from deploy.observability.causes import HEARD_OF, PROCESSES, VOLUME_FREE
from deploy.observability.copies import COPIED, SERVERS
from tests.support.books.blocks import RUNBOOKS
from tests.support.books.running import BASH
from tests.support.manifests import overlaid, rendered
from tests.support.prometheus import having
from tests.support.samples import up

EVERYTHING = dict.fromkeys(
    [
        *(up(service, role) for service, role in PROCESSES),
        *(f"{name}{{{of}}}" for name, of in HEARD_OF),
    ],
    1,
)
NOBODY = "no Alertmanager: nobody is called"
"""Prometheus itself looks for one every five seconds: to wait for that is not worth it here."""

ANSWERS_NO_QUERY = """#!/bin/bash
case $* in
*/api/v1/rules*) cat {folder}/rules.json ;;
*/api/v1/query*) exit 22 ;;
*) echo '{{"data": {{"activeAlertmanagers": [{{}}]}}}}' ;;
esac
"""


@pytest.mark.parametrize(
    ("series", "groups", "said"),
    [
        (EVERYTHING, rules.groups(), [NOBODY]),
        (
            dict([*EVERYTHING.items()][1:-2]) | {up(*PROCESSES[1]): 0},
            rules.groups()[1:],
            [
                "no rules cchc-objectives",
                f"not heard: {' '.join(PROCESSES[0])}",
                f"not heard: {' '.join(PROCESSES[1])}",
                f"not heard: {COPIED} {SERVERS[-1]}",
                f"not heard: {VOLUME_FREE}",
                NOBODY,
            ],
        ),
    ],
    ids=["all is heard", "something is not"],
)
def test_what_is_missing_is_said(
    series: Mapping[str, int],
    groups: Sequence[Mapping[str, Any]],
    said: Sequence[str],
    tmp_path: Path,
) -> None:
    with having(tmp_path, series, groups) as prometheus:
        ran = subprocess.run(
            [BASH, RUNBOOKS / "watched.sh"],
            env={"PROMETHEUS": prometheus.address, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

    assert (ran.stderr.splitlines(), ran.returncode) == (said, 1)


def test_what_prometheus_does_not_answer_is_not_taken_for_nothing(tmp_path: Path) -> None:
    ran = _asked_with({"name": "ProcessUnheard", "query": "absent(up)", "health": "ok"}, tmp_path)

    assert ran.returncode != 0


def test_rules_of_before_that_say_nothing_of_what_is_not_heard_are_told(tmp_path: Path) -> None:
    ran = _asked_with({"name": "ServiceAway", "query": "up == 0", "health": "ok"}, tmp_path)

    assert ran.stderr.splitlines() == ["no rule ProcessUnheard", "no rule ClusterUnheard"]
    assert ran.returncode == 1


def _asked_with(rule: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What is said of a Prometheus that has this one rule in each group, and answers no query."""
    told = {"data": {"groups": [{**each, "rules": [rule]} for each in rules.groups()]}}
    (folder / "rules.json").write_text(json.dumps(told), "utf-8")
    curl = folder / "curl"
    curl.write_text(ANSWERS_NO_QUERY.format(folder=folder), "utf-8")
    curl.chmod(0o700)
    return subprocess.run(
        [BASH, RUNBOOKS / "watched.sh"],
        env={"PROMETHEUS": "http://prometheus.test", "PATH": f"{folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_overlay_gives_what_is_watched_by_the_label_that_is_chosen_by(tmp_path: Path) -> None:
    text = (RUNBOOKS / "nothing-heard.md").read_text("utf-8")
    [own] = re.findall(r"```yaml\n(.*?) *```", text, re.DOTALL)

    mine = overlaid(tmp_path, dedent(own))

    watched = list(mine.of("PodMonitor", "PrometheusRule"))
    assert [each["metadata"]["labels"]["release"] for each in watched] == ["prometheus"] * 3
    assert len(mine.objects) == len(rendered("production").objects)
