"""Surveys in which anything happens, drawn by hypothesis, with batches that fit and others."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.small_cycle import CYCLE

Json = dict[str, Any]
Told = tuple[str, str, Json]

AGENCIES = ("so-a", "so-b", "so-c", "so-d")
GROUPS = ("citizens", "leaders")
BATCHES = 3
QUESTIONS = ("q1", "q2", "q3")
SEALED = {"key": "k", "text": "dGV4dA=="}
FIVE = {"1": "100", "2": "66.6", "3": "0", "none": "no-opinion"}

_agency, _group = st.sampled_from(AGENCIES), st.sampled_from(GROUPS)


def asked_of(group: str, *, is_newer: bool) -> Told:
    """A questionnaire in one of its two shapes; in the newer one not every question counts."""
    stream = f"survey/{CYCLE}/{group}"
    times = {"opens": "2021-01-01T00:00:00Z", "closes": "2021-02-01T00:00:00Z"}
    said: Json = {"questionnaire": group, "tier": "department", "group": group, **times}
    plain: list[Json] = [
        {"code": code, "text": "?", "item": item, "options": []}
        for code, item in zip(QUESTIONS, ("sipas", "officials", "sipas"), strict=True)
    ]
    if not is_newer:
        return "survey.QuestionnaireAdopted.v1", stream, said | {"title": "t", "questions": plain}
    text = {"vi": "?", "second": ""}
    kinds = zip(plain, ("scale", "single-choice", "multiple-choice"), strict=True)
    more = {"text": text, "required": True, "asked_if": None}
    questions = [{**each, **more, "kind": kind} for each, kind in kinds]
    questions.append({**questions[0], "code": "q4", "item": None})
    none = dict.fromkeys(("second_language", "service_question", "copied_from"))
    said |= {"edition": 1, "agencies": [], "title": text, "introduction": text, **none}
    return "survey.QuestionnaireAdopted.v2", stream, said | {"questions": questions}


@st.composite
def _answered(draw: st.DrawFn) -> Told:
    """A batch in one of its two shapes; what the newer one says more may stand in the other too."""
    group, is_newer = draw(_group), draw(st.booleans())
    chosen = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from([*FIVE, "9"]))
    one = st.fixed_dictionaries({"agency": _agency, "answers": chosen})
    responses = draw(st.lists(one, min_size=1, max_size=5))
    said = {"questionnaire": group, "batch": draw(st.integers(1, BATCHES)), "responses": responses}
    if is_newer or draw(st.booleans()):
        said["responses"] = [{**each, "choices": {"q3": ["x", "y"]}} for each in responses]
        said |= draw(_beside(len(responses)))
    wire_name = f"survey.ResponsesCounted.v{1 + is_newer}"
    return wire_name, f"survey/{CYCLE}/{group}", said


@st.composite
def _beside(draw: st.DrawFn, responses: int) -> Json:
    """The channel, receipts and hasty ones of a batch; mostly they fit it."""
    size = draw(st.sampled_from([responses, responses, responses, 1]))
    receipt = st.integers(0, 10**6).map(str)
    return {
        "channel": draw(st.sampled_from(["invitation", "link", "paper", "mixed"])),
        "receipts": draw(st.lists(receipt, min_size=size, max_size=size, unique=True)),
        "hasty": draw(st.sampled_from([0, 0, 0, responses, responses + 1])),
    }


@st.composite
def _issued(draw: st.DrawFn) -> Told:
    group = draw(_group)
    said = {"questionnaire": group, "agency": draw(_agency), "count": draw(st.integers(0, 4))}
    return "survey.InvitationsIssued.v1", f"survey/{CYCLE}/{group}", said


@st.composite
def _linked(draw: st.DrawFn) -> Told:
    group, most = draw(_group), draw(st.integers(0, 4))
    said: Json = {"questionnaire": group, "agency": draw(_agency)}
    said |= {"link": draw(st.sampled_from("ab"))}
    said |= {"answers_max": most, "answers_per_day_max": most}
    return "survey.LinkOpened.v1", f"survey/{CYCLE}/{group}", said


@st.composite
def _entered(draw: st.DrawFn) -> Told:
    group = draw(_group)
    forms = draw(st.dictionaries(_agency, st.integers(0, 4), max_size=3))
    said = {"questionnaire": group, "pile": draw(st.sampled_from("ab")), "forms": forms}
    return "survey.PaperEntered.v1", f"survey/{CYCLE}/{group}", said | {"by": ["a", "b"]}


def opened_of(group: str) -> Told:
    """The opening of a survey."""
    return "survey.SurveyOpened.v1", f"survey/{CYCLE}/{group}", {"questionnaire": group}


@st.composite
def _closed(draw: st.DrawFn) -> Told:
    group = draw(_group)
    said = {"questionnaire": group, "closed_by": "calendar", "responses": 0}
    return "survey.SurveyClosed.v1", f"survey/{CYCLE}/{group}", said


@st.composite
def _excluded(draw: st.DrawFn) -> Told:
    group, is_newer = draw(_group), draw(st.booleans())
    positions = draw(st.lists(st.integers(-1, 2), min_size=3, max_size=5))
    said = {"questionnaire": group, "batch": draw(st.integers(1, BATCHES)), "positions": positions}
    said |= {"because": SEALED} | ({"exclusion": "e-1"} if is_newer else {})
    return f"survey.AnswersExcluded.v{1 + is_newer}", f"survey/{CYCLE}/{group}", said


@st.composite
def _certified(draw: st.DrawFn) -> Told:
    group, is_newer = draw(_group), draw(st.booleans())
    chosen = st.dictionaries(st.sampled_from([*FIVE, "9"]), st.integers(0, 9), max_size=3)
    counts = draw(st.dictionaries(st.sampled_from(QUESTIONS), chosen, max_size=2))
    said: Json = {"questionnaire": group, "agency": draw(_agency), "counts": counts}
    said |= {"source": draw(st.sampled_from("st")), "document": "d"}
    said |= {"sha256": draw(st.sampled_from([None, "ef" * 32]))} if is_newer else {}
    return f"survey.ResultImported.v{1 + is_newer}", f"survey/{CYCLE}/{group}", said


SURVEYED: Sequence[st.SearchStrategy[Told]] = (
    *(_answered(), _excluded(), _certified()),
    *(_issued(), _linked(), _entered(), _closed(), _group.map(opened_of)),
)
"""What may happen in a survey, whether anybody would do it or not."""
