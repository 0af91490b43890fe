"""Prometheus and its tool; without them a test is skipped with the reason, and in CI it fails."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import yaml

from deploy.observability.series import ROLE, SERVICE
from real.servers import port
from real.servers.program import Program
from shared.adapters.clock import SystemClock
from tests.support.node import not_had

READY_S_MAX = 30.0
EVERY = "1s"


def promtool() -> str:
    """The tool that checks and tries rules."""
    return _found("promtool")


def prometheus() -> str:
    """The server."""
    return _found("prometheus")


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        not_had(f"no {program}; Debian has it in the package prometheus")
    return found


class Prometheus:
    """A Prometheus that scrapes once a second, and can be asked."""

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            return httpx.get(f"{self.address}/-/ready").is_success
        except httpx.TransportError:
            return False

    def ask(self, expr: str) -> Sequence[Mapping[str, Any]]:
        """The samples of an expression, now."""
        answer = httpx.get(f"{self.address}/api/v1/query", params={"query": expr})
        found: Sequence[Mapping[str, Any]] = answer.raise_for_status().json()["data"]["result"]
        return found

    def over(
        self, expr: str, begin_s: float, end_s: float, step_s: float
    ) -> Sequence[Mapping[str, Any]]:
        """The series of an expression from one moment to another."""
        asked: Mapping[str, str | float]
        asked = {"query": expr, "start": begin_s, "end": end_s, "step": step_s}
        answer = httpx.get(f"{self.address}/api/v1/query_range", params=asked)
        found: Sequence[Mapping[str, Any]] = answer.raise_for_status().json()["data"]["result"]
        return found

    def up(self) -> Mapping[str, bool]:
        """Whether each job was reached just now."""
        return {each["metric"]["job"]: each["value"][1] == "1" for each in self.ask("up")}


@contextmanager
def scraping(
    folder: Path, jobs: Mapping[str, str], groups: Sequence[Mapping[str, Any]]
) -> Iterator[Prometheus]:
    """A Prometheus over these places (`host:port`), with these groups of rules.

    Jobs are called as processes are: `ranking worker 2`.
    """
    jobs_of = [
        {"job_name": job, "static_configs": [{"targets": [place], "labels": _whose(job)}]}
        for job, place in jobs.items()
    ]
    with _running(folder, groups, {"scrape_configs": jobs_of}) as asked:
        yield asked


@contextmanager
def having(
    folder: Path, series: Mapping[str, int], groups: Sequence[Mapping[str, Any]]
) -> Iterator[Prometheus]:
    """A Prometheus that was told this by each of these series just now, and has nobody to tell."""
    now = SystemClock().now().timestamp()
    told = "".join(f"{each} {value} {now}\n" for each, value in series.items())
    samples = folder / "samples.txt"
    samples.write_text(f"{told}# EOF\n", "utf-8")
    made = ("tsdb", "create-blocks-from", "openmetrics", str(samples), str(folder / "samples"))
    subprocess.run([promtool(), *made], check=True, capture_output=True)
    with _running(folder, groups, {}) as asked:
        yield asked


@contextmanager
def _running(
    folder: Path, groups: Sequence[Mapping[str, Any]], told: Mapping[str, Any]
) -> Iterator[Prometheus]:
    rules = [{**group, "interval": EVERY} for group in groups]
    config = {
        "global": {"scrape_interval": EVERY, "evaluation_interval": EVERY},
        "rule_files": ["rules.yaml"],
        **told,
    }
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": rules}), "utf-8")
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config), "utf-8")
    at = f"{port.HOST}:{port.free()}"
    program, asked = Program("prometheus", folder / "prometheus.log"), Prometheus(f"http://{at}")
    program.begin(
        [
            prometheus(),
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'samples'}",
            f"--web.listen-address={at}",
        ]
    )
    try:
        program.wait(lambda: asked.is_ready, READY_S_MAX)
        yield asked
    finally:
        program.kill()


def _whose(process: str) -> Mapping[str, str]:
    """What the PodMonitor of the manifests says of a process by the labels of its pod."""
    service, role, _ = process.split()
    return {SERVICE: service, ROLE: role}
