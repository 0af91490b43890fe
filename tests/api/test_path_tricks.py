"""Whoever plays tricks with an address gets nothing of others, no error of ours, and a problem.

Every operation with ids in its path is asked by an agency, with each trick in place of each id; and
with methods and headers by which other systems were talked into something else.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.support import tally
from tests.support.operations import OPERATIONS, Operation
from tests.support.path_tricks import tricks
from tests.support.province import Answer, Province
from tests.support.stages import content_of, evidence_name, scored
from tests.support.town import FOREIGN, OWN, PDF

pytestmark = pytest.mark.slow

THIEF = "agency"
TITLE = "Tricks with addresses, by an agency"
BY_ID = [operation for operation in OPERATIONS.values() if operation.parts]
IDS: Mapping[str, tuple[str, str]] = {
    "action": ("action-1", "action-2"),
    "agency": (OWN, FOREIGN),
    "criterion": ("1.1", "1.2"),
    "cycle": ("2021", "2020"),
    "evidence": (evidence_name(OWN), evidence_name(FOREIGN)),
    "item": ("1.1", "1.2"),
    "questionnaire": ("citizens", "leaders"),
    "sha256": ("0" * 64, "1" * 64),
    "tier": ("department", "commune"),
}
"""The own id, and another one; where there are no others, any two."""
OF_OTHERS = {"agency", "cycle"}
"""Behind another one is what may not be changed; names of one's own evidence are one's own."""
METHODS = (
    "PATCH",
    "TRACE",
    "HEAD",
    "OPTIONS",
    "CONNECT",
    "PROPFIND",
    "DEBUG",
    "get",
    "Delete",
    "GETT",
)
NONE = b'{"items":[],"next":null}'
"""Lists that anybody may see are empty of a cycle that there is not."""
RESULTS = "/cycles/{cycle}/questionnaires/{questionnaire}/results"
AS_AN_AGENCY = {f"{RESULTS}/typed", f"{RESULTS}/public"}
"""The last part of these could be the code of an agency, whose result an agency may not type in."""
ELSEWHERE = "evil.example"
HEADERS: Mapping[str, str] = {
    "host": ELSEWHERE,
    "x-forwarded-host": ELSEWHERE,
    "x-forwarded-server": ELSEWHERE,
    "x-forwarded-proto": "https",
    "x-forwarded-prefix": f"//{ELSEWHERE}",
    "x-forwarded-for": "127.0.0.1",
    "x-real-ip": "127.0.0.1",
    "forwarded": f"for=127.0.0.1;host={ELSEWHERE};proto=https",
    "x-original-url": f"/cycles/2021/agencies/{FOREIGN}",
    "x-rewrite-url": f"/cycles/2021/agencies/{FOREIGN}",
    "x-http-method-override": "DELETE",
    "x-http-method": "DELETE",
    "x-method-override": "DELETE",
    "x-role": "administrator",
    "x-agency": FOREIGN,
    "x-user": "a1",
    "x-remote-user": "a1",
    "remote-user": "a1",
    "x-actor": "administrator:a1",
    "x-forwarded-user": "a1",
    "cookie": f"role=administrator; agency={FOREIGN}",
    "upgrade": "h2c",
    "range": "bytes=0-0",
    "expect": "100-continue",
}
Count = Callable[[str, Any], None]


def _own(operation: Operation) -> Mapping[str, str]:
    return {name: IDS.get(name, (part, part))[0] for name, part in operation.parts.items()}


async def _ask(
    it: Province, operation: Operation, path: str, method: str = "", **headers: str
) -> Answer:
    body = PDF if operation.name == "store_file" else operation.body
    asked = method or operation.method
    return await it.ask(THIEF, asked, f"/{operation.service}{path}", body, **headers)


def _tricky(operation: Operation) -> Iterator[tuple[str, str, str]]:
    """Each id, each trick, and the path with it."""
    own = _own(operation)
    for name, part in operation.parts.items():
        mine, other = IDS.get(name, (part, f"{part}1"))
        for trick, segment in tricks(mine, other).items():
            yield name, trick, operation.path_of(**{**own, name: segment})


def _flaw(operation: Operation, answer: Answer) -> str:
    """What is wrong with the answer to a trick; nothing where nothing is."""
    if content_of(FOREIGN) in answer.body:
        return "another's"
    if answer.status >= 500 and answer.attempts == 0:
        return "an error of ours"
    if answer.status >= 400:
        is_problem = answer.headers.get("content-type") == "application/problem+json"
        return "" if is_problem and answer.code else "no problem"
    return "let in" if operation.method == "GET" and answer.body != NONE else ""


async def test_a_trick_in_place_of_an_id_leads_nowhere(record_property: Count) -> None:
    it = await scored()
    it.leave(away=True)
    rows: dict[str, Counter[str]] = {}
    wrong: list[str] = []

    for operation in BY_ID:
        for name, trick, path in _tricky(operation):
            answer = await _ask(it, operation, path)
            flaw = _flaw(operation, answer)
            if not flaw and answer.attempts and name in OF_OTHERS:
                flaw = "let in"
            rows.setdefault(name if name in IDS else "other ids", Counter()).update(("asked", flaw))
            if flaw:
                wrong.append(f"{flaw}: {operation.key} {name} {trick} {path[:90]}: {answer}")

    _count(record_property, rows)
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)[:6000]


async def test_no_other_method_is_taken_for_one_that_there_is(record_property: Count) -> None:
    it = await scored()
    it.leave(away=True)
    known = {(each.service, each.template, each.method) for each in OPERATIONS.values()}
    row = Counter[str]()
    wrong: list[str] = []

    for operation in BY_ID:
        path = operation.path_of(**_own(operation))
        refused = {403, 405} if operation.template in AS_AN_AGENCY else {405}
        methods = {*METHODS, "GET", "PUT", "POST", "DELETE"}
        for method in sorted(methods):
            if (operation.service, operation.template, method) in known:
                continue
            answer = await _ask(it, operation, path, method)
            is_refused = answer.status in refused and answer.code and not answer.attempts
            row.update(("asked", "" if is_refused else "let in"))
            if not is_refused:
                wrong.append(f"{method} {operation.key}: {answer}")

    _count(record_property, {"other methods": row})
    assert not wrong, "\n".join(wrong)


async def test_no_header_makes_another_of_who_asks_or_of_what(record_property: Count) -> None:
    it = await scored()
    it.leave(away=True)
    rows: dict[str, Counter[str]] = {}
    wrong: list[str] = []

    for operation in OPERATIONS.values():
        for agency in (OWN, FOREIGN):
            path = operation.path_of(**{**_own(operation), "agency": agency})
            plain = await _ask(it, operation, path)
            for name, value in HEADERS.items():
                tricked = await _ask(it, operation, path, **{name: value})
                is_same = plain == tricked and ELSEWHERE not in str(tricked)
                rows.setdefault("headers", Counter()).update(("asked", "" if is_same else "let in"))
                if not is_same:
                    wrong.append(f"{name} {operation.key} {agency}: {plain} {tricked}")

    _count(record_property, rows)
    assert not wrong, "\n".join(wrong)


def _count(record_property: Count, rows: Mapping[str, Counter[str]]) -> None:
    columns = ("asked", "let in", "another's", "an error of ours", "no problem")
    told = {name: {column: row[column] for column in columns} for name, row in rows.items()}
    tally.count(record_property, TITLE, told)
