"""Containers of the images that were built (`make images`), confined as the manifests have it.

Without a Docker engine, or before they were built of the code as it is, such tests are skipped:
`make deep` builds them.
"""

import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from real.processes import Process
from tests.support.manifests import Manifests, Workload
from tests.support.running import PROJECT

ENDED_S_MAX = 600.0
CONFINED = (
    *("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--tmpfs=/tmp"),
    "--pids-limit=100",
)
REVISION = '{{index .Config.Labels "org.opencontainers.image.revision"}}'
INSIDE = ("services", "shared", "deploy/image", "requirements.lock")
"""What images are made of."""
RUN = "cchc.run"
"""The label of containers that one test has started."""
RUN_BYTES = 6


def docker(*arguments: str) -> str:
    """What it says; raises CalledProcessError."""
    command = ("docker", *arguments)
    ended = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", timeout=ENDED_S_MAX
    )
    return ended.stdout.strip()


def built(workload: Workload) -> str:
    """The image of a workload, without a registry in its name, if it was built."""
    name = "/".join(workload.containers[0]["image"].split("/")[-2:])
    missing = why_not_had(name)
    if missing:
        pytest.skip(missing)
    return name


def why_not_had(image: str) -> str:
    """Why no engine here has this image of the code as it is; empty where one has."""
    if shutil.which("docker") is None:
        return "there is no Docker"
    try:
        built_of = docker("image", "inspect", f"--format={REVISION}", image)
    except subprocess.CalledProcessError:
        return f"there is no image {image} here: make images, with a Docker engine"
    compared = ("git", "-C", str(PROJECT), "diff", "--quiet", built_of, "--", *INSIDE)
    if subprocess.run(compared, capture_output=True, check=False, timeout=ENDED_S_MAX).returncode:
        return f"the image {image} is of another version ({built_of}): make images"
    return ""


def confined(workload: Workload) -> tuple[str, ...]:
    """How a container of a workload is confined, with the memory that the manifest gives it."""
    limits = workload.containers[0]["resources"]["limits"]
    return (*CONFINED, f"--memory={limits['memory']}B")


@dataclass(frozen=True, slots=True)
class Images:
    """Pods of this version are containers; `turn` tells apart those that replace each other."""

    run: str
    turn: int

    def prepare(self, process: Process, workload: Workload) -> None:
        """Let it be a container, which hears of its settings from its environment."""
        folder = str(process.log.parent)
        inside = {each for each in process.settings.values() if each.startswith(folder)}
        process.command = (
            *("docker", "run", "--rm", "--network=host", f"--label={RUN}={self.run}"),
            *confined(workload),
            *(f"--env={name}" for name in process.settings),
            *(f"--volume={each}:{each}" for each in sorted(inside)),
            built(workload),
        )


@contextmanager
def restarted(manifests: Manifests) -> Iterator[tuple[Images, Images]]:
    """The images twice, so that pods can be replaced; no container is left at the end."""
    for process in manifests.processes:
        built(process)
    run = secrets.token_hex(RUN_BYTES)
    try:
        yield Images(run, 1), Images(run, 2)
    finally:
        for each in docker("ps", "--all", "--quiet", f"--filter=label={RUN}={run}").split():
            docker("rm", "--force", each)
