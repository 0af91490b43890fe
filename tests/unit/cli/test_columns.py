"""What a column means is known by its heading or said by an option, and never guessed."""

import pytest

from shared.kernel.errors import Refused
from tests.unit.cli.small_scheme import found, scheme

TWO = scheme({"score-moha": "60", "1.2": "40"})
ONE = scheme({"all": "100"})


def flaws_of(text: str, *schemes: object, **chosen: str) -> list[tuple[str, str]]:
    """The flaws of the columns, by their places."""
    with pytest.raises(Refused) as refused:
        found(text, schemes, **chosen)  # type: ignore[arg-type]  # schemes, as the caller has them
    return [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]


def test_items_and_what_is_published_are_known_by_their_headings() -> None:
    columns = found("Hạng,Tên đơn vị,Chỉ số (%),score_moha,1.2\n1,A,1,1,1\n", [TWO])

    assert columns.items == {"score-moha": 3, "1.2": 4}
    assert columns.known == {"rank": 0, "name": 1, "index": 2}
    assert columns.basis == "items"


def test_an_option_says_what_a_heading_does_not() -> None:
    text = "stt,ubnd,a,b\n1,A,1,1\n"

    columns = found(text, [TWO], stt="ignore", ubnd="name", a="score-moha", b="1.2")

    assert columns.items == {"score-moha": 2, "1.2": 3}
    assert columns.known["name"] == 1


@pytest.mark.parametrize(
    ("headings", "basis", "place"),
    [("unit,total_points,index_pct", "total", 1), ("unit,rank,sipas_index", "index", 2)],
)
def test_a_scheme_of_one_item_takes_the_total_and_else_the_index(
    headings: str, basis: str, place: int
) -> None:
    columns = found(f"{headings}\nA,1,1\n", [ONE])

    assert (columns.basis, columns.items) == (basis, {"all": place})


def test_an_index_is_no_points_where_the_maximum_is_not_100() -> None:
    assert flaws_of("unit,index\nA,1\n", scheme({"all": "50"})) == [("/1", "item-columns-missing")]


@pytest.mark.parametrize(
    ("headings", "flaw"),
    [
        ("unit,score_moha", ("/1", "item-columns-missing")),
        ("score_moha,1.2", ("/1", "name-column-missing")),
        ("unit,score_moha,1.2,note", ("/1/note", "column-unknown")),
        ("unit,score_moha,1.2,index,par_index", ("/1/par_index", "column-twice")),
        ("unit,score_moha,score-moha,1.2", ("/1/score-moha", "column-twice")),
    ],
)
def test_columns_that_are_missing_doubled_or_unknown_are_named(
    headings: str, flaw: tuple[str, str]
) -> None:
    row = ",".join("1" for _ in headings.split(","))

    assert flaws_of(f"{headings}\n{row}\n", TWO) == [flaw]


def test_options_that_say_nothing_that_is_known_are_named() -> None:
    text = "unit,score_moha,1.2\nA,1,1\n"

    assert flaws_of(text, TWO, unit="nonsense") == [("/1/unit", "meaning-unknown")]
    assert flaws_of(text, TWO, other="name") == [("/1/other", "column-not-there")]


def test_several_schemes_need_a_column_of_tiers() -> None:
    schemes = (scheme({"all": "100"}), scheme({"all": "100"}, "huyen"))

    assert flaws_of("unit,total\nA,1\n", *schemes) == [("/1", "tier-column-missing")]
