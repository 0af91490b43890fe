"""What is measured while it happens, each by the contract."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.metrics import Counter, Histogram, Meter

from shared.adapters.telemetry import contract

Value = str | int
Told = Mapping[str, Value]


class Meters:
    """Counters and histograms; `time_s` is the clock by which durations are measured."""

    def __init__(self, meter: Meter, time_s: Callable[[], float] = time.perf_counter) -> None:
        self._time_s = time_s
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        for metric in contract.METRICS:
            match metric.kind:
                case "counter":
                    made = meter.create_counter(metric.name, metric.unit, metric.meaning)
                    self._counters[metric.name] = made
                case "histogram":
                    self._histograms[metric.name] = meter.create_histogram(
                        metric.name,
                        metric.unit,
                        metric.meaning,
                        explicit_bucket_boundaries_advisory=contract.DURATION_BOUNDS_S,
                    )
                case "gauge":
                    continue  # It is asked for when somebody looks: `gauges`.

    def add(self, metric: contract.Metric, count: int, told: Told) -> None:
        """So many more."""
        self._counters[metric.name].add(count, told)

    def record(self, metric: contract.Metric, seconds: float, told: Told) -> None:
        """It took so long."""
        self._histograms[metric.name].record(seconds, told)

    @contextmanager
    def timed(self, metric: contract.Metric, told: Told) -> Iterator[None]:
        """Measure how long it takes, and say by `error.type` if it fails."""
        began_s = self._time_s()
        error = ""
        try:
            yield
        except BaseException as failure:
            error = type(failure).__name__
            raise
        finally:
            self.record(metric, self._time_s() - began_s, _with_error(told, error))

    @contextmanager
    def counted(self, metric: contract.Metric, count: int, told: Told) -> Iterator[None]:
        """Count what was done, or failed, which `error.type` tells."""
        error = ""
        try:
            yield
        except BaseException as failure:
            error = type(failure).__name__
            raise
        finally:
            self.add(metric, count, _with_error(told, error))

    def now_s(self) -> float:
        """The time of the clock."""
        return self._time_s()


def _with_error(told: Told, error: str) -> Told:
    return {**told, contract.ERROR.name: error} if error else told
