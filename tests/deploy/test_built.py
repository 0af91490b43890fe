"""Images that were built (`make images`) are what they are said to be, and run confined.

A whole cycle on their containers is played by `tests/faults/test_versions.py`.
"""

import json
import secrets
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.deploy.rules.telling import EXAMPLES
from tests.support.containers import CONFINED, built, confined, docker
from tests.support.manifests import Workload, rendered, with_smoke
from tests.support.running import running

pytestmark = pytest.mark.slow

SIZE_BYTES_MAX = 500_000_000
LISTENS_S_MAX = 60.0
POLL_S = 0.2
ALONE = "--network=none"
ASKED = """
import http.client, sys
caller = http.client.HTTPConnection("127.0.0.1", 8400)
caller.request("GET", sys.argv[1])
print(caller.getresponse().status)
"""
SERVICES = ("submission", "appraisal", "survey", "ranking")


@pytest.fixture(params=SERVICES)
def api(request: pytest.FixtureRequest) -> Workload:
    """The api of a service, as production has it, with its image under the name of the build."""
    [found] = [e for e in rendered("production").processes if e.name == f"{request.param}-api"]
    return found


@pytest.fixture
def image(api: Workload) -> str:
    """The image, if it was built."""
    return built(api)


@pytest.fixture
def container(api: Workload, image: str, tmp_path: Path) -> Iterator[str]:
    """The process, told what the manifests tell it, with nobody to talk to."""
    told = {**rendered("production").settings(api), **EXAMPLES}
    settings = [f"--env={name}={value}" for name, value in told.items()]
    key = tmp_path / "people.key"
    key.write_text(secrets.token_hex(32), "ascii")
    mounted = f"--volume={key}:{told['CCHC_PEOPLE_KEY']}:ro"
    name = docker("run", "--detach", ALONE, *confined(api), *settings, mounted, image, "api")
    try:
        yield name
    finally:
        docker("rm", "--force", name)


def within(image: str, *command: str) -> str:
    """What a program of the image says."""
    program, *arguments = command
    return docker("run", "--rm", ALONE, *CONFINED, f"--entrypoint={program}", image, *arguments)


def test_it_has_one_service_no_compiler_and_nobody_s_rights(image: str, api: Workload) -> None:
    assert within(image, "id", "-u") == str(api.pod["securityContext"]["runAsUser"])
    assert within(image, "ls", "/srv").split() == ["services", "shared"]
    found = within(image, "ls", "/srv/services").split()
    assert found == sorted(["__init__.py", "__pycache__", api.service])
    assert within(image, "sh", "-c", "command -v cc gcc make pip pip3 || true") == ""
    assert within(image, "sh", "-c", "touch /srv/new 2>/dev/null || echo refused") == "refused"
    assert int(docker("image", "inspect", "--format={{.Size}}", image)) < SIZE_BYTES_MAX


def test_it_answers_at_once_says_that_it_waits_and_ends_when_it_is_asked(container: str) -> None:
    assert _status(container, "/livez") == 200
    assert _status(container, "/startupz") == 503

    docker("stop", "--time=40", container)

    assert docker("inspect", "--format={{.State.ExitCode}}", container) == "0"


def test_that_of_the_command_line_tries_a_system_from_within_a_container(tmp_path: Path) -> None:
    [job] = [each for each in with_smoke("production").workloads if each.name == "smoke"]
    image = built(job)
    options = ("--phase=15", "--json")

    with running(tmp_path / "data") as system:
        said = docker(
            *("run", "--rm", "--network=host", *confined(job), image),
            *("smoke", f"--url={system.url}", *options),
        )

    report = json.loads(said)
    assert (report["as_it_should_be"], report["withdrawn"]) == (True, True)
    assert int(docker("image", "inspect", "--format={{.Size}}", image)) < SIZE_BYTES_MAX


def _status(container: str, path: str) -> int:
    """What is answered, as soon as anything is."""
    command: Sequence[str] = ("exec", container, "python", "-c", ASKED, path)
    deadline = time.monotonic() + LISTENS_S_MAX
    while True:
        try:
            return int(docker(*command))
        except subprocess.CalledProcessError:
            if time.monotonic() > deadline:
                raise
            time.sleep(POLL_S)
