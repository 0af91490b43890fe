"""Nobody sets what is not theirs to set: ids, roles, agencies, versions, times, and who acts.

Into every object of every body that the OpenAPI documents describe go members that it does not
declare: all that facts, their envelope and other bodies hold, and names by which others were talked
into something. Each has to be named as unknown, and nothing is recorded.
"""

import copy
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import msgspec
import pytest

from shared.adapters.web.examples import BY_NAME
from shared.events import codec
from shared.events.envelope import Envelope
from shared.kernel.actor import Actor
from shared.kernel.authority import may
from tests.golden.documents import WIRINGS, path_of
from tests.support import tally
from tests.support.operations import OPERATIONS, Operation, actions
from tests.support.province import Answer, Province
from tests.support.small_cycle import SCHEME
from tests.support.stages import PEOPLE, REASON, scored
from tests.support.town import OWN

pytestmark = pytest.mark.slow

TITLE = "Members that a caller must not set"
AT_ONCE = 60
"""A problem lists a hundred flaws, and those of the body beside them."""
KEY = "1.1"
"""The code of an item, where those are the names of members."""
PLANTED = "planted-by-the-caller"
TRICKS = """
    __proto__ constructor prototype __class__ __init__ __dict__ model_config $set $inc $where $ref
    $schema _id _type @type id role roles is_admin isAdmin admin scope sub aud permissions
    created_at updated_at recorded_at time now owner user user_id tenant idempotency_key if_match
    correlation_id approved published locked status version a.b a[b] a/b ~1 Agency AGENCY
"""
ODD = ("", "agency ", " agency", "agenc\N{CYRILLIC SMALL LETTER U}", "agency\N{ZERO WIDTH SPACE}")
JSON = {"content-type": "application/json"}
MEANT = {"points", *SCHEME, "bonus", "cap", "penalty"}
"""Where the names of members are free, these have a meaning."""
Count = Callable[[str, Any], None]
Schema = Mapping[str, Any]
Steps = tuple[str | int, ...]


DOCUMENTS = {name: json.loads(path_of(name).read_text("utf-8")) for name in WIRINGS}


def known_members() -> Sequence[str]:
    """All that anything is called: members of facts, of their envelope, of actors, and tricks."""
    facts = (field.name for fact in codec.TYPES.values() for field in msgspec.structs.fields(fact))
    envelope = (field.name for field in msgspec.structs.fields(Envelope))
    actor = (field.name for field in fields(Actor))
    bodies = (
        name
        for document in DOCUMENTS.values()
        for schema in document["components"]["schemas"].values()
        for name in schema.get("properties", ())
    )
    return sorted({*facts, *envelope, *actor, *bodies, *TRICKS.split(), *ODD})


MEMBERS = known_members()


@dataclass(frozen=True, slots=True)
class Place:
    """An object within the body of an operation, and what it may have."""

    operation: Operation
    body: Any
    steps: Steps
    declared: frozenset[str]

    def with_members(self, members: Sequence[str]) -> object:
        """The body with these members there."""
        body = copy.deepcopy(self.body)
        there = body
        for step in self.steps:
            there = there[step]
        there.update(dict.fromkeys(members, PLANTED))
        return body


def places() -> Iterator[Place]:
    """Every object of every body; what is free to have any members is none."""
    for operation in OPERATIONS.values():
        document = DOCUMENTS[operation.service]
        described = document["paths"][operation.template][operation.method.lower()]
        content = described.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            schemas = document["components"]["schemas"]
            schema = content["application/json"]["schema"]
            body = full("", schema, schemas)
            for steps, declared in _objects(body, schema, schemas):
                yield Place(operation, body, steps, declared)


def full(name: str, schema: Schema, schemas: Schema) -> Any:  # noqa: ANN401 - JSON
    """A body with all that it may have, so that there is something to go into everywhere."""
    schema = _variants(schema, schemas)[0]
    match schema:
        case {"const": value} | {"enum": [value, *_]} | {"examples": [value, *_]}:
            return value
        case {"properties": parts}:
            return {each: full(each, part, schemas) for each, part in parts.items()}
        case {"type": "array", "items": part}:
            return [full(name, each, schemas) for each in _variants(part, schemas)]
        case {"type": "object", "patternProperties": patterns}:
            return {KEY: full(name, next(iter(patterns.values())), schemas)}
        case _:
            return BY_NAME.get(name, "1")


def _objects(
    body: Any,  # noqa: ANN401 - JSON
    schema: Schema,
    schemas: Schema,
    steps: Steps = (),
) -> Iterator[tuple[Steps, frozenset[str]]]:
    schema = _variants(schema, schemas)[0]
    match schema:
        case {"properties": parts} if isinstance(body, dict):
            yield steps, frozenset(parts)
            for name in parts.keys() & body.keys():
                yield from _objects(body[name], parts[name], schemas, (*steps, name))
        case {"items": part} if isinstance(body, list):
            for place, each in enumerate(body):
                [*_, variant] = (v for v in _variants(part, schemas) if _fits(each, v))
                yield from _objects(each, variant, schemas, (*steps, place))
        case {"patternProperties": patterns} if isinstance(body, dict):
            key = next(iter(body))
            yield from _objects(body[key], next(iter(patterns.values())), schemas, (*steps, key))
        case _:
            return


def _fits(body: object, schema: Schema) -> bool:
    """Whether it has no member that the schema does not know."""
    return not isinstance(body, dict) or body.keys() <= schema.get("properties", {}).keys()


def _variants(schema: Schema, schemas: Schema) -> Sequence[Schema]:
    """What it refers to: one, or each of those that it may be beside null."""
    if "$ref" in schema:
        return _variants(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    several = schema.get("anyOf") or schema.get("oneOf")
    if not several:
        return [schema]
    said = {"examples": schema["examples"]} if "examples" in schema else {}
    found = [each for one in several for each in _variants(one, schemas)]
    return [{**each, **said} for each in found if each.get("type") != "null"]


PLACES = list(places())


async def test_a_member_that_no_body_declares_is_named_and_nothing_is_recorded(
    record_property: Count,
) -> None:
    it = await scored()
    rows = {name: Counter[str]() for name in WIRINGS}
    inside: list[str] = []

    for place in PLACES:
        members = [name for name in MEMBERS if name not in place.declared]
        for first in range(0, len(members), AT_ONCE):
            together = members[first : first + AT_ONCE]
            named = await _named(it, place, together)
            missed = {_pointer((*place.steps, name)) for name in together} - named
            row = rows[place.operation.service]
            row.update({"tried": len(together), "refused": len(together) - len(missed)})
            row.update({"taken": len(missed)})
            inside += [f"{place.operation.key} {each}" for each in sorted(missed)]

    for service, row in rows.items():
        row["bodies"] = len({p.operation.key for p in PLACES if p.operation.service == service})
        row["objects"] = sum(p.operation.service == service for p in PLACES)
    tally.count(record_property, TITLE, rows)
    assert not inside, inside[:50]
    assert not await _holding(it, PLANTED.encode())


async def test_a_member_that_is_told_twice_is_refused_whatever_it_says(
    record_property: Count,
) -> None:
    it = await scored()
    row = Counter[str]()

    for place in PLACES:
        for name in place.body if not place.steps else ():
            rest = json.dumps(place.body).removeprefix("{")
            twice = f"{{{json.dumps(name)}: {json.dumps(PLANTED)}, {rest}".encode()
            answer = await _asked(it, place.operation, twice, **JSON)
            row.update(("tried", "refused" if answer.code == "json-key-twice" else "taken"))
            assert answer.code == "json-key-twice", (place.operation.key, name, answer)

    tally.count(record_property, TITLE, {"told twice": row})


@pytest.mark.parametrize(
    ("who", "operation", "body"),
    [
        ("administrator", "amend_scheme", {"scheme": SCHEME, **REASON}),
        ("agency", "submit_score", {"inputs": {"points": "2"}}),
    ],
)
async def test_where_members_are_what_is_told_others_than_meant_are_refused(
    who: str, operation: str, body: Mapping[str, Any], record_property: Count
) -> None:
    it = await scored()
    asked, row = OPERATIONS[("submission", operation)], Counter[str]()
    path = f"/submission{asked.path_of(item='1.1', agency=OWN)}"
    [part] = body.keys() - REASON.keys()

    for name in [each for each in MEMBERS if each not in MEANT]:
        planted = {**body, part: {**body[part], name: PLANTED}}
        answer = await it.ask(who, asked.method, path, planted)
        row.update(("tried", "taken" if answer.attempts else "refused"))
        assert 400 <= answer.status < 500, (name, answer)
        assert not answer.attempts, (name, answer)

    right = await it.ask(who, asked.method, path, body, **{"if-match": '"1"'})
    tally.count(record_property, TITLE, {operation: row})
    assert right.status == 200, right


async def _asked(it: Province, operation: Operation, body: object, **headers: str) -> Answer:
    path = f"/{operation.service}{operation.path}"
    return await it.ask(_who_may(operation), operation.method, path, body, **headers)


def _who_may(operation: Operation) -> str:
    """Somebody who may do it: others hear of no flaw."""
    action = actions().get(operation.key)
    if action is None:
        return "administrator"
    return next(
        who for who, actor in PEOPLE.items() if may(actor, action, agency=operation.agency) is None
    )


async def _named(it: Province, place: Place, members: Sequence[str]) -> set[str]:
    """The places that the answer calls unknown; none where anything would have been recorded."""
    answer = await _asked(it, place.operation, place.with_members(members))
    if answer.attempts or answer.status != 422:
        return set()
    return {
        flaw["pointer"] for flaw in answer.json()["errors"] if flaw.get("code") == "member-unknown"
    }


def _pointer(steps: Steps) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


async def _holding(it: Province, planted: bytes) -> Sequence[str]:
    """The facts that hold it as it is, of all services."""
    return [
        logged.fact.id
        for store in it.stores.values()
        for logged in await store.log(after=0, limit=await store.end())
        if planted in logged.fact.body
    ]
