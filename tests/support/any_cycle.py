"""Cycles in which anything happens, by a small scheme that has every rule, drawn by hypothesis."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.support.any_survey import (
    AGENCIES,
    FIVE,
    GROUPS,
    SEALED,
    SURVEYED,
    Json,
    Told,
    asked_of,
    opened_of,
)
from tests.support.changed import ODD
from tests.support.small_cycle import CYCLE

STEPS_MIN, STEPS_MAX = 30, 60
_ACT = {"number": "1", "on": "2021-01-01"}


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
_BOUNDED = {"type": "levels", "bands": _BANDS, "minimum": "2", "maximum": "95"}
# Bounds that fit the bands, some of them just so, and bounds that do not.
_BOUNDS: Sequence[Json] = [
    *({"minimum": "0", "maximum": most} for most in ("90", "89.99", "0")),
    *({"minimum": least} for least in ("0", "89.99", "90", "95")),
    {"minimum": "95", "maximum": "94"},
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
    _item("bounded", "3", _BOUNDED),
    _item("level", "1", {"type": "levels", "bands": _LEVELS}),
    _item("ratio", "2", _RATIO, no_task="not-applicable"),
    _item("sum", "3", {"type": "sum", "addends": _ADDENDS}, no_task="full"),
    _item("deduction", "2", _BREACHES),
    _item("formula", "3", {"type": "formula", "text": _FORMULA, "inputs": ["a", "b"]}),
    _item("manual", "2", {"type": "manual", "step": "0.25"}),
    _item("sipas", "4", _survey("sipas", {"citizens": "2", "leaders": "1"})),
    _item("officials", "3", _survey("officials", {"leaders": "1"}, if_unanswered="not-applicable")),
]
_AREA_MAXIMUM = "29.5"
SCHEME = {
    "scheme": "every-rule",
    "title": "every rule",
    "tier": "department",
    "sample": True,
    "source": "for a test",
    "maximum": _AREA_MAXIMUM,
    "cap": "90",
    "loss_alone_max": "50",
    "scales": {"five": FIVE},
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

ODD_MEMBERS = ("title", "cap", "loss_alone_max", "sample")
_STREAM = f"scheme/{CYCLE}/odd"


@dataclass(frozen=True, slots=True)
class AnyCycle:
    """The entries of a cycle."""

    entries: list[bytes] = field(repr=False)


# --- What may happen

_number = st.sampled_from(["0", "1", "2", "3", "0.5", "72", "95.5", "-1", "x"])
_amount = st.sampled_from(["0", "1", "3", "72"])
_agency, _code = st.sampled_from(AGENCIES), st.sampled_from(_CODES)
_names: Mapping[str, Sequence[str]] = {
    "bounded": ("value",),
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
    words = {"awarded": draw(_number), "because": SEALED, "legal_basis": "l"}
    return "appraisal.ScoreRejected.v1", f"appraisal/{CYCLE}/{agency}", said | words


@st.composite
def _imported(draw: st.DrawFn) -> Told:
    points = st.sampled_from([None, "1", "1/3", "2/6", "1/2", "-1", "100"])
    one = st.fixed_dictionaries({"agency": _agency, "item": _code, "points": points})
    said = {"source": "s", "published": [], "scores": draw(st.lists(one, min_size=3, max_size=8))}
    return "submission.ItemResultsImported.v1", f"import/{CYCLE}/any", said


_steps = st.one_of(
    *(_declared(), _declared(), _rejected(), _imported()),
    *SURVEYED,
)


@st.composite
def any_cycle(draw: st.DrawFn) -> AnyCycle:
    """A cycle with a scheme that has every rule, and whatever happens in it."""
    rule = draw(st.sampled_from(["competition", "dense", "ordinal"]))
    scheme = {**SCHEME, "ties": {"chain": ["appraised", "area:A"], "rule": rule}}
    adopted = {"tier": "department", "scheme": scheme}
    told: list[Told] = [("submission.SchemeAdopted.v1", f"scheme/{CYCLE}/department", adopted)]
    told += [("submission.CycleOpened.v1", f"cycle/{CYCLE}", _opened())]
    told += [asked_of(group, is_newer=draw(st.booleans())) for group in GROUPS]
    told += map(opened_of, draw(st.sampled_from([GROUPS, GROUPS, GROUPS[:1], ()])))
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
        ("submission.CycleWithdrawn.v1", _STREAM, {"decision": a, "because": SEALED}) for a in acts
    ]
    until: list[Json] = [{"agency": "so-a", "until": value, "because": SEALED} for value in ODD]
    told += [("submission.SubmissionReopened.v1", _STREAM, data) for data in until]
    odd = [{**SCHEME, key: value} for key in ODD_MEMBERS for value in ODD]
    odd += [_with_formula(value) for value in ODD]
    odd += [_with_levels(bands, bounds) for bands in (_BANDS, _LEVELS) for bounds in _BOUNDS]
    odd += [_with_levels(_BANDS, {"maximum": value}) for value in ODD]
    schemes = [{"tier": "department", "scheme": scheme} for scheme in odd]
    return [*told, *(("submission.SchemeAdopted.v1", _STREAM, data) for data in schemes)]


def _with_formula(text: object) -> Json:
    names = [name for name in "ab" if name in str(text)]
    return _with_rule({"type": "formula", "text": text, "inputs": names})


def _with_levels(bands: Sequence[Json], bounds: Json) -> Json:
    return _with_rule({"type": "levels", "bands": bands, **bounds})


def _with_rule(rule: Json) -> Json:
    area = {"code": "A", "title": "A", "maximum": "1", "criteria": [_item("r", "1", rule)]}
    ties = {"chain": [], "rule": "dense"}
    return {**SCHEME, "maximum": "1", "areas": [area], "ties": ties}


def _opened() -> Json:
    agencies = [
        {"code": code, "name": code, "tier": "department", "ranked": code != "so-d"}
        for code in AGENCIES
    ]
    return {"year": 2021, "mode": "trial", "decision": _ACT, "agencies": agencies, "calendar": []}


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
