"""Results beside those of an earlier cycle, and what is counted beside what ranking counts."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import hypothesis.strategies as st
import msgspec
from hypothesis import given as for_any
from hypothesis import settings

from services.survey.domain import results
from services.survey.domain.results.gathered import ALL
from shared.count.answers import Questionnaire as Counted
from shared.events import survey as events
from tests.support.small_questionnaire import ADOPTED, QUESTION, option, question
from tests.support.survey_given import NAMED, OPENED, SEALED, batch, cycle, given, response

Q1 = "q1"


def _asked(options: str, *more: events.Question) -> events.QuestionnaireAdopted:
    """The options of this year or another, each in the scheme's scale or not."""
    asked = msgspec.structs.replace(QUESTION, options=tuple(map(option, options)))
    return msgspec.structs.replace(ADOPTED, questions=(asked, *more))


def _reported(
    chosen: str, adopted: events.QuestionnaireAdopted = ADOPTED, agency: str = "so-y-te"
) -> tuple[events.QuestionnaireAdopted, results.Report]:
    people = tuple(response(agency, each) for each in chosen)
    return adopted, results.report(given(adopted, OPENED, batch(1, *people)), cycle())


def test_a_change_within_the_margins_is_told_from_one_beyond_them() -> None:
    # Of 40: 20 and 24 satisfied are from 35.20 to 64.80 and from 44.60 to 73.65; 36 are from 76.95.
    half, more, most = ("5" * count + "1" * (40 - count) for count in (20, 24, 36))

    slight = results.compared(_reported(more), _reported(half))
    great = results.compared(_reported(most), _reported(half))

    [of_agency, of_all] = slight.compared
    assert (of_agency.agency, of_all.agency) == ("so-y-te", ALL)
    assert of_agency.satisfied.difference == Fraction(1, 10)
    assert not of_agency.satisfied.beyond_margins
    assert great.compared[0].satisfied.difference == Fraction(2, 5)
    assert great.compared[0].share.beyond_margins


def test_a_question_that_is_asked_in_another_way_is_named_and_not_compared() -> None:
    found = results.compared(_reported("55"), _reported("55", _asked("51")))

    assert found.questions_changed == (Q1,)
    assert found.compared == ()


def test_a_question_of_one_cycle_alone_is_named() -> None:
    more = msgspec.structs.replace(QUESTION, code="q2")
    former = _reported("55", _asked("54321", more, question("service")))

    assert results.compared(_reported("55"), former).questions_before == ("q2",)
    assert results.compared(former, _reported("55")).questions_now == ("q2",)


def test_an_agency_of_one_cycle_alone_is_named() -> None:
    fewer = msgspec.structs.replace(ADOPTED, agencies=("so-y-te",))

    found = results.compared(_reported("55"), _reported("55", fewer))

    assert (found.agencies_now, found.agencies_before) == (("so-noi-vu",), ())
    assert results.compared(_reported("5", fewer), _reported("5")).agencies_before == ("so-noi-vu",)


def test_what_was_not_answered_is_not_compared() -> None:
    assert results.compared(_reported("55"), _reported("")).compared == ()


CHOSEN = st.text(alphabet="54321", max_size=12)
COUNTS = st.dictionaries(st.sampled_from("54321"), st.integers(min_value=0, max_value=9))


@settings(max_examples=60)
@for_any(
    first=CHOSEN,
    second=CHOSEN,
    certified=st.dictionaries(st.sampled_from(["so-y-te", "so-noi-vu"]), COUNTS),
    places=st.sets(st.integers(min_value=0, max_value=11)),
)
def test_the_counts_are_those_that_ranking_counts(
    first: str, second: str, certified: Mapping[str, Mapping[str, int]], places: set[int]
) -> None:
    people = [response("so-y-te", each) for each in first]
    others = [response("so-noi-vu", each) for each in second]
    excluded = events.AnswersExcluded(
        **NAMED,
        exclusion="x-1",
        batch=1,
        positions=tuple(sorted(place for place in places if place < len(people) + len(others))),
        because=SEALED,
    )
    counted = batch(1, *people, *others)
    facts: list[events.Fact] = [ADOPTED, OPENED, counted, excluded, *_imported(certified)]
    ranking = Counted("citizens")
    for fact in facts:
        _take(ranking, fact)

    found = results.report(given(*facts), cycle())

    rows = [row for row in found.results if isinstance(row, results.Result)]
    assert {row.agency: dict(row.counts) for row in rows} == {
        agency: dict(ranking.counted(agency, Q1)) for agency in ("so-y-te", "so-noi-vu")
    }
    [whole] = [row for row in found.overall if isinstance(row, results.Result)]
    assert whole.answered == sum(row.answered for row in rows) == whole.asked


def _imported(certified: Mapping[str, Mapping[str, int]]) -> Iterator[events.ResultImported]:
    for agency, counts in certified.items():
        yield events.ResultImported(
            **NAMED,
            agency=agency,
            counts={Q1: dict(counts)},
            source="Bưu điện tỉnh",
            document="1/BC",
            sha256=None,
        )


def _take(ranking: Counted, fact: events.Fact) -> None:
    match fact:
        case events.ResponsesCounted():
            ranking.count(fact, "id")
        case events.AnswersExcluded():
            ranking.exclude(fact, "id")
        case events.ResultImported():
            ranking.take_over(fact, "id")
        case _:
            pass
