"""The collector as it is deployed: its own program, with the configuration of the manifests."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import yaml

from real.install import HOME
from real.servers import port
from real.servers.program import Program
from tests.support.node import not_had
from tests.support.running import PROJECT

CONFIG = PROJECT / "deploy" / "k8s" / "components" / "observability" / "config.yaml"
READY_S_MAX = 60.0


@dataclass(frozen=True, slots=True)
class RealCollector:
    """One that runs: where it takes OTLP, where it says how it is, and what it has said."""

    address: str
    health: str
    program: Program

    @property
    def is_well(self) -> bool:
        """Whether it says so, as the probes of its pod ask."""
        try:
            return httpx.get(self.health).is_success
        except httpx.TransportError:
            return False


def program() -> Path:
    """Where it is; a test without it is skipped, or fails in CI."""
    found = HOME / "collector" / "collector"
    if not found.exists():
        not_had("the collector: python -m real install --deep")
    return found


@contextmanager
def collecting(folder: Path, onwards: str) -> Iterator[RealCollector]:
    """One that sends on what it gets; only its addresses are others than in the manifests."""
    first = port.free(2)
    taking, health = f"{port.HOST}:{first}", f"{port.HOST}:{first + 1}"
    here = {
        "receivers": {"otlp": {"protocols": {"http": {"endpoint": taking}}}},
        "extensions": {"health_check": {"endpoint": health}},
    }
    (folder / "addresses.yaml").write_text(yaml.safe_dump(here), "utf-8")
    running = Program("collector", folder / "collector.log")
    collector = RealCollector(f"http://{taking}", f"http://{health}", running)
    running.begin(
        [str(program()), f"--config={CONFIG}", f"--config={folder / 'addresses.yaml'}"],
        environment={**os.environ, "TRACES_URL": onwards},
    )
    try:
        running.wait(lambda: collector.is_well, READY_S_MAX)
        yield collector
    finally:
        running.kill()
