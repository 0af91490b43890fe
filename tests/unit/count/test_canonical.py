"""The canonical table: what stands in it, and what does not."""

import hashlib
import json
from dataclasses import replace
from fractions import Fraction

from shared.count.canonical import canonical, digest
from shared.kernel.index import Table
from tests.support.counted import replayed
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

FIRST = {
    "agency": "so-noi-vu",
    "index": "784/9",
    "rank": "1",
    "grade": "A",
    "points": "392/45",
    "maximum": "10",
    "claimed": {"points": "4", "maximum": "4"},
    "appraised": {"points": "4", "maximum": "4"},
    "sipas": {"points": "28/9", "maximum": "4"},
    "officials": {"points": "1.6", "maximum": "2"},
    "bonus": "0",
    "penalty": "0",
    "areas": [
        {
            "code": "1",
            "points": "5.6",
            "maximum": "6",
            "criteria": [
                {
                    "code": "1.1",
                    "points": "4",
                    "maximum": "4",
                    "items": [{"code": "1.1", "points": "4", "maximum": "4"}],
                },
                {
                    "code": "1.2",
                    "points": "1.6",
                    "maximum": "2",
                    "items": [{"code": "1.2", "points": "1.6", "maximum": "2"}],
                },
            ],
        },
        {
            "code": "9",
            "points": "28/9",
            "maximum": "4",
            "criteria": [
                {
                    "code": "9.1",
                    "points": "28/9",
                    "maximum": "4",
                    "items": [{"code": "9.1", "points": "28/9", "maximum": "4"}],
                }
            ],
        },
    ],
    "extras": [],
}


def tables() -> tuple[Table, ...]:
    return replayed(whole_cycle()).count().tables


def test_it_is_one_line_of_sorted_json_with_numbers_as_text() -> None:
    text = canonical(CYCLE, tables())

    read = json.loads(text)
    assert text == json.dumps(read, sort_keys=True, separators=(",", ":")).encode()
    assert read["tiers"][0]["agencies"][0] == FIRST


def test_it_names_its_format_and_its_cycle() -> None:
    read = json.loads(canonical(CYCLE, tables()))

    assert (read["format"], read["cycle"]) == ("cchc-table.v1", CYCLE)
    assert [(tier["tier"], tier["scheme"]) for tier in read["tiers"]] == [
        ("department", "small-sample")
    ]


def test_what_does_not_exist_is_null() -> None:
    [table] = tables()
    row = replace(table.rows[0], index=None, rank=None, grade=None)

    read = json.loads(canonical(CYCLE, [replace(table, rows=(row,))]))

    agency = read["tiers"][0]["agencies"][0]
    assert (agency["index"], agency["rank"], agency["grade"]) == (None, None, None)


def test_the_order_of_rows_and_tiers_changes_nothing() -> None:
    [table] = tables()
    other = replace(table, tier="district")
    turned = replace(table, rows=tuple(reversed(table.rows)))

    assert canonical(CYCLE, [other, turned]) == canonical(CYCLE, [table, other])


def test_a_hair_of_a_point_changes_the_digest() -> None:
    [table] = tables()
    row = replace(table.rows[0], bonus=Fraction(1, 10**15))

    changed = canonical(CYCLE, [replace(table, rows=(row, *table.rows[1:]))])

    assert digest(changed) != digest(canonical(CYCLE, [table]))


def test_the_digest_is_sha_256() -> None:
    assert digest(b"text") == hashlib.sha256(b"text").hexdigest()
