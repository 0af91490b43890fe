"""PROV-JSON as the W3C submission has it: every name is qualified, and every reference resolves."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.ranking.views import provenance_body
from services.ranking.views.explanation.statements import qualified
from tests.support.explained import explained, items_of, sample_explained
from tests.support.sample_cycle import UNRANKED, sample_cycle
from tests.support.small_cycle import CYCLE

AGENCY = "so-y-te"
ORIGIN = "log.example/cchc"

# Of which kind is what a relation speaks of (PROV-JSON, section 4).
RELATIONS: Mapping[str, Mapping[str, str]] = {
    "wasGeneratedBy": {"prov:entity": "entity", "prov:activity": "activity"},
    "used": {"prov:activity": "activity", "prov:entity": "entity"},
    "wasDerivedFrom": {
        "prov:generatedEntity": "entity",
        "prov:usedEntity": "entity",
        "prov:activity": "activity",
    },
    "wasInformedBy": {"prov:informed": "activity", "prov:informant": "activity"},
    "wasAttributedTo": {"prov:entity": "entity", "prov:agent": "agent"},
    "wasAssociatedWith": {"prov:activity": "activity", "prov:agent": "agent"},
}
OPTIONAL = {("wasDerivedFrom", "prov:activity")}
# PROV-N, 3.7.1: PN_LOCAL, of which a prefix is a part as well.
LOCAL = re.compile(r"(?:[A-Za-z0-9_/@~&+*?#$!]|%[0-9A-F]{2})(?:[\w/@~&+*?#$!.\-]|%[0-9A-F]{2})*")
TIMES = ("prov:time", "prov:endTime", "prov:startTime")


def flaws(document: Mapping[str, Any]) -> Iterator[str]:
    """Everything in a document that is not as the submission has it."""
    known = {"prefix", "entity", "activity", "agent", *RELATIONS}
    yield from (f"{name} is no part of a document" for name in document.keys() - known)
    for kind in ("entity", "activity", "agent"):
        for name, attributes in document[kind].items():
            yield from _unqualified(name, document["prefix"])
            yield from _bad_attributes(attributes, document["prefix"])
    for relation, ends in RELATIONS.items():
        for name, attributes in document[relation].items():
            if not name.startswith("_:") or attributes.keys() - ends.keys() - set(TIMES):
                yield f"{relation} {name} is not named, or says too much"
            yield from (f"{name}: {flaw}" for flaw in _loose(document, relation, attributes))


def _loose(
    document: Mapping[str, Any], relation: str, attributes: Mapping[str, str]
) -> Iterator[str]:
    """References of a relation to what is not there, or is of another kind."""
    for end, kind in RELATIONS[relation].items():
        is_left_out = end not in attributes and (relation, end) in OPTIONAL
        if not is_left_out and attributes[end] not in document[kind]:
            yield f"{end} {attributes[end]} is no {kind}"


def _unqualified(name: str, prefixes: Mapping[str, str]) -> Iterator[str]:
    prefix, colon, local = name.partition(":")
    if not (colon and prefix in prefixes and LOCAL.fullmatch(local)) or local.endswith("."):
        yield f"{name} is no qualified name"


def _bad_attributes(attributes: Mapping[str, Any], prefixes: Mapping[str, str]) -> Iterator[str]:
    for name, value in attributes.items():
        yield from _unqualified(name, prefixes)
        if isinstance(value, dict):
            if value.keys() != {"$", "type"}:
                yield f"{name} is no literal"
            yield from _unqualified(value["type"], prefixes)
            if value["type"] == "prov:QUALIFIED_NAME":
                yield from _unqualified(value["$"], prefixes)
        elif not isinstance(value, str):
            yield f"{name} is no text"


@pytest.mark.parametrize("agency", [AGENCY, UNRANKED])
@pytest.mark.parametrize("part", ["", "1.2", "9"])
def test_every_name_is_qualified_and_every_reference_resolves(agency: str, part: str) -> None:
    document = provenance_body(explained(sample_cycle(), agency, part), ORIGIN)

    assert list(flaws(document)) == []
    assert all(namespace.startswith("http") for namespace in document["prefix"].values())


def test_the_check_finds_what_is_wrong() -> None:
    document = provenance_body(sample_explained(AGENCY), ORIGIN)
    document["used"]["_:used1"] = {**document["used"]["_:used1"], "prov:entity": "fact:nowhere@1"}
    document["entity"]["stranger:x"] = {"prov:type": "plain"}

    assert len(list(flaws(document))) == 2


def reached(document: Mapping[str, Any], entity: str) -> set[str]:
    """What an entity was derived from, and what that was derived from."""
    found, ahead = set[str](), [entity]
    derived = document["wasDerivedFrom"].values()
    while ahead:
        name = ahead.pop()
        news = {each["prov:usedEntity"] for each in derived if each["prov:generatedEntity"] == name}
        ahead += news - found
        found |= news
    return found


@pytest.mark.parametrize("number", ["index", "rank", "grade"])
def test_from_a_number_one_comes_to_every_fact_and_file_behind_it(number: str) -> None:
    body = sample_explained(AGENCY)
    document = provenance_body(body, ORIGIN)

    found = reached(document, f"number:{number}")

    files = {evidence["file"]["sha256"] for item in items_of(body) for evidence in item["evidence"]}
    assert {f"file:{each}" for each in files} <= found
    named = [each for each in document["entity"] if each.startswith("fact:")]
    unused = {f"fact:cycle/{CYCLE}@2", f"fact:{body['sources']['approval']['fact']}"}
    assert set(named) - found == unused


def test_a_fact_is_attributed_to_who_said_it_and_answers_to_nobody() -> None:
    document = provenance_body(explained(sample_cycle(), AGENCY, "9"), ORIGIN)

    attributed: dict[str, set[str]] = {}
    for each in document["wasAttributedTo"].values():
        attributed.setdefault(each["prov:entity"], set()).add(each["prov:agent"])
    assert attributed[f"fact:cycle/{CYCLE}@1"] == {"actor:administrator/a-01"}
    answers = {
        agent
        for fact, agents in attributed.items()
        for agent in agents
        if fact.startswith(f"fact:survey/{CYCLE}/citizens@") and not fact.endswith(("@1", "@2"))
    }
    assert answers <= {"service:survey", "actor:survey-officer/s-01"}
    assert "service:survey" in answers
    declared = provenance_body(explained(sample_cycle(), AGENCY, "1.2"), ORIGIN)
    agents = {each["prov:agent"] for each in declared["wasAttributedTo"].values()}
    assert {"actor:agency/u-so-y-te", f"agency:{AGENCY}", "actor:council/m-02"} <= agents


def test_a_decision_was_informed_by_what_it_judges() -> None:
    body = explained(sample_cycle(), AGENCY, "1.2")
    document = provenance_body(body, ORIGIN)

    [item] = items_of(body)
    informed = {
        each["prov:informant"]
        for each in document["wasInformedBy"].values()
        if each["prov:informed"] == f"record:{item['decision']['fact']}"
    }
    assert informed == {
        f"record:{item['declaration']['fact']}",
        f"record:{item['evidence'][0]['fact']}",
    }


def test_two_moments_are_two_entities() -> None:
    told = sample_cycle()

    early, late = [
        provenance_body(explained(told[:size], AGENCY, "1.2"), ORIGIN) for size in (600, len(told))
    ]

    assert early["prefix"]["number"] != late["prefix"]["number"]
    assert early["prefix"]["fact"] == late["prefix"]["fact"]


@pytest.mark.parametrize(
    ("local", "name"),
    [
        ("submission/2021/so-y-te@2", "fact:submission/2021/so-y-te@2"),
        ("Nguyễn A:b", "fact:Nguy%E1%BB%85n%20A%3Ab"),
        ("item/1.", "fact:item/1%2E"),
    ],
)
def test_a_local_name_is_encoded_where_it_has_to_be(local: str, name: str) -> None:
    assert qualified("fact", local) == name
    assert LOCAL.fullmatch(name.partition(":")[2])
