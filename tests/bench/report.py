"""What a bench prints: a figure, and its ratio to something bare that was measured beside it.

Machines are noisy, so that a figure by itself says little: sides take turns (A B A B), each side's
median counts, and the ratio of two medians of one run can be compared with that of another run.
Beside it stand the least and the greatest ratio of a round, which say how far to believe it.
"""

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROUNDS = 3
WIDTH = 46

Measure = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: `ratio` is the figure's part of the bare side `beside`, where there is one.

    `spread` has the least and the greatest ratio, where there were several rounds.
    """

    name: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None
    spread: tuple[float, float] | None = None


@dataclass(slots=True)
class Report:
    """All figures of a run, in order, by the bench that they belong to."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)

    def begin(self, title: str) -> None:
        """A new bench."""
        self.figures[title] = []
        sys.stdout.write(f"\n\n{title}\n")

    def add(self, figure: Figure) -> None:
        """A figure of the bench that began last."""
        self.figures[next(reversed(self.figures))].append(figure)
        said = f"  {figure.name:<{WIDTH}} {_number(figure.value):>9} {figure.unit:<8}"
        if figure.ratio is not None:
            said += f" {figure.ratio:7.3f}"
            if figure.spread is not None:
                said += " ({:.3f} to {:.3f})".format(*figure.spread)
            said += f" of {figure.beside}"
        sys.stdout.write(f"{said.rstrip()}\n")

    async def compare(self, unit: str, sides: Mapping[str, Measure], rounds: int = ROUNDS) -> None:
        """Measure all sides in turn; each is compared with the last, which is the bare one."""
        found: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(rounds):
            for name, measure in sides.items():
                found[name].append(await measure())
        medians = {name: statistics.median(values) for name, values in found.items()}
        *_, bare = sides
        for name, median in medians.items():
            if name == bare:
                self.add(Figure(name, median, unit))
                continue
            ratios = [mine / its for mine, its in zip(found[name], found[bare], strict=True)]
            spread = (min(ratios), max(ratios))
            self.add(Figure(name, median, unit, bare, median / medians[bare], spread))

    def write(self, path: Path) -> None:
        """Keep it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        benches = {title: list(map(asdict, found)) for title, found in self.figures.items()}
        written = {"machine": machine(), "benches": benches}
        path.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", "utf-8")


def machine() -> Mapping[str, object]:
    """What a reader has to know of the machine, and no more."""
    return {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def rate_of(count: int, work: Callable[[], object]) -> Measure:
    """How many a second, where `work` only reckons: by the time of the processor."""

    async def measure() -> float:
        began = time.process_time()
        work()
        return count / (time.process_time() - began)

    return measure


def awaited_rate_of(count: int, work: Callable[[], Awaitable[object]]) -> Measure:
    """How many a second, where `work` also waits: by the clock on the wall."""

    async def measure() -> float:
        began = time.perf_counter()
        await work()
        return count / (time.perf_counter() - began)

    return measure


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """How long it takes to reckon something, in the median of a few times."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        work()
        taken.append(1_000 * (time.process_time() - began))
    return statistics.median(taken)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many per cent lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
