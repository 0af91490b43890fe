"""Facts as plain JSON values, as a document can hold them."""

from datetime import date
from typing import Any


def plain(fact: object) -> dict[str, Any]:
    """The members of a fact, or of a part of one: texts stay sealed, times become ISO text."""
    assert hasattr(fact, "__struct_fields__"), "facts and their parts are structs"
    return {name: _value(getattr(fact, name)) for name in fact.__struct_fields__}


def _value(part: object) -> object:
    match part:
        case date():
            return part.isoformat()
        case tuple():
            return [_value(each) for each in part]
        case _ if hasattr(part, "__struct_fields__"):
            return plain(part)
        case _:
            return part
