"""A document becomes a scheme; whatever it holds, nothing else than a refusal comes of it."""

import copy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.messages.scheme import MESSAGES
from shared.kernel import rules, scheme, scheme_reader
from shared.kernel.errors import Refused
from tests.unit.kernel.scheme_documents import (
    DELETED,
    DOCUMENT,
    LEVELS,
    SURVEY,
    change,
    changed,
    flaws_of,
    pointers,
)


def test_every_part_of_a_document_is_in_its_scheme() -> None:
    read = scheme_reader.read(DOCUMENT)

    first, survey = read.items["1.1.1"], read.items["2.1"]
    assert (read.code, read.tier, read.sample, read.source) == (
        "small",
        "department",
        True,
        "A test.",
    )
    assert (read.maximum, read.cap) == (Fraction(10), Fraction(100))
    assert read.loss_alone_max == Fraction(1, 4)
    assert first == scheme.Item(
        code="1.1.1",
        title="Ban hành kế hoạch",
        maximum=Fraction(1),
        rule=scheme.Choice(
            (
                scheme.Option("yes", "Có", Fraction(1)),
                scheme.Option("no", "Không", Fraction(0)),
            )
        ),
        evidence="Kế hoạch",
        no_task=None,
        except_for=frozenset(),
    )
    assert survey.rule == scheme.Survey(
        part="sipas",
        shares={"5": Fraction(1), "4": Fraction(1), "3": Fraction(0)},
        groups=(
            scheme.Group("citizens", "Người dân", Fraction(3)),
            scheme.Group("leaders", "Lãnh đạo", Fraction(1)),
        ),
        if_unanswered="missing",
    )
    assert read.items["2.2.1"].except_for == {"so-y-te"}
    assert read.ties == scheme.Ties(chain=("appraised", "area:2"), rule="dense")
    assert [grade.at_least for grade in read.grades] == [80, 0]


def test_a_criterion_without_components_is_its_own_item() -> None:
    criterion = scheme_reader.read(DOCUMENT).areas[0].criteria[1]

    assert [(item.code, item.maximum) for item in criterion.items] == [("1.2", Fraction(2))]


def test_an_answer_without_an_opinion_is_worth_nothing_at_all() -> None:
    read = scheme_reader.read(changed((f"{SURVEY}/rule/scale", "officials")))

    rule = read.items["2.1"].rule
    assert isinstance(rule, scheme.Survey)
    assert rule.shares == {"a": 1, "b": Fraction(3, 5), "e": None}


def test_what_may_be_left_out_may_be_left_out() -> None:
    optional = ("/cap", "/loss_alone_max", "/bonus", "/penalty")
    document = changed(*((pointer, DELETED) for pointer in optional))

    read = scheme_reader.read(document)

    whole = scheme_reader.read(DOCUMENT)
    half = Fraction(1, 2)
    assert read == replace(whole, cap=None, loss_alone_max=half, bonus=(), penalty=())


@pytest.mark.parametrize(("written", "sample"), [(True, True), (False, False), ("false", False)])
def test_true_and_false_may_be_those_of_json(written: object, sample: bool) -> None:  # noqa: FBT001 - the expected value
    assert scheme_reader.read(changed(("/sample", written))).sample is sample


def test_the_order_of_keys_means_nothing() -> None:
    assert scheme_reader.read(_reversed(DOCUMENT)) == scheme_reader.read(DOCUMENT)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from(["0", "1", "1.5", "-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_a_document_with_random_changes_is_read_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(DOCUMENT)
    for _ in range(data.draw(st.integers(1, 4))):
        pointer = data.draw(st.sampled_from(pointers(document)))
        value = data.draw(st.just(DELETED) | JSON)
        change(document, pointer, value)

    try:
        areas = scheme_reader.read(document).areas
    except Refused:
        assert all(flaw.code in MESSAGES for flaw in flaws_of(document))
    else:
        assert sum(area.maximum for area in areas) == Fraction(document["maximum"])


@given(document=st.dictionaries(st.text(), JSON, max_size=5))
def test_any_json_is_refused_in_words(document: dict[str, object]) -> None:
    for flaw in flaws_of(document):
        assert all(sentence.format(**flaw.details) for sentence in MESSAGES[flaw.code])


def _reversed(value: Any) -> Any:  # noqa: ANN401 - JSON
    match value:
        case dict():
            return {key: _reversed(value[key]) for key in reversed(value)}
        case list():
            return [_reversed(child) for child in value]
        case _:
            return value


@pytest.mark.parametrize(
    ("value", "code", "details"),
    [
        ("500", "number-too-large", {"maximum": "100"}),
        ("0.5", "number-too-small", {"minimum": "1"}),
    ],
)
def test_a_measured_value_keeps_to_the_bounds_that_its_scheme_names(
    value: str, code: str, details: dict[str, str]
) -> None:
    bounds = (f"{LEVELS}/rule/minimum", "1"), (f"{LEVELS}/rule/maximum", "100")
    bounded = scheme_reader.read(changed(*bounds)).items["1.1.2"]
    unbounded = scheme_reader.read(DOCUMENT).items["1.1.2"]

    with pytest.raises(Refused) as refusal:
        rules.evaluate(bounded, {"value": value})

    [flaw] = refusal.value.flaws
    assert (flaw.pointer, flaw.code) == ("/inputs/value", code)
    assert details.items() <= flaw.details.items()
    assert rules.evaluate(bounded, {"value": "100"}).points == 1
    assert rules.evaluate(unbounded, {"value": value}) is not None
