"""Every rule type accepts what it means, refuses the rest, and says all that is wrong at once."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.messages import kernel as messages
from shared.adapters.messages import scheme as scheme_messages
from shared.kernel import rules, scheme
from shared.kernel.errors import Flaw, Refused
from shared.kernel.rules import InputSpec
from tests.unit.kernel import samples

SENTENCES = {**scheme_messages.MESSAGES, **messages.MESSAGES}

PLAN = scheme.Choice(
    (scheme.Option("issued", "", Fraction(2)), scheme.Option("missing", "", Fraction(0)))
)
REGULATIONS = scheme.Count(per_unit=Fraction(1, 2), unit="regulation")
BANDS = scheme.Levels(
    (
        scheme.Band("high", "", Fraction(1), at_least=Fraction(90)),
        scheme.Band("middle", "", Fraction(1, 2), at_least=Fraction(70)),
    ),
    unit="%",
)
LEVELS = scheme.Levels(
    (
        scheme.Band("good", "", Fraction(1), at_least=None),
        scheme.Band("poor", "", Fraction(1, 4), at_least=None),
    ),
    unit="",
)
ON_TIME = scheme.Ratio(numerator="on time", denominator="all files", floor=Fraction(1, 2))
REPORTS = scheme.Deduction(per_breach=Fraction(1, 4), breach="late report")
GROWTH = scheme.Formula(
    text="if(late > 0, 1 / late, done / planned * 3 - 1)", inputs=("late", "done", "planned")
)
CLAIMED = scheme.Manual(step=Fraction(1, 4))
TRAINING = scheme.Sum(
    (
        scheme.Addend(
            "plan", "", Fraction(1), scheme.Choice((scheme.Option("yes", "", Fraction(1)),))
        ),
        scheme.Addend("share", "", Fraction(1), ON_TIME),
    )
)


@pytest.mark.parametrize(
    ("rule", "inputs", "points"),
    [
        (PLAN, {"option": "issued"}, "2"),
        (PLAN, {"option": "missing"}, "0"),
        (REGULATIONS, {"count": "0"}, "0"),
        (REGULATIONS, {"count": "3"}, "1.5"),
        (REGULATIONS, {"count": "5"}, "2"),
        (REGULATIONS, {"count": "1000000000"}, "2"),
        (BANDS, {"value": "90"}, "2"),
        (BANDS, {"value": "89.99"}, "1"),
        (BANDS, {"value": "70"}, "1"),
        (BANDS, {"value": "69.999"}, "0"),
        (BANDS, {"value": "-5"}, "0"),
        (LEVELS, {"level": "poor"}, "0.5"),
        (ON_TIME, {"numerator": "2", "denominator": "3"}, "4/3"),
        (ON_TIME, {"numerator": "1", "denominator": "2"}, "1"),
        (ON_TIME, {"numerator": "49", "denominator": "99"}, "0"),
        (ON_TIME, {"numerator": "0", "denominator": "4"}, "0"),
        (ON_TIME, {"numerator": "12.5", "denominator": "12.5"}, "2"),
        (REPORTS, {"breaches": "0"}, "2"),
        (REPORTS, {"breaches": "3"}, "1.25"),
        (REPORTS, {"breaches": "9"}, "0"),
        (GROWTH, {"late": "0", "done": "2", "planned": "3"}, "1"),
        (GROWTH, {"late": "0", "done": "0", "planned": "3"}, "0"),
        (GROWTH, {"late": "0", "done": "9", "planned": "3"}, "2"),
        (GROWTH, {"late": "3", "done": "9", "planned": "0"}, "1/3"),
        (CLAIMED, {"points": "0"}, "0"),
        (CLAIMED, {"points": "1.75"}, "1.75"),
        (CLAIMED, {"points": "2.00"}, "2"),
        (
            TRAINING,
            {"plan.option": "yes", "share.numerator": "3", "share.denominator": "4"},
            "1.75",
        ),
    ],
)
def test_a_rule_gives_its_points(
    rule: scheme.DeclaredRule, inputs: Mapping[str, str], points: str
) -> None:
    evaluation = rules.evaluate(samples.item(rule), inputs)

    assert evaluation.points == Fraction(points)
    assert evaluation.applicable


@pytest.mark.parametrize(
    ("rule", "inputs", "name", "code"),
    [
        (PLAN, {"option": "perhaps"}, "option", "input-not-a-choice"),
        (PLAN, {"option": ""}, "option", "input-not-a-choice"),
        (LEVELS, {"level": "GOOD"}, "level", "input-not-a-choice"),
        (PLAN, {}, "option", "input-missing"),
        (PLAN, {"option": "issued", "count": "1"}, "count", "input-unknown"),
        (PLAN, {"option": "issued", "a/b~c": "1"}, "a~1b~0c", "input-unknown"),
        (REGULATIONS, {"count": "1.5"}, "count", "number-not-whole"),
        (REGULATIONS, {"count": "-1"}, "count", "number-negative"),
        (REGULATIONS, {"count": "1000000001"}, "count", "number-too-large"),
        (REGULATIONS, {"count": "many"}, "count", "number-malformed"),
        (REGULATIONS, {"count": "NaN"}, "count", "number-malformed"),
        (REGULATIONS, {"count": "9" * 10_000}, "count", "number-malformed"),
        (BANDS, {"value": "1,5"}, "value", "number-malformed"),
        (BANDS, {"value": "-1000000000000001"}, "value", "number-too-large"),
        (BANDS, {"value": "0.0000000000000000001"}, "value", "number-too-precise"),
        (ON_TIME, {"numerator": "3", "denominator": "2"}, "numerator", "ratio-above-one"),
        (ON_TIME, {"numerator": "1", "denominator": "0"}, "numerator", "ratio-above-one"),
        (
            ON_TIME,
            {"numerator": "0", "denominator": "0"},
            "denominator",
            "ratio-without-denominator",
        ),
        (ON_TIME, {"numerator": "1", "denominator": "-2"}, "denominator", "number-negative"),
        (ON_TIME, {"numerator": "1", "denominator": "1" * 13}, "denominator", "number-too-large"),
        (ON_TIME, {"numerator": "0.0001", "denominator": "1"}, "numerator", "number-too-precise"),
        (REPORTS, {"breaches": "-1"}, "breaches", "number-negative"),
        (CLAIMED, {"points": "2.25"}, "points", "points-above-maximum"),
        (CLAIMED, {"points": "-0.25"}, "points", "points-negative"),
        (CLAIMED, {"points": "1.3"}, "points", "points-off-step"),
        (CLAIMED, {"points": "1", "no_task": "yes"}, "no_task", "no-task-not-allowed"),
    ],
)
def test_a_rule_refuses_an_input_and_points_to_it(
    rule: scheme.DeclaredRule, inputs: Mapping[str, str], name: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.item(rule), inputs)

    assert refusal.value.code == code
    assert [(flaw.pointer, flaw.code) for flaw in refusal.value.flaws] == [
        (f"/inputs/{name}", code)
    ]
    assert_it_can_be_said(refusal.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    inputs = {"plan.option": "no", "share.numerator": "x", "other": "1", "another": "2"}

    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.item(TRAINING), inputs)

    assert [(flaw.pointer, flaw.code) for flaw in refusal.value.flaws] == [
        ("/inputs/plan.option", "input-not-a-choice"),
        ("/inputs/share.numerator", "number-malformed"),
        ("/inputs/share.denominator", "input-missing"),
        ("/inputs/another", "input-unknown"),
        ("/inputs/other", "input-unknown"),
    ]
    assert refusal.value.code == "input-not-a-choice"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"late": "0", "done": "1", "planned": "0"}, "formula-division-by-zero"),
        ({str(number): "1" for number in range(101)}, "inputs-too-many"),
    ],
)
def test_a_flaw_of_no_single_input_points_to_all_of_them(
    inputs: Mapping[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.item(GROWTH), inputs)

    assert [(flaw.pointer, flaw.code) for flaw in refusal.value.flaws] == [("/inputs", code)]
    assert_it_can_be_said(refusal.value)


def test_a_survey_item_takes_no_declaration() -> None:
    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.surveyed(), {"points": "24"})

    assert refusal.value.code == "item-is-surveyed"


def test_no_task_gives_full_points_or_takes_the_item_out() -> None:
    full = rules.evaluate(samples.item(PLAN, no_task="full"), {"no_task": "yes"})
    gone = rules.evaluate(samples.item(PLAN, no_task="not-applicable"), {"no_task": "yes"})

    assert full == rules.Evaluation(Fraction(2))
    assert gone == rules.Evaluation(Fraction(0), applicable=False)


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"no_task": "no"}, "input-not-a-choice"),
        ({"no_task": "yes", "option": "issued"}, "no-task-not-alone"),
    ],
)
def test_no_task_is_said_alone_and_plainly(inputs: Mapping[str, str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.item(PLAN, no_task="full"), inputs)

    assert [(flaw.pointer, flaw.code) for flaw in refusal.value.flaws] == [
        ("/inputs/no_task", code)
    ]
    assert_it_can_be_said(refusal.value)


def test_nothing_out_of_nothing_is_no_task() -> None:
    nothing = {"numerator": "0", "denominator": "0.0"}

    full = rules.evaluate(samples.item(ON_TIME, no_task="full"), nothing)
    gone = rules.evaluate(samples.item(ON_TIME, no_task="not-applicable"), nothing)

    assert full == rules.Evaluation(Fraction(2))
    assert gone == rules.Evaluation(Fraction(0), applicable=False)


def test_a_sum_keeps_the_points_of_its_addends() -> None:
    inputs = {"plan.option": "yes", "share.numerator": "0", "share.denominator": "0"}

    evaluation = rules.evaluate(samples.item(TRAINING, no_task="full"), inputs)

    assert evaluation.parts == (("plan", Fraction(1)), ("share", Fraction(1)))
    assert evaluation.points == 2


def test_a_sum_never_passes_the_maximum_of_its_item() -> None:
    inputs = {"plan.option": "yes", "share.numerator": "1", "share.denominator": "1"}

    assert rules.evaluate(samples.item(TRAINING, maximum="1.5"), inputs).points == Fraction(3, 2)


def test_an_addend_alone_cannot_leave_the_maximum() -> None:
    inputs = {"plan.option": "yes", "share.numerator": "0", "share.denominator": "0"}

    with pytest.raises(Refused) as refusal:
        rules.evaluate(samples.item(TRAINING, no_task="not-applicable"), inputs)

    assert refusal.value.code == "ratio-without-denominator"


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (PLAN, [InputSpec("option", "code", ("issued", "missing"))]),
        (REGULATIONS, [InputSpec("count", "count")]),
        (BANDS, [InputSpec("value", "decimal")]),
        (LEVELS, [InputSpec("level", "code", ("good", "poor"))]),
        (ON_TIME, [InputSpec("numerator", "decimal"), InputSpec("denominator", "decimal")]),
        (REPORTS, [InputSpec("breaches", "count")]),
        (GROWTH, [InputSpec(name, "decimal") for name in ("late", "done", "planned")]),
        (CLAIMED, [InputSpec("points", "decimal")]),
        (
            TRAINING,
            [
                InputSpec("plan.option", "code", ("yes",)),
                InputSpec("share.numerator", "decimal"),
                InputSpec("share.denominator", "decimal"),
            ],
        ),
        (samples.surveyed().rule, []),
    ],
)
def test_a_rule_names_the_inputs_that_it_wants(rule: scheme.Rule, wanted: list[InputSpec]) -> None:
    assert list(rules.inputs_of(rule)) == wanted


@given(
    rule=st.sampled_from([PLAN, REGULATIONS, BANDS, LEVELS, ON_TIME, REPORTS, GROWTH, TRAINING]),
    texts=st.lists(
        st.text(max_size=6) | st.integers().map(str) | st.sampled_from(["issued", "good", "yes"]),
        min_size=3,
        max_size=3,
    ),
)
def test_any_texts_give_points_within_the_maximum_or_are_refused_with_pointers(
    rule: scheme.DeclaredRule, texts: list[str]
) -> None:
    names = [wanted.name for wanted in rules.inputs_of(rule)]
    inputs = dict(zip(names, texts, strict=False))

    flaws: Sequence[Flaw] = ()
    points = Fraction(-1)
    try:
        points = rules.evaluate(samples.item(rule), inputs).points
    except Refused as refusal:
        flaws = refusal.flaws

    assert flaws or 0 <= points <= 2


def assert_it_can_be_said(refusal: Refused) -> None:
    for flaw in refusal.flaws:
        for sentence in SENTENCES[flaw.code]:
            assert sentence.format(**flaw.details)
