"""The smoke test of a deployment, tried on one: it holds there, and it finds what is broken."""

import asyncio
import json
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from services.cli.smoke import running
from services.cli.smoke.deployment import Addresses
from services.cli.smoke.people import TrialDoor
from services.cli.smoke.running import Wanted
from services.cli.smoke.scratch import YEAR
from shared.adapters import client
from tests.faults.judged import steps
from tests.faults.real import story
from tests.faults.real.play import callers_of
from tests.support.deployed import Deployed
from tests.support.running import PROJECT, command
from tests.support.servers import DEPLOYED

pytestmark = DEPLOYED

PHASE_S = 12
PATIENCE_S = 6
"""So long a call that nobody answers is repeated, and what comes before it may take."""
ENDED_S_MAX = 120.0
OPENED_S_MAX = 30.0
LOOK_S = 0.05
TRIAL = "CCHC_TRIAL_DIR"


@pytest.fixture
def caller(deployed: Deployed) -> Iterator[httpx.Client]:
    """Who looks after the deployment, which runs as a whole before and afterwards."""
    wanted = {"role": "administrator", "hours": 24}
    deployed.mend()
    with httpx.Client(
        base_url=deployed.system.addresses["submission"], timeout=ENDED_S_MAX
    ) as client:
        token = client.post("/trial/tokens", json=wanted).raise_for_status().json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
        deployed.mend()


class Smoke:
    """The command, running."""

    def __init__(self, deployed: Deployed, *options: str) -> None:
        at = [f"--at={service}={url}" for service, url in deployed.system.addresses.items()]
        told = (*at, f"--phase={PHASE_S}", "--json", *options)
        self._process = subprocess.Popen(
            command("smoke", *told), cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )

    def opened(self, caller: httpx.Client, before: Mapping[str, str]) -> str:
        """Its cycle, as soon as that is there."""
        deadline_s = time.monotonic() + OPENED_S_MAX
        while not (new := cycles(caller).keys() - before.keys()):
            is_over = self._process.poll() is not None or time.monotonic() > deadline_s
            assert not is_over, self.ended()
            time.sleep(LOOK_S)
        return new.pop()

    def ask_to_end(self) -> None:
        """As a cluster does."""
        self._process.terminate()

    def ended(self) -> tuple[int, Mapping[str, Any]]:
        """How it ended, and what it said."""
        try:
            said, _ = self._process.communicate(timeout=ENDED_S_MAX)
        finally:
            self._process.kill()
        return self._process.returncode, json.loads(said)


def cycles(caller: httpx.Client) -> Mapping[str, str]:
    """The status of each cycle."""
    page = caller.get("/submission/cycles", params={"limit": 200}).raise_for_status().json()
    return {each["cycle"]: each["status"] for each in page["items"]}


@contextmanager
def ended_apis(deployed: Deployed, service: str) -> Iterator[None]:
    """Nobody answers for a service."""
    apis = [
        process
        for process in deployed.system.processes
        if (process.name.service, process.name.role) == (service, "api")
    ]
    for process in apis:
        process.retire()
    for process in apis:
        process.stop()
    yield
    deployed.mend()


def failed(report: Mapping[str, Any]) -> Mapping[str, tuple[str, str]]:
    """The steps that failed, with the code and what was being called."""
    return {
        each["step"]: (each["problem"]["code"], each["problem"]["calling"])
        for each in report["steps"]
        if each["outcome"] == "failed"
    }


def test_it_plays_a_cycle_verifies_it_offline_and_withdraws_it(
    deployed: Deployed, caller: httpx.Client
) -> None:
    before = cycles(caller)

    status, report = Smoke(deployed, f"--trial={deployed.settings('survey')[TRIAL]}").ended()

    assert status == 0, failed(report)
    assert {each["outcome"] for each in report["steps"]} == {"done"}
    assert (report["as_it_should_be"], report["withdrawn"]) == (True, True)
    assert cycles(caller) == {**before, report["cycle"]: "withdrawn"}
    public = httpx.get(deployed.at(f"/ranking/cycles/{report['cycle']}/table"))
    assert (public.status_code, public.json()["code"]) == (409, "result-withdrawn")


def test_a_service_that_ends_in_the_middle_is_named_and_the_cycle_withdrawn_all_the_same(
    deployed: Deployed, caller: httpx.Client
) -> None:
    before = cycles(caller)
    smoke = Smoke(deployed, f"--patience={PATIENCE_S}")
    code = smoke.opened(caller, before)

    with ended_apis(deployed, "survey"):
        status, report = smoke.ended()

    assert status == 1
    assert {code for code, _ in failed(report).values()} == {"server-unreachable"}
    assert all("/survey/" in calling for _, calling in failed(report).values())
    assert (report["as_it_should_be"], report["cycle"], report["withdrawn"]) == (False, code, True)
    assert cycles(caller)[code] == "withdrawn"


def test_what_could_not_be_withdrawn_is_said_and_is_withdrawn_later(
    deployed: Deployed, caller: httpx.Client
) -> None:
    before = cycles(caller)
    smoke = Smoke(deployed, f"--patience={PATIENCE_S}")
    code = smoke.opened(caller, before)

    with ended_apis(deployed, "submission"):
        status, report = smoke.ended()
    left = cycles(caller)[code]
    later, ending = Smoke(deployed, f"--withdraw={code}").ended()

    assert (status, report["cycle"], report["withdrawn"]) == (1, code, False)
    assert "/submission/" in failed(report)["withdraw"][1]
    assert left == "open"
    assert (later, [each["step"] for each in ending["steps"]]) == (0, ["withdraw", "gone"])
    assert cycles(caller)[code] == "withdrawn"


def test_a_scratch_cycle_that_is_not_there_cannot_be_withdrawn(
    deployed: Deployed, caller: httpx.Client
) -> None:
    before = cycles(caller)

    status, report = Smoke(deployed, "--withdraw=smoke-2199-nobodys").ended()

    assert (status, report["withdrawn"]) == (1, False)
    assert failed(report)["withdraw"][0] == "cycle-unknown"
    assert cycles(caller) == before


def test_a_year_in_use_is_refused_and_its_cycle_left_alone(
    deployed: Deployed, caller: httpx.Client
) -> None:
    year = deployed.next_year()
    asyncio.run(_open(deployed, year))
    before = cycles(caller)

    status, report = Smoke(deployed, f"--year={year}").ended()

    assert (status, report["cycle"]) == (1, "")
    assert failed(report)["year"][0] == "smoke-year-in-use"
    assert cycles(caller) == before
    assert before[str(year)] == "open"


def test_who_is_asked_to_end_withdraws_first(deployed: Deployed, caller: httpx.Client) -> None:
    before = cycles(caller)
    smoke = Smoke(deployed)
    code = smoke.opened(caller, before)

    smoke.ask_to_end()
    status, report = smoke.ended()

    assert (status, report["withdrawn"], report["cycle"]) == (1, True, code)
    assert {code for code, _ in failed(report).values()} == {"smoke-interrupted"}
    assert cycles(caller)[code] == "withdrawn"


async def test_a_program_that_is_taken_for_a_person_is_found_and_what_it_opened_withdrawn(
    deployed: Deployed, caller: httpx.Client
) -> None:
    addresses = Addresses(deployed.system.addresses)
    before = cycles(caller)
    async with client.connect(addresses.of("/submission")) as anybody:
        # The trial's door makes people of all who ask: so does a provider that tells no program.
        wanted = Wanted(addresses, TrialDoor(anybody), YEAR, PHASE_S, ENDED_S_MAX)
        report = await running.without_people(wanted)

    assert failed(report.body)["person"][0] == "smoke-program-is-person"
    assert (report.is_good, report.withdrawn) == (False, True)
    assert cycles(caller) == {**before, report.cycle: "withdrawn"}


async def _open(deployed: Deployed, year: int) -> None:
    async with callers_of(deployed, seed=year) as world:
        await steps.open_cycle(world, story.cycle(year))
