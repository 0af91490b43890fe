"""In how many ways an item may come to its points, and how each is told."""

from collections.abc import Callable
from copy import deepcopy

import pytest

from services.ranking.views.explanation.words import HOW
from shared.events import appraisal, submission
from tests.support.counted import opened
from tests.support.explained import explained, items_of
from tests.support.reckoned import (
    assert_every_number_is_its_expression,
    assert_it_adds_up,
    row_of,
)
from tests.support.sample_cycle import LEGAL_BASIS
from tests.support.small_cycle import ADOPTED, CYCLE
from tests.support.told import DECISION, FILE, SEALED, Teller, amended, declare, recognise

AGENCY = "so-y-te"
ITEM = {"cycle": CYCLE, "agency": AGENCY, "item": "1.1"}


def imported(teller: Teller, points: str | None) -> None:
    score = submission.ImportedScore(agency=AGENCY, item="1.1", points=points)
    fact = submission.ItemResultsImported(
        cycle=CYCLE, source="Bảng 2", scores=(score,), published=()
    )
    teller.tell(f"cycle/{CYCLE}", fact)


def amend(teller: Teller, **changed: object) -> None:
    scheme = deepcopy(ADOPTED.scheme)
    first = scheme["areas"][0]["criteria"][0]
    amended = {**first, **changed}
    scheme["areas"][0]["criteria"][0] = {key: said for key, said in amended.items() if said}
    fact = submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=scheme, decision=DECISION, because=SEALED
    )
    teller.tell(f"cycle/{CYCLE}", fact)


def excepted(teller: Teller) -> None:
    amend(teller, except_for=[AGENCY])


def surveyed(teller: Teller) -> None:
    rule = ADOPTED.scheme["areas"][0]["criteria"][1]["rule"]
    amend(teller, rule=rule, evidence="")


def without_task(teller: Teller) -> None:
    amend(teller, no_task="not-applicable")
    inputs = {"no_task": "yes"}
    said = teller.tell(
        f"submission/{CYCLE}/{AGENCY}",
        submission.ScoreSubmitted(**ITEM, inputs=inputs, points="0"),
    )
    fact = appraisal.ScoreRecognised(**ITEM, declaration=said.id, evidence=(), round=1, awarded="0")
    teller.tell(f"appraisal/{CYCLE}/{AGENCY}", fact)


def refused_by_the_scheme(teller: Teller) -> None:
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "1"}, "3"))


def rejected_by_less(teller: Teller) -> None:
    said = declare(teller, AGENCY)
    fact = appraisal.ScoreRejected(
        **ITEM,
        declaration=said.id,
        evidence=(),
        round=2,
        awarded="0.5",
        because=SEALED,
        legal_basis=LEGAL_BASIS,
    )
    teller.tell(f"appraisal/{CYCLE}/{AGENCY}", fact)


@pytest.mark.parametrize(
    ("say", "status", "how", "value"),
    [
        (lambda _: None, "undeclared", "nothing-said", "0"),
        (lambda teller: declare(teller, AGENCY), "pending", "manual", "3.25"),
        (lambda teller: imported(teller, "3.5"), "imported", "imported", "3.5"),
        (lambda teller: imported(teller, "9"), "imported", "imported", "4"),
        (lambda teller: imported(teller, None), "not-applicable", "imported-not-applicable", "0"),
        (excepted, "not-applicable", "excepted", "0"),
        (refused_by_the_scheme, "pending", "not-scorable", "0"),
        (rejected_by_less, "rejected", "awarded", "0.5"),
    ],
)
def test_points_come_to_be_in_one_way(
    say: Callable[[Teller], object],
    status: str,
    how: str,
    value: str,
) -> None:
    teller = opened()
    say(teller)

    body = explained(teller.told, AGENCY)

    item = items_of(body)[0]
    working = item["workings"]["points"]
    assert (item["status"], working["how"], working["value"]) == (status, how, value)
    assert item["points"] == value
    assert_every_number_is_its_expression(body)
    assert_it_adds_up(body, row_of(teller.told, AGENCY))


def test_a_decision_falls_by_an_amendment_of_the_scheme() -> None:
    teller = opened()
    refused_by_the_scheme(teller)

    body = explained(teller.told, AGENCY, "1.1")

    [item] = items_of(body)
    decision = item["decision"]
    assert (decision["stands"], decision["fell_by"]) == (False, "scheme-amended")
    assert item["rule"] == {"type": "manual", "step": "1"}
    assert body["sources"]["scheme"] == {"fact": f"cycle/{CYCLE}@3", "number": len(teller.told)}
    assert body["methods"]["scheme-amended"]["en"] == HOW["scheme-amended"][1]


@pytest.mark.parametrize("again", [False, True], ids=["as it was", "declared again"])
def test_a_decision_on_an_item_that_was_excepted_since_stands_no_more(again: bool) -> None:  # noqa: FBT001 - a case
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    if again:
        declare(teller, AGENCY, "4")
    excepted(teller)

    body = explained(teller.told, AGENCY, "1.1")

    [item] = items_of(body)
    assert (item["status"], item["points"]) == ("not-applicable", "0")
    assert (item["decision"]["stands"], item["decision"]["fell_by"]) == (False, "excepted")
    assert body["methods"]["excepted"]["en"] == HOW["excepted"][1]


def test_a_decision_that_stands_no_more_rests_on_no_condemned_file() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    found = submission.EvidenceCondemned(
        cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256, scanner="ClamAV", finding="Worm"
    )
    teller.tell(f"submission/{CYCLE}/{AGENCY}", found)
    standing = items_of(explained(teller.told, AGENCY, "1.1"))[0]["decision"]
    excepted(teller)
    fallen = items_of(explained(teller.told, AGENCY, "1.1"))[0]["decision"]

    assert (standing["stands"], standing["rests_on_condemned"]) == (True, True)
    assert (fallen["stands"], fallen["rests_on_condemned"]) == (False, False)


def test_a_decision_on_what_a_survey_answers_since_stands_no_more() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    surveyed(teller)

    [item] = items_of(explained(teller.told, AGENCY, "1.1"))

    assert item["status"] == "unanswered"
    assert (item["decision"]["stands"], item["decision"]["fell_by"]) == (False, "scheme-amended")


def test_a_decision_that_recognises_that_nothing_arose_stands() -> None:
    teller = opened()
    without_task(teller)

    [item] = items_of(explained(teller.told, AGENCY, "1.1"))

    assert item["status"] == "not-applicable"
    assert (item["decision"]["stands"], item["decision"]["fell_by"]) == (True, None)


def test_nothing_that_applies_has_no_index_and_no_working_for_one() -> None:
    teller = opened()
    scheme = deepcopy(ADOPTED.scheme)
    for area in scheme["areas"]:
        for criterion in area["criteria"]:
            criterion["except_for"] = [AGENCY]
    fact = submission.SchemeAmended(
        cycle=CYCLE, tier="department", scheme=scheme, decision=DECISION, because=SEALED
    )
    teller.tell(f"cycle/{CYCLE}", fact)

    body = explained(teller.told, AGENCY)

    assert (body["index"], body["workings"]["index"]) == (None, None)
    assert body["workings"]["rank"]["how"] == "unranked"
