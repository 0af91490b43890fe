"""What is asked of the running system under load, and how soon ranking has what it was told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from tests.bench import caller
from tests.bench.report import Figure, Measure, Report, percentile
from tests.bench.system import System, wait_until


@dataclass(slots=True)
class Load:
    """One kind of request, of which each round takes some that were not sent before."""

    url: str
    requests: Iterator[bytes]
    latencies_s: list[float] = field(default_factory=list)

    def measure(self, count: int, at_once: int) -> Measure:
        """Requests per second."""

        async def measure() -> float:
            done = await caller.load(self.url, list(islice(self.requests, count)), at_once=at_once)
            self.latencies_s += done.latencies_s
            return done.rate

        return measure

    def add_latencies(self, report: Report, name: str) -> None:
        """What half, and what all but one per cent of the requests took; then begin anew."""
        _add_percentiles(report, name, self.latencies_s)
        self.latencies_s.clear()


@dataclass(frozen=True, slots=True)
class Visible:
    """How long after their answers writes were in the ledger, and counted in the table."""

    numbered_s: Sequence[float]
    shown_s: Sequence[float]

    def add_to(self, report: Report) -> None:
        """What half, and all but one per cent of them took."""
        _add_percentiles(report, "numbered in the ledger", self.numbered_s)
        _add_percentiles(report, "counted in the table", self.shown_s)


async def visible(system: System, requests: Sequence[bytes]) -> Visible:
    """Send requests of submission, each when the one before it is counted."""
    numbered, shown = [], []
    before = system.numbered()
    system.wait_until_counted(before)
    for wanted, request in enumerate(requests, start=before + 1):
        await caller.load(system.url("submission"), [request], at_once=1)
        numbered_s = wait_until(partial(_reaches, system.numbered, wanted))
        numbered.append(numbered_s)
        shown.append(numbered_s + wait_until(partial(_reaches, system.shown, wanted)))
    return Visible(numbered, shown)


def _reaches(read: Callable[[], int], wanted: int) -> bool:
    return read() >= wanted


def _add_percentiles(report: Report, name: str, taken_s: Sequence[float]) -> None:
    for percent in (50, 99):
        report.add(Figure(f"{name}, p{percent}", 1_000 * percentile(taken_s, percent), "ms"))
