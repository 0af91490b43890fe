"""Hypothesis strategies for every fact there is, made from the types of its fields."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from shared.events.codec import TYPES

# NFC holds of the JSON text as a whole: the "n" of an escaped line end would join with a mark.
TEXT = st.text(st.characters(exclude_categories=("C", "M")), max_size=20).map(
    lambda text: unicodedata.normalize("NFC", text)
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=7))])
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001 - the zones are drawn
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
PLAIN: Mapping[object, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    datetime: MOMENTS,
    date: st.dates(),
    Any: JSON,
    NoneType: st.none(),
}


def facts(named: Mapping[str, st.SearchStrategy[Any]] | None = None) -> st.SearchStrategy[Any]:
    """Any fact of any service; `named` gives plain fields of a name their values."""
    return st.sampled_from(sorted(TYPES)).flatmap(lambda name: _struct(TYPES[name], named or {}))


def _struct(kind: type, named: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    fields = {
        name: named[name] if name in named and not _is_struct(hint) else _of(hint, named)
        for name, hint in get_type_hints(kind).items()
    }
    return st.builds(kind, **fields)


def _of(hint: object, named: Mapping[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    if hint in PLAIN:
        return PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (UnionType, Union):
        return st.one_of([_of(part, named) for part in parts])
    if origin is tuple:
        return st.lists(_of(parts[0], named), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(_of(parts[0], named), _of(parts[1], named), max_size=3)
    assert isinstance(hint, type), hint
    assert _is_struct(hint), hint
    return _struct(hint, named)


def _is_struct(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)
