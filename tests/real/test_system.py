"""The whole system on real servers: every address answers, and whoever dies is followed."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from real.show import Show
from real.system import SERVICES, UNLIMITED, Plan, System, running
from real.watch import Watch
from tests.support.servers import REAL, Started, open_folder

pytestmark = [*REAL, pytest.mark.slow]
CALLS = 12
ONE_CALL_EACH = httpx.Limits(max_keepalive_connections=0)
NAME_BYTES = 4


@pytest.fixture(scope="module")
def system(servers: Started) -> Iterator[System]:
    prefix = f"test_{secrets.token_hex(NAME_BYTES)}"
    with open_folder() as folder:
        system = System(
            Plan(folder, apis=2, workers=1, prefix=prefix, told=UNLIMITED), servers.everything()
        )
        with running(system):
            yield system


@pytest.fixture(scope="module")
def caller() -> Iterator[httpx.Client]:
    """Whoever connects again for each call is answered by another process."""
    with httpx.Client(limits=ONE_CALL_EACH) as caller:
        yield caller


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_at_its_address(
    system: System, caller: httpx.Client, service: str
) -> None:
    address = system.addresses[service]

    assert caller.get(f"{address}/readyz").is_success
    assert caller.get(f"{address}/{service}/openapi.json").json()["info"]["title"].endswith(service)


def test_the_clock_of_the_trial_is_the_same_everywhere(
    system: System, caller: httpx.Client
) -> None:
    now = "2031-02-03T04:05:06+07:00"

    caller.put(f"{system.addresses['survey']}/trial/clock", json={"now": now}).raise_for_status()

    for address in system.addresses.values():
        told = [caller.get(f"{address}/trial/clock").json()["now"] for _ in range(CALLS)]
        assert {each[:16] for each in told} == {now[:16]}


@pytest.mark.parametrize("role", ["api", "worker"])
def test_another_one_follows_a_killed_process_and_gets_ready_and_that_is_said(
    system: System, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    process, watch = system.process("ranking", role), Watch(system, Show())
    killed = process.pid

    process.kill()
    process.wait()
    watch.look()

    assert process.pid not in {None, killed}
    assert capsys.readouterr().out.count(f"ranking {role} 1 died and was started again") == 1


def test_an_address_answers_while_one_of_its_processes_is_killed(
    system: System, caller: httpx.Client
) -> None:
    process = system.process("appraisal", "api", 2)
    address = system.addresses["appraisal"]

    process.kill()
    answers = [caller.get(f"{address}/livez").status_code for _ in range(CALLS)]

    assert set(answers) == {200}
    process.wait()


def test_a_process_that_is_asked_to_end_ends_well_and_is_followed(system: System) -> None:
    process = system.process("survey", "worker")
    next_start = process.starts + 1

    process.terminate()
    process.wait(next_start)

    assert b"survey worker has stopped" in process.log.read_bytes()


def test_the_end_of_a_system_leaves_no_process_and_the_servers(system: System) -> None:
    system.stop()

    assert [process.pid for process in system.processes] == [None] * len(system.processes)
    assert system.servers.postgres.url
