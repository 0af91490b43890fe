"""Cycles in which anything happens, by a small scheme that has every rule, drawn by hypothesis."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.support.changed import ODD
from tests.support.small_cycle import CYCLE

Json = dict[str, Any]
Told = tuple[str, str, Json]

AGENCIES = ("so-a", "so-b", "so-c", "so-d")
STEPS_MIN, STEPS_MAX = 30, 60
BATCHES = 3
QUESTIONS = ("q1", "q2", "q3")
_ACT = {"number": "1", "on": "2021-01-01"}
_SEALED = {"key": "k", "text": "dGV4dA=="}
_FIVE = {"1": "100", "2": "66.6", "3": "0", "none": "no-opinion"}


def _item(code: str, maximum: str, rule: Json, **more: object) -> Json:
    return {"code": code, "title": code, "maximum": maximum, "rule": rule, **more}


def _survey(part: str, groups: Json, **more: object) -> Json:
    return {"type": "survey", "part": part, "scale": "five", "groups": groups, **more}


_CHOICE = {
    "type": "choice",
    "options": [
        {"code": "all", "title": "all", "points": "1.5"},
        {"code": "some", "title": "some", "points": "0.35"},
    ],
}
_BANDS = [
    {"code": "a", "title": "a", "share": "1", "at_least": "90"},
    {"code": "b", "title": "b", "share": "0.333", "at_least": "70.5"},
]
_RATIO = {"type": "ratio", "numerator": "n", "denominator": "d", "floor": "0.5"}
_BREACHES = {"type": "deduction", "per_breach": "0.3", "breach": "b"}
_ADDENDS = [
    {"code": "x", "title": "x", "maximum": "1", "rule": _RATIO},
    {"code": "y", "title": "y", "maximum": "2", "rule": _BREACHES},
]
_FORMULA = "if(a >= 2 and not b = 0, min(a / b, 3) - 1/3, max(a - b, -a * 0.5))"
_LEVELS = [{key: band[key] for key in ("code", "title", "share")} for band in _BANDS]
_ITEMS = [
    _item("choice", "1.5", _CHOICE, no_task="full"),
    _item("count", "2", {"type": "count", "per_unit": "0.75", "unit": "u"}, except_for=["so-c"]),
    _item("value", "3", {"type": "levels", "bands": _BANDS}),
    _item("level", "1", {"type": "levels", "bands": _LEVELS}),
    _item("ratio", "2", _RATIO, no_task="not-applicable"),
    _item("sum", "3", {"type": "sum", "addends": _ADDENDS}, no_task="full"),
    _item("deduction", "2", _BREACHES),
    _item("formula", "3", {"type": "formula", "text": _FORMULA, "inputs": ["a", "b"]}),
    _item("manual", "2", {"type": "manual", "step": "0.25"}),
    _item("sipas", "4", _survey("sipas", {"citizens": "2", "leaders": "1"})),
    _item("officials", "3", _survey("officials", {"leaders": "1"}, if_unanswered="not-applicable")),
]
_AREA_MAXIMUM = "26.5"
SCHEME = {
    "scheme": "every-rule",
    "title": "every rule",
    "tier": "department",
    "sample": True,
    "source": "for a test",
    "maximum": _AREA_MAXIMUM,
    "cap": "90",
    "scales": {"five": _FIVE},
    "groups": {"citizens": "citizens", "leaders": "leaders"},
    "areas": [{"code": "A", "title": "A", "maximum": _AREA_MAXIMUM, "criteria": _ITEMS}],
    "bonus": [_item("bonus", "2", {"type": "count", "per_unit": "0.5", "unit": "u"})],
    "penalty": [_item("penalty", "2", {"type": "count", "per_unit": "0.7", "unit": "u"})],
    "ties": {"chain": ["appraised", "area:A"], "rule": "competition"},
    "grades": [
        {"code": "A", "title": "A", "at_least": "80"},
        {"code": "B", "title": "B", "at_least": "10"},
    ],
}
_CODES = [item["code"] for item in (*_ITEMS, *SCHEME["bonus"], *SCHEME["penalty"])]  # type: ignore[misc]  # lists

_STREAM = f"scheme/{CYCLE}/odd"


@dataclass(frozen=True, slots=True)
class AnyCycle:
    """The entries of a cycle."""

    entries: list[bytes] = field(repr=False)


# --- What may happen

_number = st.sampled_from(["0", "1", "2", "3", "0.5", "72", "95.5", "-1", "x"])
_amount = st.sampled_from(["0", "1", "3", "72"])
_group = st.sampled_from(["citizens", "leaders"])
_agency, _code = st.sampled_from(AGENCIES), st.sampled_from(_CODES)
_names: Mapping[str, Sequence[str]] = {
    "bonus": ("count",),
    "count": ("count",),
    "deduction": ("breaches",),
    "formula": ("a", "b"),
    "manual": ("points",),
    "penalty": ("count",),
    "ratio": ("numerator", "denominator"),
    "sum": ("x.numerator", "x.denominator", "y.breaches"),
    "value": ("value",),
}


def _inputs(code: str) -> st.SearchStrategy[Json]:
    named: dict[str, st.SearchStrategy[str]] = dict.fromkeys(_names.get(code, ()), _number)
    if code in {"ratio", "sum"}:
        named = dict.fromkeys(_names[code], _amount)
    if code == "choice":
        named = {"option": st.sampled_from(["all", "some", "none"])}
    if code == "level":
        named = {"level": st.sampled_from("abc")}
    return st.one_of(st.fixed_dictionaries(named), st.just({"no_task": "yes"}))


@st.composite
def _declared(draw: st.DrawFn) -> Told:
    agency, code = draw(_agency), draw(_code)
    said = {"agency": agency, "item": code, "inputs": draw(_inputs(code)), "points": "0"}
    return "submission.ScoreSubmitted.v1", f"submission/{CYCLE}/{agency}", said


@st.composite
def _rejected(draw: st.DrawFn) -> Told:
    agency = draw(_agency)
    place = draw(st.sampled_from(["", *(f"submission/{CYCLE}/{agency}@{n}" for n in (1, 2, 3))]))
    said = {"agency": agency, "item": draw(_code), "declaration": place, "evidence": [], "round": 1}
    words = {"awarded": draw(_number), "because": _SEALED, "legal_basis": "l"}
    return "appraisal.ScoreRejected.v1", f"appraisal/{CYCLE}/{agency}", said | words


@st.composite
def _imported(draw: st.DrawFn) -> Told:
    points = st.sampled_from([None, "1", "1/3", "2/6", "1/2", "-1", "100"])
    one = st.fixed_dictionaries({"agency": _agency, "item": _code, "points": points})
    said = {"source": "s", "published": [], "scores": draw(st.lists(one, min_size=3, max_size=8))}
    return "submission.ItemResultsImported.v1", f"import/{CYCLE}/any", said


@st.composite
def _answered(draw: st.DrawFn) -> Told:
    """A batch in one of its two shapes; the newer one says more, and not always what fits."""
    group, is_newer = draw(_group), draw(st.booleans())
    chosen = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from([*_FIVE, "9"]))
    one = st.fixed_dictionaries({"agency": _agency, "answers": chosen})
    responses = draw(st.lists(one, min_size=1, max_size=5))
    said = {"questionnaire": group, "batch": draw(st.integers(1, BATCHES)), "responses": responses}
    if is_newer:
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
    said |= {"because": _SEALED} | ({"exclusion": "e-1"} if is_newer else {})
    return f"survey.AnswersExcluded.v{1 + is_newer}", f"survey/{CYCLE}/{group}", said


@st.composite
def _certified(draw: st.DrawFn) -> Told:
    group, is_newer = draw(_group), draw(st.booleans())
    chosen = st.dictionaries(st.sampled_from([*_FIVE, "9"]), st.integers(0, 9), max_size=3)
    counts = draw(st.dictionaries(st.sampled_from(QUESTIONS), chosen, max_size=2))
    said: Json = {"questionnaire": group, "agency": draw(_agency), "counts": counts}
    said |= {"source": draw(st.sampled_from("st")), "document": "d"}
    said |= {"sha256": draw(st.sampled_from([None, "ef" * 32]))} if is_newer else {}
    return f"survey.ResultImported.v{1 + is_newer}", f"survey/{CYCLE}/{group}", said


_steps = st.one_of(
    *(_declared(), _declared(), _rejected(), _imported()),
    *(_answered(), _excluded(), _certified()),
    *(_issued(), _linked(), _entered(), _closed()),
)


@st.composite
def any_cycle(draw: st.DrawFn) -> AnyCycle:
    """A cycle with a scheme that has every rule, and whatever happens in it."""
    rule = draw(st.sampled_from(["competition", "dense", "ordinal"]))
    scheme = {**SCHEME, "ties": {"chain": ["appraised", "area:A"], "rule": rule}}
    adopted = {"tier": "department", "scheme": scheme}
    told: list[Told] = [("submission.SchemeAdopted.v1", f"scheme/{CYCLE}/department", adopted)]
    told += [("submission.CycleOpened.v1", f"cycle/{CYCLE}", _opened())]
    told += [_asked(group, is_newer=draw(st.booleans())) for group in ("citizens", "leaders")]
    told += draw(st.lists(_steps, min_size=STEPS_MIN, max_size=STEPS_MAX))
    return AnyCycle(entries_of(told))


def entries_of(told: Sequence[Told]) -> list[bytes]:
    """The entries that tell these facts, each with the next version of its stream."""
    versions: Counter[str] = Counter()
    entries = []
    for type_, stream, data in told:
        versions[stream] += 1
        entries.append(_entry(type_, f"{stream}@{versions[stream]}", data))
    return entries


def odd_facts() -> list[Told]:
    """Facts that are valid but for one value, which is odd: dates, and texts within schemes."""
    acts: list[Json] = [{"number": "1", "on": value} for value in ODD]
    told = [
        ("submission.CycleWithdrawn.v1", _STREAM, {"decision": a, "because": _SEALED}) for a in acts
    ]
    until: list[Json] = [{"agency": "so-a", "until": value, "because": _SEALED} for value in ODD]
    told += [("submission.SubmissionReopened.v1", _STREAM, data) for data in until]
    odd = [{**SCHEME, key: value} for key in ("title", "cap", "sample") for value in ODD]
    odd += [_with_formula(value) for value in ODD]
    schemes = [{"tier": "department", "scheme": scheme} for scheme in odd]
    return [*told, *(("submission.SchemeAdopted.v1", _STREAM, data) for data in schemes)]


def _with_formula(text: object) -> Json:
    names = [name for name in "ab" if name in str(text)]
    rule = {"type": "formula", "text": text, "inputs": names}
    area = {"code": "A", "title": "A", "maximum": "1", "criteria": [_item("f", "1", rule)]}
    ties = {"chain": [], "rule": "dense"}
    return {**SCHEME, "maximum": "1", "areas": [area], "ties": ties}


def _opened() -> Json:
    agencies = [
        {"code": code, "name": code, "tier": "department", "ranked": code != "so-d"}
        for code in AGENCIES
    ]
    return {"year": 2021, "mode": "trial", "decision": _ACT, "agencies": agencies, "calendar": []}


def _asked(group: str, *, is_newer: bool) -> Told:
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


def _entry(type_: str, place: str, data: Json) -> bytes:
    envelope = {
        "specversion": "1.0",
        "id": place,
        "source": f"/{type_.split('.', maxsplit=1)[0]}",
        "type": type_,
        "subject": place.split("@", maxsplit=1)[0],
        "time": "2021-10-15T01:00:00Z",
        "datacontenttype": "application/json",
        "data": {"cycle": CYCLE, **data},
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
