"""Ranks: by the unrounded index, then by the chain and the rule that the scheme has for ties."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import groupby
from typing import Final, assert_never

from shared.kernel import scheme
from shared.kernel.index.result import AgencyResult

AREA: Final = "area:"


def ranked(rows: Iterable[AgencyResult], ties: scheme.Ties) -> tuple[AgencyResult, ...]:
    """Give every row its rank, and put them in order: by rank, then the unranked by code."""
    by_code = sorted(rows, key=lambda row: row.agency)
    standing = partial(_standing, chain=ties.chain)
    competing = [row for row in by_code if row.ranked and row.index is not None]
    competing.sort(key=standing, reverse=True)
    groups = [list(group) for _, group in groupby(competing, key=standing)]
    others = [row for row in by_code if not row.ranked or row.index is None]
    return (*_numbered(groups, ties.rule), *others)


def _numbered(
    groups: Sequence[Sequence[AgencyResult]], rule: scheme.TieRule
) -> Iterator[AgencyResult]:
    before = 0
    for number, group in enumerate(groups, start=1):
        for place, row in enumerate(group):
            match rule:
                case "competition":
                    yield replace(row, rank=before + 1)
                case "dense":
                    yield replace(row, rank=number)
                case "ordinal":
                    yield replace(row, rank=before + place + 1)
                case _:
                    assert_never(rule)
        before += len(group)


def _standing(row: AgencyResult, chain: Sequence[str]) -> tuple[Fraction, ...]:
    assert row.index is not None
    return (row.index, *(column(row, name) for name in chain))


def column(row: AgencyResult, name: str) -> Fraction:
    """The points of a row by which a scheme's chain tells equal indices apart."""
    match name:
        case "appraised":
            return row.appraised.points
        case "self":
            return row.claimed.points
        case "sipas":
            return row.sipas.points
        case "officials":
            return row.officials.points
        case _:
            code = name.removeprefix(AREA)
            return next(area.score.points for area in row.areas if area.code == code)
