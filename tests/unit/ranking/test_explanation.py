"""An explanation tells what was said of an item, and cites every fact behind it."""

import json
from datetime import date
from typing import Any

import pytest

from services.ranking.views.explanation import known
from services.ranking.views.explanation.words import HOW
from shared.kernel.errors import Missing
from shared.ledger.merkle import leaf_hash
from tests.support import asked
from tests.support.counted import opened
from tests.support.explained import explained, items_of, sample_explained
from tests.support.sample_cycle import LEGAL_BASIS, sample_cycle
from tests.support.small_cycle import CYCLE
from tests.support.told import SEALED, declare, recognise

AGENCY = "so-y-te"

# --- What was said of an item


def test_an_item_tells_its_rule_as_it_was_adopted_and_what_was_said_of_it() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)

    body = explained(teller.told, AGENCY, "1.1")

    [item] = items_of(body)
    [evidence] = item["evidence"]
    said, decision = item["declaration"], item["decision"]
    assert item["rule"] == {"type": "manual", "step": "0.25"}
    assert (said["number"], said["inputs"]) == (3, {"points": "3.25"})
    assert (evidence["number"], evidence["document"]["on"]) == (4, str(date(2021, 2, 1)))
    assert evidence["file"]["sha256"] == "0" * 64
    assert (decision["number"], decision["recognised"], decision["stands"]) == (5, True, True)
    assert decision["saw"] == {"declaration": said["fact"], "evidence": [evidence["fact"]]}


def test_a_rejection_has_its_legal_basis_and_a_reason_that_is_sealed() -> None:
    rejected = [item for item in items_of(sample_explained(AGENCY)) if item["status"] == "rejected"]

    assert rejected
    for item in rejected:
        read_at = f"/appraisal/cycles/{CYCLE}/agencies/{AGENCY}/items/{item['code']}"
        assert item["decision"]["legal_basis"] == LEGAL_BASIS
        assert item["decision"]["because"] == {"sealed": True, "read_at": read_at}
        assert item["workings"]["points"]["of"] == [item["decision"]["fact"]]
    assert SEALED.text not in json.dumps(sample_explained(AGENCY))


def test_the_answers_are_counted_by_group_and_option() -> None:
    body = explained(sample_cycle(), AGENCY, "9.1")

    [item] = items_of(body)
    for group in item["groups"]:
        chosen = {
            option["option"]: option["count"] for option in group["options"] if option["count"]
        }
        assert chosen == _chosen(group["group"], "q9.1")
        assert [said["questionnaire"] for said in group["asked"]] == [group["group"]]
        assert group["options"][0]["title"] == f"Mức {group['options'][0]['option']}"


def test_only_what_gives_points_is_shown_of_a_questionnaire_in_its_vietnamese_words() -> None:
    teller, stream = opened(), f"survey/{CYCLE}/leaders"
    scored = asked.question("q1", "1.2", "ab", text="Có hài lòng không?")
    beside = asked.question("q2", None, "ab", kind="multiple-choice")
    teller.tell(stream, asked.questionnaire("leaders", [scored, beside]))
    response = asked.response(AGENCY, {"q1": "a"}, {"q2": ("a", "b")})
    teller.tell(stream, asked.batch("leaders", 1, [response], channel="link"))

    [item] = items_of(explained(teller.told, AGENCY, "1.2"))

    [group] = item["groups"]
    [said] = group["asked"]
    assert said["title"] == "Phiếu khảo sát"
    assert said["questions"] == [{"code": "q1", "text": "Có hài lòng không?"}]
    assert said["options"] == {"a": "a", "b": "b"}
    assert {each["option"]: each["count"] for each in group["options"] if each["count"]} == {"a": 1}


@pytest.mark.parametrize(
    ("scored", "beside", "certified", "told"),
    [
        (10, 10, 0, True),
        (9, 10, 0, False),
        (1, 10, 0, False),
        (10, 9, 0, False),
        (0, 10, 0, True),
        (9, 10, 50, False),
        (0, 10, 50, True),
    ],
)
def test_of_a_small_group_nobody_is_told_what_it_said_and_the_points_stay(
    scored: int, beside: int, certified: int, *, told: bool
) -> None:
    teller, stream = opened(), f"survey/{CYCLE}/leaders"
    questions = [asked.question("q1", "1.2", "ab"), asked.question("q2", "1.2", "ab")]
    teller.tell(stream, asked.questionnaire("leaders", questions))
    answers = [{"q1": "a"}] * scored + [{"q2": "a"}] * beside
    responses = [asked.response(AGENCY, each) for each in answers]
    teller.tell(stream, asked.batch("leaders", 1, responses, channel="link"))
    if certified:
        teller.tell(stream, asked.imported("leaders", AGENCY, {"q1": {"b": certified}}))

    whole, public = (
        items_of(explained(teller.told, AGENCY, "1.2", sees_small=each))[0]
        for each in (True, False)
    )

    [group] = public["groups"]
    assert whole["groups"][0]["withheld"] is None
    assert (group["withheld"] is None) == told
    if not told:
        assert {option["count"] for option in group["options"]} == {None}
        assert group["mean"] is None
        assert public["workings"]["points"]["how"] == "small-group"
        assert public["workings"]["points"]["value"] == whole["workings"]["points"]["value"]
    else:
        assert public == whole


def _chosen(group: str, question: str) -> dict[str, int]:
    """The answers about the agency, from the facts themselves; two of the first batch are out."""
    counts: dict[str, int] = {}
    batches = [
        json.loads(stored.body)["data"]
        for stored in sample_cycle()
        if stored.stream == f"survey/{CYCLE}/{group}" and "ResponsesCounted" in stored.type
    ]
    for batch in batches:
        for place, response in enumerate(batch["responses"]):
            out = batch["batch"] == 1 and place in {0, 2}
            if response["agency"] == AGENCY and not out:
                option = response["answers"][question]
                counts[option] = counts.get(option, 0) + 1
    return counts


# --- The facts


def test_a_fact_stands_under_its_number() -> None:
    body, told = sample_explained(AGENCY), sample_cycle()

    for fact in body["facts"]:
        stored = told[fact["number"] - 1]
        assert (fact["id"], fact["type"], fact["version"]) == (
            stored.id,
            stored.type,
            stored.version,
        )
        assert fact["leaf"] == leaf_hash(stored.body).hex()
    numbers = {fact["id"]: fact["number"] for fact in body["facts"]}
    cited = [
        each
        for item in items_of(body)
        for each in (item["declaration"], item["decision"], *item["evidence"])
        if each
    ]
    assert len(cited) > 100
    assert all(numbers[each["fact"]] == each["number"] for each in cited)
    assert body["more_facts"] == 0


def test_every_fact_that_an_item_names_is_told() -> None:
    body = sample_explained(AGENCY)

    told = {fact["id"] for fact in body["facts"]}
    for item in items_of(body):
        for named in item["facts"]:
            if "id" in named:
                assert named["id"] in told
            else:
                some = [fact for fact in told if fact.startswith(f"{named['stream']}@")]
                assert len(some) >= named["count"]


def test_of_many_answers_some_are_told_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = explained(sample_cycle(), AGENCY, "9")
    spoken = [fact for fact in whole["facts"] if _speaks(fact)]
    monkeypatch.setattr(known, "ANSWERS_TOLD_MAX", 3)

    body = explained(sample_cycle(), AGENCY, "9")

    assert len([fact for fact in body["facts"] if _speaks(fact)]) == 3
    assert body["more_facts"] == len(spoken) - 3 > 0
    assert items_of(body)[0]["facts"] == items_of(whole)[0]["facts"]


def _speaks(fact: Any) -> bool:  # noqa: ANN401 - JSON
    return any(name in fact["type"] for name in ("ResponsesCounted", "AnswersExcluded"))


def test_people_are_told_of_by_their_ids_or_by_their_roles() -> None:
    within, outside = sample_explained(AGENCY), explained(sample_cycle(), AGENCY, with_people=False)

    assert {fact["actor"] for fact in within["facts"]} >= {"council:m-02", "agency:u-so-y-te", None}
    assert {fact["actor"] for fact in outside["facts"]} == {
        *("administrator", "agency", "council", "survey-officer", None),
    }


# --- Parts


@pytest.mark.parametrize("code", ["3", "3.2", "3.2.2", "9.1", "tru-1"])
def test_a_part_is_the_same_as_in_the_whole(code: str) -> None:
    whole = sample_explained(AGENCY)

    part = explained(sample_cycle(), AGENCY, code)

    inside = {item["code"] for item in items_of(part)}
    assert items_of(part) == [item for item in items_of(whole) if item["code"] in inside]
    assert part["workings"] == whole["workings"]
    assert {fact["number"] for fact in part["facts"]} < {fact["number"] for fact in whole["facts"]}


def test_a_part_that_is_not_there_is_told_with_what_is() -> None:
    with pytest.raises(Missing) as missing:
        explained(sample_cycle(), AGENCY, "12")

    assert missing.value.code == "explained-part-unknown"
    assert missing.value.details["areas"] == "1, 2, 3, 4, 5, 6, 7, 8, 9"


def test_all_that_is_done_is_said_in_both_languages() -> None:
    for vietnamese, english in HOW.values():
        assert vietnamese
        assert english
        assert vietnamese != english
