"""Answers of a survey taken by one process, durably, beside a handler that does nothing.

And beside the bare recorder, which saves as many bytes in batches as large as the urn's rounds. The
process that answers is wired as in production, but for its counting, which another one does.
"""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.adapters.slips import SLIPS_MAX
from tests.bench import bare, caller, facts
from tests.bench.answering import INVITED, PATH, QUESTIONS, token_at
from tests.bench.bare_servers import Recorder
from tests.bench.loads import Load
from tests.bench.report import Measure, Report, awaited_rate_of
from tests.bench.system import empty_handler, empty_requests
from tests.support.running import PROJECT
from tests.support.survey_office import answer_body

ROUNDS = 5
AT_ONCE = 64
ANSWERS = 2_000
FACTS = 2_000

RecorderAt = Callable[[str], bare.Recorder | Recorder]


@contextmanager
def answering(*options: str) -> Iterator[str]:
    """The address of a process of the survey."""
    process = subprocess.Popen(
        (sys.executable, "-m", "tests.bench.answering", *options),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None, "opened with a pipe"
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def requests() -> Iterator[bytes]:
    """Answers of everybody who is invited."""
    answers = {f"q{number}": "5" for number in range(1, QUESTIONS + 1)}
    for place in range(INVITED):
        body = answer_body(token_at(place), answers)
        yield caller.request("POST", PATH, body)


async def _compare(report: Report, recorder_at: RecorderAt, *options: str) -> None:
    with answering(*options) as url, empty_handler() as empty_url:
        loads = {
            "survey answers, durable": Load(url, requests()),
            "empty FastAPI handler": Load(empty_url, itertools.cycle(empty_requests(ANSWERS))),
        }
        names, events = itertools.count(), bare.events_of(facts.told(FACTS))

        async def saved() -> float:
            recorder = recorder_at(f"bare{next(names)}")

            async def save() -> None:
                for batch in bare.batches(events, SLIPS_MAX):
                    recorder.save(batch)

            rate = await awaited_rate_of(FACTS, save)()
            recorder.close()
            return rate

        sides: dict[str, Measure] = {f"bare recorder, {SLIPS_MAX} in a transaction": saved}
        sides |= {name: load.measure(ANSWERS, AT_ONCE) for name, load in loads.items()}
        await report.compare("/s", sides, rounds=ROUNDS)
        for name, load in loads.items():
            load.add_latencies(report, name)


async def test_answers_on_sqlite(report: Report, tmp_path: Path) -> None:
    report.begin(f"Survey answers on SQLite, {AT_ONCE} at once, one process")
    await _compare(report, lambda name: bare.Recorder(tmp_path / f"{name}.db"))


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_answers_on_postgres(report: Report, fresh_postgres: str) -> None:
    report.begin(f"Survey answers on PostgreSQL, {AT_ONCE} at once, one process")
    await _compare(report, lambda name: Recorder(fresh_postgres, name), fresh_postgres)
