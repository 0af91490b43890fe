"""An explanation as PROV-JSON (W3C Member Submission of 24 April 2013).

    entity      each fact, each file of evidence, and each number
    activity    by which a fact was recorded (`record:...`), or a number counted (`count:...`)
    agent       who acted, the agency, and the services

A number was derived from the numbers and facts that it is computed from. Its name holds the ledger
number up to which was counted, so that those of two moments are two entities.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from services.ranking.views.explanation.statements import Statements, qualified, typed
from shared.events.envelope import split_id

Plain = Mapping[str, Any]

_RANKING = qualified("service", "ranking")
_COLUMNS = ("claimed", "appraised", "sipas", "officials")
_RECORDED = ("fact", "record")
_OUTSIDE = ("bonus", "penalty")
_ROW = ("points", "maximum", "index", "grade", "rank", *_OUTSIDE)
_BY_THE_SCHEME = ("maximum", "grade", "rank")
_USED: Mapping[str, tuple[str, ...]] = {
    "index": ("points", "maximum"),
    "grade": ("index",),
    "rank": ("index",),
}


def provenance_body(explanation: Plain, origin: str) -> Plain:
    """The document of an explanation; `origin` begins the names of this system's ledgers."""
    statements = Statements()
    ledger = f"https://{origin}/{explanation['cycle']}/"
    counted = f"{ledger}{explanation['counted_to']}/{explanation['agency']}/"
    statements.agent(_RANKING, "prov:SoftwareAgent")
    statements.agent(_agency(explanation), "prov:Organization", explanation["name"])
    _tell_facts(statements, explanation)
    _tell_items(statements, explanation)
    _tell_sums(statements, explanation)
    _tell_row(statements, explanation)
    return statements.document(
        {
            "cchc": f"https://{origin}/terms#",
            "fact": f"{ledger}facts/",
            "record": f"{ledger}records/",
            "file": f"{ledger}files/",
            "number": f"{counted}numbers/",
            "count": f"{counted}counts/",
            "actor": f"https://{origin}/actors/",
            "agency": f"https://{origin}/agencies/",
            "service": f"https://{origin}/services/",
        }
    )


def _agency(explanation: Plain) -> str:
    return qualified("agency", explanation["agency"])


def _tell_facts(statements: Statements, explanation: Plain) -> None:
    for fact in explanation["facts"]:
        entity, activity = qualified("fact", fact["id"]), qualified("record", fact["id"])
        leaf = {"cchc:number": typed(str(fact["number"]), "xsd:integer"), "cchc:leaf": fact["leaf"]}
        statements.entity(entity, "cchc:Fact", {"prov:label": fact["type"], **leaf})
        statements.activity(activity, "cchc:Recording", ended=fact["at"])
        statements.generated(entity, activity, at=fact["at"])
        for agent in _agents(statements, explanation, fact):
            statements.attributed(entity, agent)
            statements.associated(activity, agent)


def _agents(statements: Statements, explanation: Plain, fact: Plain) -> Iterator[str]:
    """Who acted; what nobody in particular said was recorded by its service."""
    service = fact["type"].partition(".")[0]
    if fact["actor"] is None:
        name = qualified("service", service)
        statements.agent(name, "prov:SoftwareAgent")
        yield name
    else:
        role, _, person = fact["actor"].partition(":")
        name = qualified("actor", f"{role}/{person}" if person else role)
        statements.agent(name, "prov:SoftwareAgent" if role == "system" else "prov:Person")
        yield name
    if fact["stream"].split("/")[0] == "submission":
        yield _agency(explanation)


def _tell_items(statements: Statements, explanation: Plain) -> None:
    told = dict.fromkeys(fact["id"] for fact in explanation["facts"])
    for item in _items(explanation):
        _tell_decision(statements, item, told)
        for evidence in item["evidence"]:
            if evidence["file"]:
                file = qualified("file", evidence["file"]["sha256"])
                size = typed(str(evidence["file"]["size_bytes"]), "xsd:integer")
                statements.entity(file, "cchc:File", {"cchc:size": size})
                statements.derived(qualified("fact", evidence["fact"]), file)
        names = [fact for fact in _facts_of(item, explanation, told) if fact in told]
        name = f"item/{item['code']}"
        _count(statements, name, item["workings"]["points"])
        for fact in names:
            _use(statements, name, qualified("fact", fact), qualified("record", fact))


def _tell_decision(statements: Statements, item: Plain, told: Collection[str]) -> None:
    """A decision goes by what the council saw."""
    decision = item["decision"]
    if decision is None or decision["fact"] not in told:
        return
    entity, activity = (qualified(kind, decision["fact"]) for kind in _RECORDED)
    saw = (decision["saw"]["declaration"], *decision["saw"]["evidence"])
    for fact in (each for each in saw if each in told):
        statements.used(activity, qualified("fact", fact))
        statements.derived(entity, qualified("fact", fact), activity)
        statements.informed(activity, qualified("record", fact))


def _facts_of(item: Plain, explanation: Plain, told: Collection[str]) -> Iterator[str]:
    """What an item is computed from, the scheme first; the facts of surveys as far as told."""
    yield explanation["sources"]["scheme"]["fact"]
    for group in item["groups"]:
        yield from (asked["fact"] for asked in group["asked"])
    for each in item["facts"]:
        if "id" in each:
            yield each["id"]
        else:
            yield from (fact for fact in told if _is_within(fact, each))


def _is_within(fact: str, told_range: Plain) -> bool:
    stream, version = split_id(fact)
    versions = range(told_range["first"], told_range["last"] + 1)
    return stream == told_range["stream"] and version in versions


def _tell_sums(statements: Statements, explanation: Plain) -> None:
    for area in explanation["areas"]:
        for criterion in area["criteria"]:
            name = f"criterion/{criterion['code']}"
            _count(statements, name, criterion["workings"]["points"])
            for item in criterion["items"]:
                _use_number(statements, name, f"item/{item['code']}")
            _count(statements, f"area/{area['code']}", area["workings"]["points"])
            _use_number(statements, f"area/{area['code']}", name)


def _tell_row(statements: Statements, explanation: Plain) -> None:
    workings = explanation["workings"]
    for name in _COLUMNS:
        _count(statements, name, workings[name]["points"])
        _use_items(statements, name, workings[name]["points"]["of"], explanation)
    for name in _OUTSIDE:
        _use_items(statements, name, workings[name]["of"], explanation)
    counted = [name for name in _ROW if workings[name]]
    for name in counted:
        _count(statements, name, workings[name])
    _link_row(statements, explanation, counted)


def _link_row(statements: Statements, explanation: Plain, counted: Collection[str]) -> None:
    """What each number of a row is computed from, as far as that is told."""
    areas = (f"area/{area['code']}" for area in explanation["areas"])
    for name, used in {**_USED, "points": (*areas, *_OUTSIDE)}.items():
        for each in used if name in counted else ():
            if each in counted or each not in _ROW:
                _use_number(statements, name, each)
    scheme = explanation["sources"]["scheme"]
    for name in _BY_THE_SCHEME if scheme["number"] is not None else ():
        if name in counted:
            _use(statements, name, *(qualified(kind, scheme["fact"]) for kind in _RECORDED))


def _use_items(statements: Statements, name: str, codes: list[str], explanation: Plain) -> None:
    """The items of a column that are explained."""
    known = {item["code"] for item in _items(explanation)}
    for code in codes:
        if code in known:
            _use_number(statements, name, f"item/{code}")


def _count(statements: Statements, name: str, working: Plain) -> None:
    entity, activity = qualified("number", name), qualified("count", name)
    value = {} if working["value"] is None else {"prov:value": str(working["value"])}
    statements.entity(entity, "cchc:Number", value)
    sum_of = {key: working[key] for key in ("how", "expression") if key in working}
    statements.activity(activity, "cchc:Counting", {f"cchc:{k}": v for k, v in sum_of.items()})
    statements.generated(entity, activity)
    statements.associated(activity, _RANKING)
    statements.attributed(entity, _RANKING)


def _use_number(statements: Statements, name: str, used: str) -> None:
    _use(statements, name, qualified("number", used), qualified("count", used))


def _use(statements: Statements, name: str, used: str, informant: str) -> None:
    activity = qualified("count", name)
    statements.used(activity, used)
    statements.derived(qualified("number", name), used, activity)
    statements.informed(activity, informant)


def _items(explanation: Plain) -> Iterator[Plain]:
    for area in explanation["areas"]:
        for criterion in area["criteria"]:
            yield from criterion["items"]
    yield from explanation["extras"]
