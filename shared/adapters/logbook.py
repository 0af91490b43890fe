"""What a process writes into its log, a line each; set up here, and nowhere else."""

import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from shared.adapters import fault

FORMAT = "%(asctime)s %(levelname)s %(message)s"

Layout = Literal["text", "json"]
Trace = Callable[[], tuple[str, str] | None]
"""The ids of the trace and of the span, in hexadecimal."""

GATHERED = frozenset({"aiokafka", "uvicorn"})
"""Who warns of the same several times a second: of a broker that is away, of who speaks no HTTP."""
DISCREET = ("aiokafka", "httpcore", "httpx", "pymongo")
"""Whose words below this level quote what they carry, however much others are asked to tell."""
AGAIN_S = 60.0
"""How soon it is told anew what was told before."""
LINES_MAX = 256
"""How many lines are remembered; of more than these, the oldest is told as if it were new."""


def begin() -> None:
    """Write the log of this process to its standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(Gathering())
    handler.setFormatter(AsText(FORMAT))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for each in DISCREET:
        logging.getLogger(each).setLevel(logging.INFO)


def lay_out(layout: Layout, told: Mapping[str, str], trace: Trace = lambda: None) -> None:
    """Write it as `layout` says from now on; what is `told` stands in each line that is JSON.

    Beside it stands the trace and the span of what was done when it was written, if there is one.
    """
    if layout == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(AsJson(told, trace))


class AsText(logging.Formatter):
    """A line for people; of an error it tells where it came from, and not what it says."""

    def formatException(self, ei: Any) -> str:  # noqa: ANN401, N802 - as the library has it
        """The error of a record."""
        return fault.told(ei[1])


class AsJson(AsText):
    """A line of JSON for each record, by the names of OpenTelemetry's log data model.

    https://opentelemetry.io/docs/specs/otel/logs/data-model/
    """

    def __init__(self, told: Mapping[str, str], trace: Trace) -> None:
        super().__init__()
        self._told = told
        self._trace = trace

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        at = datetime.fromtimestamp(record.created, UTC)
        line = {
            "timestamp": at.isoformat(timespec="milliseconds"),
            "severity_text": record.levelname,
            "scope": record.name,
            "body": record.getMessage(),
            **self._told,
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["exception.type"] = record.exc_info[0].__name__
            line["exception.stacktrace"] = self.formatException(record.exc_info)
        if (ids := self._trace()) is not None:
            line["trace_id"], line["span_id"] = ids
        return json.dumps(line, ensure_ascii=False)


class Gathering(logging.Filter):
    """Lets the same warning of a driver through once a minute, with how often it came meanwhile.

    Nothing else is held back: each other warning is told at once, and each trace.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s = now_s
        self._told: OrderedDict[str, _Told] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written."""
        is_gathered = record.name.partition(".")[0] in GATHERED
        if not is_gathered or record.levelno < logging.WARNING or record.exc_info:
            return True
        line, now_s = record.getMessage(), self._now_s()
        told = self._told.get(line)
        if told is not None and now_s - told.at_s < AGAIN_S:
            told.since += 1
            return False
        if told is not None and told.since:
            record.msg, record.args = f"%s (as {told.since} times before)", (line,)
        self._remember(line, now_s)
        return True

    def _remember(self, line: str, now_s: float) -> None:
        self._told.pop(line, None)
        self._told[line] = _Told(now_s)
        if len(self._told) > LINES_MAX:
            self._told.popitem(last=False)


class _Told:
    """When a line was written last, and how often it came since."""

    def __init__(self, at_s: float) -> None:
        self.at_s = at_s
        self.since = 0
