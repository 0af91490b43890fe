"""Exact sums have a bound, because what is added up has one."""

from fractions import Fraction

from shared.kernel import index, points, rules
from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Declaration
from tests.unit.kernel import samples

RATIO = schemes.Ratio(numerator="", denominator="", floor=Fraction(0))
PLACES = 10**rules.AMOUNT_PLACES_MAX


def test_the_sum_over_a_scheme_of_the_most_ratios_stays_below_what_is_read() -> None:
    codes = [f"1.{place}" for place in range(rules.RATIOS_MAX)]
    scheme = samples.scheme([samples.item(RATIO, code=code, maximum="0.125") for code in codes])
    declared = {code: almost_nothing(less) for less, code in enumerate(codes)}

    [row] = index.compute(scheme, [AgencyState("a", declarations=declared)]).rows

    assert row.pending == tuple(codes)
    assert row.claimed.points > 0
    assert len(str(row.total.points.denominator)) > 10 * rules.RATIOS_MAX
    assert points.parse_exact(points.exact(row.total.points)) == row.total.points


def almost_nothing(less: int) -> Declaration:
    """The smallest part of almost the largest whole."""
    whole = Fraction(PLACES * rules.AMOUNT_MAX - less, PLACES)
    parts = {"numerator": Fraction(1, PLACES), "denominator": whole}
    return Declaration({name: points.exact(part) for name, part in parts.items()}, fact="d1")
