"""No line of a log tells what a caller said: no token, no key, no name, no text, no address.

A whole cycle is played in which all that can be said has a mark; whatever any logger tells is
heard at the most talkative level, and held against it. What fails is caused too: it would quote.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest

from demo.papers import paper
from tests.support import stages, tally
from tests.support.province import Answer
from tests.support.tally import Record
from tests.support.telltale import MARK, Lines, TelltaleProvince, listening
from tests.support.town import FOREIGN, OWN, evidence_of

BEGIN = datetime.fromisoformat("2021-10-15T08:00:00+07:00")
ASKED = "/survey/cycles/2021/questionnaires/citizens"
SHEET = f"/submission/cycles/2021/agencies/{OWN}"
ANSWERED = {200, 201, 204, 400, 401, 403, 404, 405, 409, 413, 422, 428, 431, 500, 503}
"""Answers of every kind are among those that were heard."""
TITLE = "Lines of the log, by what was going on"


@pytest.fixture
async def scored() -> TelltaleProvince:
    """The province while agencies score themselves and the survey is on."""
    it = TelltaleProvince(stages.PEOPLE, BEGIN)
    with listening():
        await stages.STATES["scoring"](it)
        await it.settle()
    return it


async def _answering(it: TelltaleProvince) -> None:
    """People are invited and answer, rightly and wrongly, by JSON and by pages."""
    invited = {"agency": OWN, "count": 3}
    made = await it.done("survey-officer", "POST", f"{ASKED}/invitations", invited)
    one, other, _ = made["tokens"]
    form = {"content-type": "application/x-www-form-urlencoded"}
    good = {"token": one, "answers": {"q1": "5"}, "receipt": f"{MARK}-receipt-of-one-01"}
    await it.done("public", "POST", f"{ASKED}/responses", good)
    for body in (
        good,
        {**good, "answers": {"q1": MARK}},
        {**good, "comments": {MARK: MARK}},
        {**good, MARK: MARK},
        {**good, "token": f"{MARK}token"},
    ):
        assert (await it.ask("public", "POST", f"{ASKED}/responses", body)).status >= 400
    for path in (other, one, f"{MARK}{other}", f"{other}?language={MARK}"):
        await it.ask("public", "GET", f"/survey/form/2021/citizens/{path}")
    filled = f"q1=5&do=check&c-q1={MARK}".encode()
    await it.ask("public", "POST", f"/survey/form/2021/citizens/{other}", filled, **form)


async def _proving(it: TelltaleProvince) -> None:
    """Files come with names, of every kind that is taken and that is not."""
    content = paper(f"{MARK} Nguyễn Văn A")
    place = f"{SHEET}/files/{sha256(content).hexdigest()}"
    named = evidence_of(content)
    said = {"content-type": "application/pdf", "content-disposition": f'filename="{MARK}.pdf"'}
    assert (await it.ask("agency", "PUT", place, content, **said)).status < 300
    assert (await it.ask("agency", "PUT", f"{SHEET}/items/1.1/evidence/{MARK}", named)).status < 300
    explained = {"text": "Không phát sinh."}
    await it.ask("agency", "PUT", f"{SHEET}/items/1.1/explanation", explained)
    await it.ask("agency", "PUT", place, MARK.encode() * 100)
    await it.ask("agency", "PUT", f"{SHEET}/files/{MARK}", content)


async def _erring(it: TelltaleProvince) -> None:
    """Whatever can be wrong with a request."""
    json = {"content-type": "application/json"}
    score = f"{SHEET}/items/1.1/score"
    for who, method, path, body, headers in (
        ("agency", "GET", f"{SHEET}", None, {"authorization": f"Bearer {MARK}"}),
        ("agency", "GET", f"{SHEET}", None, {"authorization": f"Basic {MARK}"}),
        ("agency", "GET", f"/submission/{MARK}/{MARK}?{MARK}={MARK}", None, {}),
        ("agency", "GET", f"/submission/cycles?cursor={MARK}&limit={MARK}", None, {}),
        ("agency", "GET", f"/submission/cycles?cursor={MARK}", None, {}),
        ("agency", "GET", f"/ranking/cycles/2021/table?at={MARK}", None, {}),
        ("agency", "PUT", score, f'{{"{MARK}'.encode(), json),
        ("agency", "PUT", score, f'{{"inputs":{{"points":"{MARK}"}}}}'.encode(), json),
        ("agency", "PUT", score, MARK.encode() * 200_000, json),
        ("agency", "PUT", score, {"inputs": {"points": "2"}}, {"if-match": MARK}),
        ("agency", "PUT", score, {"inputs": {"points": "2"}}, {"if-match": "*"}),
        ("agency", "GET", f"{SHEET}", None, {"x-long": MARK * 5_000}),
        ("agency", "POST", f"{SHEET}/lock", None, {"idempotency-key": f"{MARK} {MARK}"}),
        ("agency", "GET", f"{SHEET}", None, {"x-correlation-id": f"{MARK} {MARK}"}),
        ("agency", "BREW", f"{SHEET}", None, {}),
        ("agency", "GET", f"/submission/cycles/2021/agencies/{FOREIGN}", None, {}),
        ("public", "GET", f"{SHEET}", None, {}),
    ):
        answer = await it.ask(who, method, path, body, **headers)
        assert 400 <= answer.status < 500, (method, path, answer)


async def _breaking(it: TelltaleProvince) -> None:
    """Stores fail with what they were to record, and then are away."""
    changed = {"inputs": {"points": "2"}}
    score = f"{SHEET}/items/1.1/score"

    async def change() -> Answer:
        return await it.ask("agency", "PUT", score, changed, **{"if-match": '"1"'})

    it.break_stores(broken=True)
    assert (await change()).status == 500
    it.break_stores(broken=False)
    it.leave(away=True)
    assert (await change()).status == 503
    it.leave(away=False)


async def _going_on(it: TelltaleProvince) -> None:
    """The rest of the cycle, to its withdrawal."""
    for state in ("appraising", "approved", "published", "withdrawn"):
        await stages.STATES[state](it)
        await it.settle()


PLAYS: dict[str, Callable[[TelltaleProvince], Coroutine[Any, Any, None]]] = {
    "people answer": _answering,
    "agencies prove": _proving,
    "requests are wrong": _erring,
    "stores fail": _breaking,
    "a cycle goes to its end": _going_on,
}


async def test_nothing_that_a_caller_said_stands_in_the_log(
    scored: TelltaleProvince, record_property: Record
) -> None:
    it = scored
    for title, play in PLAYS.items():
        with listening() as lines:
            await play(it)
            await asyncio.sleep(0)

        found = lines.telling(it.secrets)
        assert not found, (title, found)
        row = {"lines": len(lines.records), "with a secret": len(found)}
        tally.count(record_property, TITLE, {title: row})

    assert ANSWERED - {*it.statuses} <= {201, 204}, it.statuses
    assert len(it.secrets) > 3


async def test_what_fails_is_told_by_where_it_failed(scored: TelltaleProvince) -> None:
    with listening() as lines:
        await _breaking(scored)

    told = "\n".join(lines.written())
    assert "PUT /cycles/{cycle}/agencies/{agency}/items/{item}/score failed unexpectedly" in told
    assert "RuntimeError" in told
    assert "shared/runtime/handle.py:" in told


def test_a_secret_that_is_logged_is_found() -> None:
    with listening() as lines:
        logging.getLogger("somebody").log(1, "it was %s", MARK)
        try:
            int(MARK)
        except ValueError:
            logging.getLogger("somebody").exception("it failed")

    told = lines.telling({MARK})
    assert len(told) == 2
    assert all("it was" in line for line in told)


def test_the_quietest_of_loggers_is_heard() -> None:
    with listening() as lines:
        logging.getLogger("somebody.else").log(1, "psst")

    assert isinstance(lines, Lines)
    assert [record.getMessage() for record in lines.records] == ["psst"]
