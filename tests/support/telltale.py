"""A province in which everything that a caller can say holds something to be recognised by.

Whoever asks brings it in every header, as cookie, key, name and address; what people write holds
it; and what the system gives out in secret is remembered.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from shared.adapters import logbook
from shared.events.codec import Stored
from shared.kernel.actor import Actor
from shared.kernel.errors import Unknown
from shared.ports import Tracking
from tests.support.province import Answer, GuardedEventStore, Province

MARK = "kin-dao-8831"
"""Stands in all that is said, and nowhere else."""
ADDRESS = "198.51.100.77"
WRITTEN = frozenset({"reason", "text", "section", "issuer", "source", "legal_basis", "title"})
"""Members in which people write what they like."""
EVERYTHING = 1
"""The level at which every logger tells all that it has."""
HEADERS: Mapping[str, str] = {
    "cookie": f"session={MARK}-cookie",
    "user-agent": f"{MARK}-agent",
    "referer": f"https://{MARK}.example/page",
    "x-forwarded-for": ADDRESS,
    "forwarded": f"for={ADDRESS}",
    "x-correlation-id": f"{MARK}-correlation",
    "x-anything": f"{MARK}-header",
}
TEXT, JSON = logbook.AsText(logbook.FORMAT), logbook.AsJson({}, lambda: None)


class WordyEventStore(GuardedEventStore):
    """An event store that, when it breaks, quotes what it was to record."""

    def __init__(self) -> None:
        super().__init__()
        self.is_broken = False

    async def append(
        self,
        facts: Sequence[Stored],
        *,
        tracking: Tracking | None = None,
        behind: Stored | None = None,
    ) -> None:
        """Record all of them and the tracking, or nothing."""
        if self.is_broken:
            raise RuntimeError(f"{MARK}: this row is refused: {[fact.body for fact in facts]}")
        await super().append(facts, tracking=tracking, behind=behind)


class TelltaleProvince(Province):
    """The services, and callers who are recognised by whatever they say."""

    event_store = WordyEventStore

    def __init__(self, people: Mapping[str, Actor], now: datetime) -> None:
        super().__init__(people, now)
        self.secrets: set[str] = {MARK, ADDRESS}
        self.statuses: dict[int, int] = {}

    def bearer(self, who: str) -> str:
        """The token of somebody."""
        return f"{MARK}-token-{who}"

    async def _identify(self, token: str, *_wait: object) -> Actor:
        who = token.removeprefix(f"{MARK}-token-")
        if who not in self._people:
            raise Unknown("token-invalid")
        return self._people[who]

    async def ask(
        self, who: str, method: str, path: str, body: object = None, **headers: str
    ) -> Answer:
        """Ask as somebody, with all that tells."""
        key = f"{MARK}-{who} {method} {path}".replace(" ", "~")
        said = {**HEADERS, "idempotency-key": key, **headers}
        answer = await super().ask(who, method, path, _marked(body), **said)
        self.secrets |= _given_out(answer.body)
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        return answer

    def break_stores(self, *, broken: bool) -> None:
        """Let every store fail with words of its own, or none."""
        for store in self.stores.values():
            assert isinstance(store, WordyEventStore)
            store.is_broken = broken


class Lines:
    """All that was logged, as a process would write it: as text and as JSON."""

    def __init__(self) -> None:
        self.records: list[logging.LogRecord] = []

    def telling(self, secrets: set[str]) -> Sequence[str]:
        """The lines in which something secret stands."""
        return [line for line in self.written() if any(each in line for each in secrets)]

    def written(self) -> Iterator[str]:
        """Every record in both layouts."""
        for record in self.records:
            for layout in (TEXT, JSON):
                record.exc_text = None
                yield layout.format(record)


class _Keeping(logging.Handler):
    def __init__(self, lines: Lines) -> None:
        super().__init__(EVERYTHING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self._lines.records.append(record)


@contextmanager
def listening() -> Iterator[Lines]:
    """Hear whatever any logger has to tell."""
    lines, root = Lines(), logging.getLogger()
    handler = _Keeping(lines)
    before = root.level
    root.setLevel(EVERYTHING)
    root.addHandler(handler)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def _marked(said: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same, with the mark in all that people write."""
    if isinstance(said, Mapping):
        return {
            name: f"{value} {MARK}"
            if name in WRITTEN and isinstance(value, str)
            else _marked(value)
            for name, value in said.items()
        }
    return [_marked(each) for each in said] if isinstance(said, list | tuple) else said


def _given_out(body: bytes) -> set[str]:
    """The invitations in an answer."""
    try:
        said = json.loads(body)
    except ValueError:
        return set()
    return {*said.get("tokens", ())} if isinstance(said, dict) else set()
