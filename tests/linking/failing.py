"""Attempts to answer that fail on a deployed system, each in another way, and what they left."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

import httpx

from real.system import System
from tests.linking.attack import Held
from tests.linking.poll import RECEIPT_BYTES, Poll
from tests.linking.servers import connected

LETTER = "w"
ANSWERS = {"q1": "5", "u1": LETTER, "u2": LETTER, "u3": LETTER}
TOO_MANY = 200_000
NAME_BYTES = 4
UNDER_WAY_S = 0.5
LOCK = "lock table urn_rights in access exclusive mode"


@dataclass(frozen=True)
class Sent:
    """What somebody sends, by which it would be found."""

    token: str
    receipt: str
    answer: str


def sent_with(token: str) -> Sent:
    """What is sent with a token."""
    answer = f"{LETTER}{secrets.token_hex(NAME_BYTES)}"
    return Sent(token, secrets.token_urlsafe(RECEIPT_BYTES), answer)


def _refused(_: System, poll: Poll, sent: Sent) -> httpx.Response:
    return poll.send(sent.token, {"q1": "5", "u1": sent.answer}, sent.receipt)


def _too_long(_: System, poll: Poll, sent: Sent) -> httpx.Response:
    return poll.send(sent.token, {"u1": sent.answer * TOO_MANY}, sent.receipt)


def _taken(_: System, poll: Poll, sent: Sent) -> httpx.Response:
    poll.answer(1)
    return poll.send(sent.token, ANSWERS, poll.receipts[-1])


def _locked(system: System, poll: Poll, sent: Sent) -> httpx.Response:
    """PostgreSQL gives up the statements of an answer and of a page, and logs that it did."""
    with (
        ThreadPoolExecutor(1) as pool,
        connected(system) as database,
        database.transaction(),
    ):
        database.execute(LOCK)
        page = pool.submit(poll.look, sent.token)
        answer = poll.send(sent.token, ANSWERS, sent.receipt)
        assert page.result().status_code == httpx.codes.SERVICE_UNAVAILABLE
        return answer


def _dead(system: System, poll: Poll, sent: Sent) -> httpx.Response:
    """PostgreSQL is killed while it has the statement."""
    server = system.servers.postgres
    with closing(connected(system)) as database, ThreadPoolExecutor(1) as pool:
        database.autocommit = False
        database.execute(LOCK)
        answer = pool.submit(poll.send, sent.token, ANSWERS, sent.receipt)
        time.sleep(UNDER_WAY_S)
        try:
            server.kill()
            return answer.result()
        finally:
            server.start()


FAILURES: Mapping[str, Callable[[System, Poll, Sent], httpx.Response]] = {
    "an option that there is not": _refused,
    "more than is read": _too_long,
    "a receipt that is taken": _taken,
    "rights that are locked": _locked,
    "a database that dies meanwhile": _dead,
}


def named(held: Held, sent: Sequence[Sent]) -> Iterator[str]:
    """Where anything is found that somebody sent."""
    for each in sent:
        for secret in (each.token, each.receipt, each.answer):
            yield from (f"{secret}: {name}" for name in places(held, secret))


def places(held: Held, secret: str) -> Sequence[str]:
    """Where something secret is found."""
    blobs = [blob.name for blob in held.blobs if secret.encode() in blob.content]
    return [*blobs, *(table.name for table in held.tables if secret in repr(table.rows))]
