"""What the embedded mode promises of its data directory."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from shared.adapters.memory import MemoryClock
from shared.adapters.messages import sentence
from shared.adapters.process import lock_directory, open_outside, open_topic
from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ports import Message, Right

HOLD = """
import sys
from pathlib import Path
from shared.adapters.process import lock_directory

with lock_directory(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold_elsewhere(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds the directory until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def mode_of(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


async def from_the_beginning(_: int) -> int:
    return 0


def test_a_second_process_is_refused_and_told_who_holds_the_directory(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        with pytest.raises(Unavailable) as refusal, lock_directory(tmp_path):
            pass
        holder.kill()

    code, details = refusal.value.code, refusal.value.details
    assert code == "data-directory-in-use"
    assert sentence(code, "en", details) == (
        f"Process {holder.pid} is using the directory {tmp_path}. Stop it, or choose another one."
    )


def test_the_lock_ends_with_its_process_even_by_kill_9(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()

        with lock_directory(tmp_path):
            assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_can_be_taken_again_and_makes_its_directory(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"

    with lock_directory(folder):
        pass
    with lock_directory(folder):
        assert folder.is_dir()


async def test_everything_that_was_said_survives_a_restart(tmp_path: Path) -> None:
    clock = MemoryClock()
    fact = Stored("survey/2021/sipas", 1, "survey.SurveyOpened.v1", b"{}")
    async with (
        open_topic(tmp_path, clock) as topic,
        open_outside(tmp_path, "survey", topic=topic, clock=clock, mode="trial") as survey,
    ):
        await survey.store.append([fact])
        await survey.inbox.append([fact])
        await survey.urn.grant("2021/sipas", [Right("hash", "so-y-te")])
        sealed = await survey.seals.seal("ghi chú")
        await topic.publish([Message("2021", fact.body)])

    async with (
        open_topic(tmp_path, clock) as topic,
        open_outside(tmp_path, "survey", topic=topic, clock=clock, mode="trial") as survey,
    ):
        assert await survey.store.last(fact.stream) == fact
        assert await survey.inbox.last(fact.stream) == fact
        assert await survey.urn.right("2021/sipas", "hash") == Right("hash", "so-y-te")
        assert await survey.seals.open(sealed) == "ghi chú"
        async with topic.subscribe("ranking", from_the_beginning) as subscription:
            assert len(await subscription.fetch(limit=9, timeout_s=0)) == 1


async def test_each_service_has_stores_of_its_own(tmp_path: Path) -> None:
    clock = MemoryClock()
    fact = Stored("survey/2021/sipas", 1, "survey.SurveyOpened.v1", b"{}")
    async with (
        open_topic(tmp_path, clock) as topic,
        open_outside(tmp_path, "survey", topic=topic, clock=clock, mode="trial") as survey,
        open_outside(tmp_path, "ranking", topic=topic, clock=clock, mode="trial") as ranking,
    ):
        await survey.store.append([fact])

        assert await ranking.store.last(fact.stream) is None
        assert await survey.inbox.last(fact.stream) is None
        assert survey.topic is ranking.topic
        assert survey.seals.digest("request", b"a") != ranking.seals.digest("request", b"a")


async def test_nobody_else_may_look_into_the_folder_of_a_service(tmp_path: Path) -> None:
    clock = MemoryClock()
    async with (
        open_topic(tmp_path, clock) as topic,
        open_outside(tmp_path, "survey", topic=topic, clock=clock, mode="trial"),
    ):
        assert mode_of(tmp_path / "survey") == 0o700
