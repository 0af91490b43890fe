"""Old versions of facts, read as the newest: the log is never rewritten.

An upcaster turns the data of one wire name into the data of the next. It is added together with
the new version, and the golden file of the old version proves it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

Upcaster = Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]

UPCASTERS: Mapping[str, Upcaster] = MappingProxyType({})


def upcast(
    name: str, data: dict[str, Any], upcasters: Mapping[str, Upcaster] = UPCASTERS
) -> tuple[str, dict[str, Any]]:
    """The newest wire name of a fact, and its data in that shape."""
    while name in upcasters:
        name, data = upcasters[name](data)
    return name, data
