"""Records of the topic and entries of a store as lines of JSON, each line by itself.

Bytes that are UTF-8 stand there as text, so that people can read them; others in base64.
"""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.events.codec import Stored
from shared.kernel.errors import Refused
from shared.ports import Delivery
from shared.runtime.refill import Record


def of_record(record: Delivery) -> bytes:
    """A record of the topic."""
    place = {"partition": record.partition, "position": record.position}
    when = {"at": record.appended_at.isoformat(), "key": record.key}
    return _line({**place, **when, **_written(record.body)})


def records(path: Path) -> Iterator[Record]:
    """The records of a file; raises `Refused("backup-line-unreadable")`."""
    for number, body in _lines(path):
        try:
            at = datetime.fromisoformat(body["at"])
            yield Record(at, body["key"], _read(body))
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(path, number) from error


def of_stored(stored: Stored) -> bytes:
    """An entry of a store."""
    place = {"stream": stored.stream, "version": stored.version, "type": stored.type}
    return _line({**place, **_written(stored.body)})


def stored(path: Path) -> Iterator[Stored]:
    """The entries of a file; raises `Refused("backup-line-unreadable")`."""
    for number, body in _lines(path):
        try:
            yield Stored(body["stream"], body["version"], body["type"], _read(body))
        except (KeyError, TypeError, ValueError) as error:
            raise _unreadable(path, number) from error


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise _unreadable(path, number) from error


def _line(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _written(content: bytes) -> dict[str, str]:
    try:
        return {"body": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def _read(body: Any) -> bytes:  # noqa: ANN401 - a line of JSON
    if "base64" in body:
        return base64.b64decode(body["base64"], validate=True)
    text: str = body["body"]
    return text.encode()


def _unreadable(path: Path, number: int) -> Refused:
    return Refused("backup-line-unreadable", file=str(path), line=str(number))
