"""What a process writes into its log while a broker is away."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from shared.adapters import logbook
from shared.adapters.logbook import AGAIN_S, LINES_MAX, Gathering

DRIVER = "aiokafka.client"
AWAY = ('Unable connect to "%s:%s": %s', "localhost", 9092, "refused")


class Written:
    """Lines that came through, by a clock that is set."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.lines: list[str] = []
        self._gathering = Gathering(lambda: self.now_s)

    def say(
        self, *said: object, name: str = DRIVER, level: int = logging.ERROR, trace: bool = False
    ) -> None:
        """One says something."""
        error = ValueError()
        told = (ValueError, error, None) if trace else None
        record = logging.LogRecord(name, level, "", 0, str(said[0]), said[1:], told)
        if self._gathering.filter(record):
            self.lines.append(record.getMessage())


def test_what_the_driver_says_again_is_told_once_a_minute_with_how_often_it_came() -> None:
    written = Written()

    for tenth in range(round(20 * AGAIN_S)):
        written.now_s = tenth / 10
        written.say(*AWAY)

    line = 'Unable connect to "localhost:9092": refused'
    assert written.lines == [line, f"{line} (as 599 times before)"]


def test_what_it_says_otherwise_is_told_at_once() -> None:
    written = Written()

    for host in ("one", "two", "one"):
        written.say("Unable connect to %s", host)
    written.say("Heartbeat failed", level=logging.WARNING)

    assert written.lines == ["Unable connect to one", "Unable connect to two", "Heartbeat failed"]


@pytest.mark.parametrize(
    ("name", "level", "trace"),
    [
        ("shared.runtime.loop", logging.WARNING, False),
        ("aiokafkaesque", logging.ERROR, False),
        (DRIVER, logging.INFO, False),
        (DRIVER, logging.ERROR, True),
    ],
)
def test_nothing_else_is_held_back(name: str, level: int, *, trace: bool) -> None:
    written = Written()

    for _ in range(3):
        written.say("the same", name=name, level=level, trace=trace)

    assert written.lines == ["the same"] * 3


def test_what_is_remembered_is_limited() -> None:
    written = Written()

    for number in range(LINES_MAX + 1):
        written.say("line %d", number)
    written.say("line %d", LINES_MAX)
    written.say("line %d", 0)

    assert len(written.lines) == LINES_MAX + 2
    assert written.lines[-1] == "line 0"


def test_a_process_writes_its_log_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with no_log_yet():
        logbook.begin()
        for _ in range(2):
            logging.getLogger(DRIVER).error(*AWAY)
            logging.getLogger("shared.runtime.loop").info("%s goes on", "survey.relay")

    said = [line.split(" ", 2)[2] for line in capsys.readouterr().err.splitlines()]
    assert said == [
        'ERROR Unable connect to "localhost:9092": refused',
        "INFO survey.relay goes on",
        "INFO survey.relay goes on",
    ]


@contextmanager
def no_log_yet() -> Iterator[None]:
    """As in a process that has just begun."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    root.handlers = []
    yield
    root.handlers = handlers
    root.setLevel(level)


@contextmanager
def laid_out(ids: tuple[str, str] | None = None) -> Iterator[list[str]]:
    """A log of lines of JSON, in which this is done; what it says is told at the end."""
    stream, lines = io.StringIO(), list[str]()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    root.addHandler(handler)
    before = {each: each.formatter for each in root.handlers}
    try:
        logbook.lay_out("json", {"service.name": "ranking"}, lambda: ids)
        yield lines
    finally:
        lines += stream.getvalue().splitlines()
        root.removeHandler(handler)
        for each, formatter in before.items():
            each.setFormatter(formatter)


def test_a_line_of_json_says_who_when_and_within_which_trace() -> None:
    with laid_out(("a" * 32, "b" * 16)) as lines:
        logging.getLogger("shared.runtime.loop").warning("tạm dừng\n%s", "x")

    [line] = map(json.loads, lines)
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is UTC
    assert line == {
        "severity_text": "WARNING",
        "scope": "shared.runtime.loop",
        "body": "tạm dừng\nx",
        "service.name": "ranking",
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
    }


def test_an_exception_is_one_line_too() -> None:
    with laid_out() as lines:
        try:
            int("x")
        except ValueError:
            logging.getLogger("x").exception("failed")

    [line] = map(json.loads, lines)
    assert line["exception.type"] == "ValueError"
    assert "ValueError\n    tests/unit/test_logbook.py:" in line["exception.stacktrace"]
    assert "trace_id" not in line
