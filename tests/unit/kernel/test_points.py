"""Points are read strictly, written whole, and rounded in one way only."""

import tracemalloc
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel import points
from shared.kernel.errors import Refused

MALFORMED = [
    *("", " ", "-", "+1", ".5", "1.", "1,5", "1 000", " 1", "1\n", "--1", "1.2.3", "1/2", "1e3"),
    *("NaN", "Infinity", "0x10", "1_000", "\u0661\u0662", "1.\u0665", "\uff19", "\x001", "9" * 65),
]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Fraction(0)),
        ("-0", Fraction(0)),
        ("7", Fraction(7)),
        ("007.50", Fraction(15, 2)),
        ("-0.25", Fraction(-1, 4)),
        ("0." + "0" * 61 + "1", Fraction(1, 10**62)),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, value: Fraction) -> None:
    assert points.parse(text) == value


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        points.parse(text)

    assert refusal.value.code == "number-malformed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(0), "0"),
        (Fraction(100), "100"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(1, 80), "0.0125"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-50, 30), "-5/3"),
    ],
)
def test_a_number_is_written_whole(value: Fraction, text: str) -> None:
    assert points.exact(value) == text


@pytest.mark.parametrize(
    "text", ["0.50", "00", "-0", "2/4", "5/1", "1/0", "1/2", "1/-3", "", "1e1"]
)
def test_an_exact_text_has_one_form_only(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        points.parse_exact(text)

    assert refusal.value.code == "number-malformed"


@pytest.mark.parametrize("text", ["9" * 5_000, "1/" + "9" * 5_000, "0." + "9" * 5_000])
def test_a_boundless_exact_text_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        points.parse_exact(text)


@given(st.fractions())
def test_an_exact_text_reads_back_as_the_same_number(value: Fraction) -> None:
    assert points.parse_exact(points.exact(value)) == value


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_beyond_every_bound_is_written_whole_too(sign: int) -> None:
    nines = sign * (10**9_000 - 1)

    assert points.exact(Fraction(nines)) == "-" * (sign < 0) + "9" * 9_000
    assert points.exact(Fraction(nines, 17 * 10**5_000)).endswith("/17" + "0" * 5_000)
    assert points.exact(Fraction(sign, 10**5_000)) == "-" * (sign < 0) + "0." + "1".rjust(
        5_000, "0"
    )


@given(st.text(alphabet="-0123456789./ e", max_size=12))
def test_any_exact_text_that_is_read_is_written_the_same(text: str) -> None:
    try:
        value = points.parse_exact(text)
    except Refused:
        return

    assert points.exact(value) == text


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        ("81.333333", 2, "81.33"),
        ("84.945", 2, "84.95"),
        ("84.944999", 2, "84.94"),
        ("-0.005", 2, "-0.01"),
        ("-0.004", 2, "0.00"),
        ("99.995", 2, "100.00"),
        ("0.5", 0, "1"),
        ("-2.5", 0, "-3"),
        ("7", 3, "7.000"),
    ],
)
def test_what_is_shown_is_rounded_half_up(value: str, places: int, text: str) -> None:
    assert points.shown(Fraction(value), places) == text


@given(st.fractions(), st.integers(min_value=0, max_value=6))
def test_what_is_shown_is_never_off_by_more_than_half_a_unit(value: Fraction, places: int) -> None:
    shown = Fraction(points.shown(value, places))

    assert abs(shown - value) <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize(
    ("value", "step", "lies_on_it"),
    [("0", "0.25", True), ("1.75", "0.25", True), ("1.8", "0.25", False), ("-0.5", "0.25", True)],
)
def test_a_step_is_counted_from_zero(value: str, step: str, *, lies_on_it: bool) -> None:
    assert points.is_multiple(Fraction(value), Fraction(step)) == lies_on_it


@given(st.lists(st.fractions(max_denominator=1_000), max_size=20))
def test_the_total_is_the_sum(values: list[Fraction]) -> None:
    assert points.total(values) == sum(values, Fraction(0))


@pytest.mark.parametrize("text", ["x" * 200_000, "9" * 4_000])
def test_what_is_long_is_not_remembered(text: str) -> None:
    """Facts hold texts of any length, whoever wrote them."""
    tracemalloc.start()
    try:
        for number in range(100):
            value = points.found(f"{number + 1}{text}"[: len(text)])
            if value is not None:
                points.exact(value)
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept_bytes < 100_000
