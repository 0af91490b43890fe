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
from deploy.observability.causes import HEARD_OF, PROCESSES
from tests.support.books.blocks import RUNBOOKS
from tests.support.books.running import BASH
from tests.support.manifests import overlaid, rendered
from tests.support.prometheus import having
from tests.support.samples import up

EVERYTHING = [
    *(up(service, role) for service, role in PROCESSES),
    *(f'{name}{{namespace="{of}"}}' for name, of in HEARD_OF),
]
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
            EVERYTHING[1:-1],
            rules.groups()[1:],
            [
                "no rules cchc-objectives",
                f"not heard: {' '.join(PROCESSES[0])}",
                f"not heard: {HEARD_OF[-1][0]}",
                NOBODY,
            ],
        ),
    ],
    ids=["all is heard", "something is not"],
)
def test_what_is_missing_is_said(
    series: Sequence[str],
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
    rule = {"name": "ProcessUnheard", "query": "absent(up)", "health": "ok"}
    told = {"data": {"groups": [{**each, "rules": [rule]} for each in rules.groups()]}}
    (tmp_path / "rules.json").write_text(json.dumps(told), "utf-8")
    curl = tmp_path / "curl"
    curl.write_text(ANSWERS_NO_QUERY.format(folder=tmp_path), "utf-8")
    curl.chmod(0o700)

    ran = subprocess.run(
        [BASH, RUNBOOKS / "watched.sh"],
        env={"PROMETHEUS": "http://prometheus.test", "PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )

    assert ran.returncode != 0


def test_an_overlay_gives_what_is_watched_by_the_label_that_is_chosen_by(tmp_path: Path) -> None:
    text = (RUNBOOKS / "nothing-heard.md").read_text("utf-8")
    [own] = re.findall(r"```yaml\n(.*?) *```", text, re.DOTALL)

    mine = overlaid(tmp_path, dedent(own))

    watched = list(mine.of("PodMonitor", "PrometheusRule"))
    assert [each["metadata"]["labels"]["release"] for each in watched] == ["prometheus"] * 2
    assert len(mine.objects) == len(rendered("production").objects)
