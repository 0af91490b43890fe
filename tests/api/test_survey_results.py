"""Who reads which results, when, in which form, and beside which others."""

from collections.abc import AsyncIterator, Sequence
from csv import DictReader

import httpx
import msgspec
import pytest

from shared.events import codec, submission
from shared.events import survey as events
from shared.events.envelope import Context, Sealed
from tests.support.small_cycle import ADOPTED as SCHEME_ADOPTED
from tests.support.small_cycle import CYCLE, SCHEME
from tests.support.small_cycle import OPENED as CYCLE_OPENED
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    LISTED,
    NOBODY,
    OFFICER,
    Office,
    code_of,
    open_office,
)

PUBLIC = f"{CITIZENS}/results/public"
READERS = [OFFICER, "administrator", "auditor", NOBODY, f"agency@{AGENCY}", "council@so-noi-vu"]
LAST_YEAR = "2020"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with open_office() as opened:
        await opened.ask(CITIZENS, ASKED_OF_CITIZENS)
        yield opened


async def _held(office: Office, chosen: str) -> None:
    await office.answer_all(chosen)
    assert (await office.post(f"{CITIZENS}/closing", key="close")).status_code == 200


async def test_results_are_for_the_public_once_the_survey_is_closed(office: Office) -> None:
    await office.answer_all("5" * 12)

    before = [await office.as_(who).get(PUBLIC) for who in READERS]
    await office.post(f"{CITIZENS}/closing", key="close")
    afterwards = [await office.as_(who).get(PUBLIC) for who in READERS]

    assert {code_of(answer) for answer in before} == {(409, "results-not-published")}
    assert {answer.status_code for answer in afterwards} == {200}
    assert len({answer.text for answer in afterwards}) == 1
    mine, others = afterwards[0].json()["results"]
    assert (mine["agency"], mine["answered"]) == ("so-noi-vu", 0)
    assert (others["counts"], others["withheld"]) == ({"5": 12}, None)


async def test_all_of_it_is_for_those_who_watch_over_the_survey(office: Office) -> None:
    await office.answer_all("54")

    answers = [await office.as_(who).get(f"{CITIZENS}/results") for who in READERS]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 401, 403, 403]
    assert code_of(answers[-1]) == (403, "role-not-allowed")


async def test_a_small_group_is_withheld_and_it_is_said_why_in_both_languages(
    office: Office,
) -> None:
    await _held(office, "554")

    vietnamese = (await office.get(PUBLIC)).json()
    answer = await office.client.get(PUBLIC, headers={"Accept-Language": "en"})
    english = answer.json()

    assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (
        "en",
        "Accept, Accept-Language",
    )
    assert vietnamese["results"][1]["withheld"] == "small-group"
    assert "counts" not in vietnamese["results"][1]
    assert vietnamese["notes"]["small-group"] == "Không công bố vì có ít hơn 10 người trả lời."
    assert english["notes"]["small-group"] == "Withheld: fewer than 10 people answered."
    assert english["notes"]["index-counts-all"].startswith("The index counts every valid answer")


async def test_what_is_excluded_or_certified_later_is_counted_in_the_next_reading(
    office: Office,
) -> None:
    await _held(office, "5" * 10)
    before = (await office.get(PUBLIC)).json()
    body = {"counts": {"q1": {"1": 10}}, "source": "Bưu điện tỉnh", "document": "12/BC-BĐ"}

    await office.certify(f"{CITIZENS}/results/{AGENCY}", body)

    afterwards = (await office.get(PUBLIC)).json()
    assert [each["results"][1]["share"] for each in (before, afterwards)] == ["1", "0.5"]
    assert afterwards["facts"] == before["facts"] + 2


async def test_a_scheme_that_is_amended_counts_in_the_next_reading(office: Office) -> None:
    await _held(office, "5" * 10 + "4" * 10)
    before = (await office.get(PUBLIC)).json()
    scales = {**SCHEME["scales"], "sipas": {"5": "100", "4": "50", "3": "0", "2": "0", "1": "0"}}  # type: ignore[dict-item] # A scheme is whatever people wrote.

    await office.hear(
        submission.SchemeAmended(
            cycle=CYCLE,
            tier="department",
            scheme={**SCHEME, "scales": scales},
            decision=CYCLE_OPENED.decision,
            because=Sealed(key="k", text="t"),
        )
    )

    afterwards = (await office.get(PUBLIC)).json()
    assert [each["results"][1]["share"] for each in (before, afterwards)] == ["1", "0.75"]


async def test_a_cycle_that_was_withdrawn_before_a_survey_was_opened_says_so() -> None:
    decision, because = CYCLE_OPENED.decision, Sealed(key="k", text="t")
    withdrawn = submission.CycleWithdrawn(cycle=CYCLE, decision=decision, because=because)
    async with open_office() as office:
        await office.put(CITIZENS, ASKED_OF_CITIZENS)

        await office.hear(withdrawn)

        assert code_of(await office.get(PUBLIC)) == (409, "cycle-withdrawn")


async def test_a_cycle_that_was_withdrawn_publishes_nothing(office: Office) -> None:
    await _held(office, "5" * 12)
    decision, because = CYCLE_OPENED.decision, Sealed(key="k", text="t")

    await office.hear(submission.CycleWithdrawn(cycle=CYCLE, decision=decision, because=because))

    assert code_of(await office.get(PUBLIC)) == (409, "cycle-withdrawn")
    assert (await office.get(f"{CITIZENS}/results")).status_code == 200


@pytest.mark.parametrize("path", [f"{CITIZENS}/results", PUBLIC])
async def test_results_are_a_table_for_whoever_asks_for_one(path: str, office: Office) -> None:
    await _held(office, "5" * 9 + "441")
    headers = {"Authorization": f"Bearer {OFFICER}", "Accept": "text/csv"}

    answer = await office.client.get(path, headers=headers)

    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith("\ufeffagency,service,question".encode())
    rows = list(DictReader(answer.text.removeprefix("\ufeff").splitlines()))
    mine = {row["option"]: row for row in rows if row["agency"] == AGENCY}
    assert {option: row["count"] for option, row in mine.items()} == {"5": "9", "4": "2", "1": "1"}
    assert mine["5"]["percent_of_answered"] == "75.00"
    assert mine["1"]["satisfied_percent"] == "91.67"
    assert mine["1"]["points"] == "3.67"
    assert {row["points"] for row in rows if row["agency"] == ""} == {""}


async def test_a_table_says_what_is_withheld(office: Office) -> None:
    await _held(office, "55")

    answer = await office.client.get(PUBLIC, headers={"Accept": "text/csv"})

    [row] = [
        row
        for row in DictReader(answer.text.removeprefix("\ufeff").splitlines())
        if row["agency"] == AGENCY
    ]
    said = {"agency", "question", "withheld", "mode"}
    assert {name for name, value in row.items() if value} == said


# ------------------------------------------------------------------------- earlier cycles


async def _last_year(office: Office, name: str, chosen: str, *, closed: bool = True) -> None:
    """Another cycle had a questionnaire, and people chose this about the agency."""
    stream = f"cycle/{LAST_YEAR}"
    if await office.outside.inbox.last(stream) is None:
        scheme = msgspec.structs.replace(SCHEME_ADOPTED, cycle=LAST_YEAR)
        opened = msgspec.structs.replace(CYCLE_OPENED, cycle=LAST_YEAR, year=2020)
        await _append(office, stream, [scheme, opened], inbox=True)
    named = {"cycle": LAST_YEAR, "questionnaire": name}
    responses = tuple(
        events.Response(agency=AGENCY, answers={"q1": each}, choices={}) for each in chosen
    )
    counted = events.ResponsesCounted(
        **named, batch=1, channel="mixed", responses=responses, receipts=(), hasty=0
    )
    facts = [
        msgspec.structs.replace(ADOPTED, **named),
        events.SurveyOpened(**named),
        counted,
        events.SurveyClosed(**named, closed_by="calendar", responses=len(responses)),
    ]
    await _append(office, f"survey/{LAST_YEAR}/{name}", facts if closed else facts[:-1])


async def _append(
    office: Office, stream: str, facts: Sequence[object], *, inbox: bool = False
) -> None:
    store = office.outside.inbox if inbox else office.outside.store
    context = Context(office.clock.now(), "survey-officer:o1")
    await store.append(
        [codec.encode(stream, place, context, fact) for place, fact in enumerate(facts, start=1)]
    )


def _satisfied(answer: httpx.Response) -> object:
    [mine] = [each for each in answer.json()["comparison"]["results"] if each["agency"] == AGENCY]
    return mine["satisfied"]


@pytest.mark.parametrize("path", [f"{CITIZENS}/results", PUBLIC])
@pytest.mark.parametrize("compared_with", [LAST_YEAR, f"{LAST_YEAR}/citizens"])
async def test_results_stand_beside_those_of_an_earlier_cycle(
    path: str, compared_with: str, office: Office
) -> None:
    await _last_year(office, "citizens", "5" * 10 + "1" * 10)
    await _held(office, "5" * 20)

    answer = await office.get(f"{path}?compared_with={compared_with}")

    assert _satisfied(answer) == {
        "before_percent": "50.00",
        "now_percent": "100.00",
        "difference": "50.00",
        "beyond_margins": True,
    }


async def test_what_was_copied_is_compared_with_what_it_was_copied_from(office: Office) -> None:
    await _last_year(office, "citizens", "1" * 10)
    await _last_year(office, "people", "5" * 10)
    body = {
        "cycle": LAST_YEAR,
        "questionnaire": "people",
        "opens": ASKED_OF_CITIZENS["opens"],
        "closes": ASKED_OF_CITIZENS["closes"],
    }
    copy = f"{LISTED}/copy"
    assert (await office.put(f"{copy}/copy", body)).status_code == 200

    answer = await office.get(f"{copy}/results?compared_with={LAST_YEAR}")
    other = await office.get(f"{copy}/results?compared_with={LAST_YEAR}/citizens")

    assert answer.json()["comparison"]["questionnaire"] == "people"
    assert other.json()["comparison"]["questionnaire"] == "citizens"


async def test_what_is_withheld_in_one_cycle_is_not_compared_in_public(office: Office) -> None:
    await _last_year(office, "citizens", "511")
    await _held(office, "5" * 20)

    public = await office.get(f"{PUBLIC}?compared_with={LAST_YEAR}")
    whole = await office.get(f"{CITIZENS}/results?compared_with={LAST_YEAR}")

    assert public.json()["comparison"]["results"] == []
    assert len(whole.json()["comparison"]["results"]) == 2


async def test_the_public_compares_with_nothing_that_is_not_published(office: Office) -> None:
    await _last_year(office, "citizens", "5" * 20, closed=False)
    await _held(office, "5" * 20)

    refused = await office.get(f"{PUBLIC}?compared_with={LAST_YEAR}")

    assert code_of(refused) == (409, "results-not-published")


@pytest.mark.parametrize(
    ("compared_with", "code"),
    [
        ("2019", (404, "comparison-unknown")),
        (f"{LAST_YEAR}/nothing", (404, "comparison-unknown")),
        ("2020/a/b", (422, "request-invalid")),
        (CYCLE, (409, "comparison-with-itself")),
        (f"{CYCLE}/citizens", (409, "comparison-with-itself")),
    ],
)
async def test_nothing_is_compared_with_what_is_not_there_or_is_the_same(
    compared_with: str, code: tuple[int, str], office: Office
) -> None:
    refused = await office.get(f"{CITIZENS}/results?compared_with={compared_with}")

    assert code_of(refused) == code


@pytest.mark.parametrize("path", [f"{CITIZENS}/results", PUBLIC])
async def test_what_is_not_there_to_compare_with_is_named(path: str, office: Office) -> None:
    await _held(office, "5" * 12)

    refused = (await office.get(f"{path}?compared_with=2020")).json()

    assert refused["details"] == {"questionnaire": "2020/citizens"}
    assert "2020/citizens" in refused["detail"]
