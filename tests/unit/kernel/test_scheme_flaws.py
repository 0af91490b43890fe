"""Whatever is wrong with a scheme is found, where it stands, and said in words."""

import pytest

from shared.adapters.messages.scheme import MESSAGES
from shared.kernel.errors import Flaw
from shared.kernel.scheme_reader import field, limits
from tests.unit.kernel.scheme_documents import (
    ADDEND,
    CHOICE,
    DELETED,
    FORMULA,
    LEVELS,
    MANUAL,
    NAMED,
    PLAN,
    RATIO,
    SUM,
    SURVEY,
    changed,
    flaws_of,
)

# What is changed, to what, and the flaw that follows: its pointer (None: where it was changed).
PLANTED: list[tuple[str, object, str | None, str]] = [
    # The form
    ("/titel", "Thử", None, "field-unknown"),
    ("/title", DELETED, None, "field-missing"),
    ("/title", ["Thử"], None, "text-expected"),
    ("/title", "  ", None, "text-empty"),
    ("/title", "x" * (field.TEXT_LENGTH_MAX + 1), None, "text-too-long"),
    ("/title", "Bo\u0302\u0323 tiêu chí", None, "text-not-normalised"),
    ("/title", "Bộ\x00tiêu chí", None, "text-control-character"),
    ("/title", "\ud800", None, "text-control-character"),
    ("/scheme", "Bộ tiêu chí", None, "code-malformed"),
    ("/scheme", "x" * (field.CODE_LENGTH_MAX + 1), None, "code-malformed"),
    ("/sample", "có", None, "boolean-expected"),
    ("/sample", "1", None, "boolean-expected"),
    ("/areas", {}, None, "list-expected"),
    ("/areas", [], None, "list-empty"),
    ("/areas/1/criteria", [], None, "list-empty"),
    ("/areas/0/criteria/0", "1.1", None, "mapping-expected"),
    ("/areas", [{}] * (field.CHILDREN_MAX + 1), None, "list-too-long"),
    ("/groups", [], None, "mapping-expected"),
    ("/groups/lãnh đạo", "Lãnh đạo", None, "code-malformed"),
    # Numbers
    ("/maximum", "10,0", None, "number-malformed"),
    ("/maximum", 10, None, "number-malformed"),
    ("/maximum", "NaN", None, "number-malformed"),
    ("/maximum", "1e1", None, "number-malformed"),
    ("/maximum", "-10", None, "number-negative"),
    (f"{MANUAL}/maximum", "0", None, "number-not-positive"),
    ("/cap", "0", None, "number-not-positive"),
    ("/loss_alone_max", "50.1", None, "number-above-maximum"),
    # Points that do not fit together
    ("/maximum", "100", None, "children-below-maximum"),
    ("/areas/0/maximum", "5", None, "children-exceed-maximum"),
    (f"{PLAN}/maximum", "2.5", None, "children-exceed-maximum"),
    (f"{ADDEND}/maximum", "0.4", f"{SUM}/maximum", "children-below-maximum"),
    (f"{CHOICE}/rule/options/0/points", "1.5", None, "option-exceeds-maximum"),
    (f"{CHOICE}/rule/options/0/points", "0.5", f"{CHOICE}/rule/options", "options-miss-maximum"),
    (f"{LEVELS}/rule/bands/0/share", "0.9", f"{LEVELS}/rule/bands", "bands-miss-maximum"),
    (f"{LEVELS}/rule/bands/0/share", "1.5", None, "number-above-maximum"),
    (f"{LEVELS}/rule/bands/1/at_least", "90", None, "bands-out-of-order"),
    (f"{LEVELS}/rule/bands/1/at_least", DELETED, f"{LEVELS}/rule/bands", "bands-mixed"),
    (f"{LEVELS}/rule/maximum", "80", f"{LEVELS}/rule/bands/0/at_least", "number-above-maximum"),
    (f"{LEVELS}/rule/minimum", "-1", None, "number-negative"),
    (f"{LEVELS}/rule/minimum", "90", None, "minimum-misses-band"),
    (f"{NAMED}/rule/minimum", "0", None, "bounds-without-value"),
    (f"{MANUAL}/rule/step", "0.3", None, "step-misses-maximum"),
    (f"{MANUAL}/rule/step", "0", None, "number-not-positive"),
    (f"{RATIO}/rule/floor", "1.1", None, "number-above-maximum"),
    # Codes
    (f"{MANUAL}/code", "1.1.1", None, "code-duplicate"),
    ("/bonus/0/code", "2", None, "code-duplicate"),
    (f"{CHOICE}/rule/options/1/code", "yes", None, "code-duplicate"),
    (f"{NAMED}/rule/bands/1/code", "full", None, "code-duplicate"),
    (f"{ADDEND}/code", "y", f"{SUM}/rule/addends/1/code", "code-duplicate"),
    (f"{ADDEND}/code", "x.1", None, "addend-code-dotted"),
    (f"{RATIO}/except_for", "so-y-te", None, "list-expected"),
    (f"{RATIO}/except_for/0", "Sở Y tế", None, "code-malformed"),
    (f"{RATIO}/except_for/0", ["so-y-te"], None, "text-expected"),
    (f"{RATIO}/no_task", "half", None, "word-unknown"),
    # Rules
    (f"{MANUAL}/rule", DELETED, None, "field-missing"),
    (f"{MANUAL}/rule", "manual", None, "mapping-expected"),
    (f"{MANUAL}/rule/type", DELETED, None, "field-missing"),
    (f"{MANUAL}/rule/type", "magic", None, "rule-unknown"),
    (f"{MANUAL}/rule/type", ["manual"], None, "rule-unknown"),
    (f"{MANUAL}/rule/unit", "lần", None, "field-unknown"),
    (f"{MANUAL}/components", [{}], f"{MANUAL}/rule", "field-unknown"),
    # Formulas
    (f"{FORMULA}/rule/text", "done / (total", None, "formula-unfinished"),
    (f"{FORMULA}/rule/text", "done total", None, "formula-token-unexpected"),
    (f"{FORMULA}/rule/text", "done / total + 1.2.3", None, "formula-number-malformed"),
    (f"{FORMULA}/rule/text", "done > total", None, "formula-number-expected"),
    (f"{FORMULA}/rule/text", "if(done, total, 1)", None, "formula-condition-expected"),
    (f"{FORMULA}/rule/text", "if(done > total, 1)", None, "formula-operands-miscounted"),
    (f"{FORMULA}/rule/text", "(" * 99 + "done" + ")" * 99, None, "formula-too-deep"),
    (f"{FORMULA}/rule/text", "done" + " + total" * 400, None, "formula-too-long"),
    (f"{FORMULA}/rule/text", "done" + "+1" * 400, None, "formula-too-many-tokens"),
    (f"{FORMULA}/rule/text", "done / all * total", None, "formula-input-undeclared"),
    (f"{FORMULA}/rule/inputs/2", "late", None, "formula-input-unused"),
    (f"{FORMULA}/rule/inputs/2", "no_task", None, "formula-input-reserved"),
    (f"{FORMULA}/rule/inputs/2", "done", None, "code-duplicate"),
    (
        f"{FORMULA}/rule/inputs",
        [f"i{n}" for n in range(101)],
        f"{FORMULA}/rule",
        "rule-inputs-too-many",
    ),
    # Surveys
    (f"{SURVEY}/rule/scale", "stars", None, "scale-unknown"),
    (f"{SURVEY}/rule/part", "self", None, "word-unknown"),
    (f"{SURVEY}/rule/groups", {}, None, "list-empty"),
    (f"{SURVEY}/rule/groups/nobody", "1", None, "group-unknown"),
    (f"{SURVEY}/rule/groups/citizens", "0", None, "number-not-positive"),
    (f"{SURVEY}/rule/if_unanswered", "zero", None, "word-unknown"),
    (f"{SURVEY}/evidence", "Phiếu", None, "not-for-survey"),
    (f"{SURVEY}/no_task", "full", None, "not-for-survey"),
    ("/scales/sipas/5", "101", None, "number-above-maximum"),
    ("/scales/officials/a", "90", "/scales/officials", "scale-misses-maximum"),
    ("/scales/sipas", {"5": "no-opinion"}, None, "scale-misses-maximum"),
    ("/bonus/0/rule/type", "survey", None, "survey-misplaced"),
    (f"{ADDEND}/rule/type", "survey", None, "survey-misplaced"),
    ("/bonus/0/no_task", "full", None, "field-unknown"),
    # Ties and grades
    ("/ties/chain/0", "beauty", None, "tie-column-unknown"),
    ("/ties/chain/1", "area:3", None, "tie-column-unknown"),
    ("/ties/chain/1", "appraised", None, "code-duplicate"),
    ("/ties/rule", "coin", None, "word-unknown"),
    ("/grades/1/at_least", "80", None, "grades-out-of-order"),
    ("/grades/0/at_least", "101", None, "number-above-maximum"),
    ("/grades/1/code", "A", None, "code-duplicate"),
]


@pytest.mark.parametrize(("pointer", "value", "at", "code"), PLANTED)
def test_a_flaw_is_found_where_it_stands(
    pointer: str, value: object, at: str | None, code: str
) -> None:
    flaws = flaws_of(changed((pointer, value)))

    assert (at or pointer, code) in [(flaw.pointer, flaw.code) for flaw in flaws]
    assert all(
        sentence.format(**flaw.details) for flaw in flaws for sentence in MESSAGES[flaw.code]
    )


def test_every_sentence_about_a_document_has_been_provoked() -> None:
    provoked = {code for _, _, _, code in PLANTED}
    whole = {"scheme-invalid", "more-flaws", "document-too-deep", "document-too-large"}
    of_files = {code for code in MESSAGES if code.startswith("yaml-")}

    assert set(MESSAGES) == provoked | whole | of_files


def test_a_flaw_brings_no_others_with_it() -> None:
    changes: list[tuple[str, object]] = [
        (f"{CHOICE}/maximum", "one"),
        (f"{SUM}/rule/type", "magic"),
        ("/maximum", "100"),
        (f"{LEVELS}/rule/minimum", "one"),
        (f"{LEVELS}/rule/maximum", "one"),
    ]

    for change in changes:
        assert [flaw.pointer for flaw in flaws_of(changed(change))] == [change[0]]


def test_all_flaws_are_told_together() -> None:
    document = changed(
        ("/tier", DELETED),
        (f"{CHOICE}/rule/options/1/points", "2"),
        (f"{FORMULA}/rule/text", "done /"),
        ("/ties/rule", "coin"),
    )

    assert {(flaw.pointer, flaw.code) for flaw in flaws_of(document)} == {
        ("/tier", "field-missing"),
        (f"{CHOICE}/rule/options/1/points", "option-exceeds-maximum"),
        (f"{FORMULA}/rule/text", "formula-unfinished"),
        ("/ties/rule", "word-unknown"),
    }


def test_the_sums_of_a_parent_are_told_exactly() -> None:
    [flaw] = flaws_of(changed((f"{MANUAL}/maximum", "2.5")))

    assert flaw == Flaw(
        "/areas/0/maximum", "children-exceed-maximum", {"sum": "6.5", "maximum": "6"}
    )


def test_very_many_flaws_are_cut_off_and_it_is_said() -> None:
    unknown: list[tuple[str, object]] = [(f"/x{n}", "") for n in range(field.FLAWS_MAX + 50)]

    flaws = flaws_of(changed(*unknown))

    assert len(flaws) == field.FLAWS_MAX + 1
    assert flaws[-1].code == "more-flaws"


def test_a_document_that_is_too_deep_is_not_read() -> None:
    deep: object = "bottom"
    for _ in range(100_000):
        deep = [deep]

    [flaw] = flaws_of(changed(("/areas", deep)))

    assert (flaw.pointer, flaw.code) == ("", "document-too-deep")
    assert all(sentence.format(**flaw.details) for sentence in MESSAGES[flaw.code])


@pytest.mark.parametrize(
    "much", ["x" * (limits.TEXT_BYTES_MAX + 1), ["x"] * (limits.VALUES_MAX + 1)]
)
def test_a_document_that_is_too_large_is_not_read(much: object) -> None:
    [flaw] = flaws_of(changed(("/areas", much)))

    assert (flaw.pointer, flaw.code) == ("", "document-too-large")
    assert all(sentence.format(**flaw.details) for sentence in MESSAGES[flaw.code])
