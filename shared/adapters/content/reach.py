"""What an office file would fetch from elsewhere, or start, as soon as somebody opens it.

Links that a reader has to click stay. Word keeps with a text which template it was made from, and
Excel from which workbook a figure came: on the same computer, these stay too. What the fields of a
text say is not read.
"""

import re
from collections.abc import Callable, Mapping

from shared.kernel.errors import Refused

AT_HAND = re.compile(
    r"file:///(?![\s\\/%])|[a-z]:[\\/]|(?![\s\\/%])[^:]*$",
    re.IGNORECASE,
)
"""A place on the same computer, beside the file or in it. No address of a network at all."""

RELATIONSHIP = "relationship"
CLICKED = "/hyperlink"
ORIGINS = ("/attachedtemplate", "/externallinkpath", "/externallinklongpath", "/xlpathmissing")
FOREIGN_TEXT = "/afchunk"
"""Types of relationships by their ends; ISO/IEC 29500-1, 11.3.1 and 15.3, and [MS-XLSX].

A foreign text is in another format, of which nothing is known here.
"""
STARTS = frozenset({"ddelink", "dde-link", "dde-source", "dde-connection-decl"})
"""What has another program asked for its figures; ISO/IEC 29500-1, 18.14, and OpenDocument."""
MACROS = frozenset({"macrosheet", "event-listener"})

OPEN_PARTS = re.compile(r"(^|/)(content|styles|meta|settings)\.xml$")
OPEN_CLICKED = "a"
"""The parts of OpenDocument in which `href` is an address, and whose is clicked."""

Element = Callable[[str, Mapping[str, str]], None]


def refusing(part: str) -> Element:
    """What refuses an element of a part that does such a thing, whatever its prefix is."""
    is_open = OPEN_PARTS.search(part) is not None

    def refuse(name: str, attributes: Mapping[str, str]) -> None:
        element = _local(name)
        if element in MACROS:
            raise Refused("file-has-macros")
        if element in STARTS:
            raise Refused("file-has-objects", part=part)
        if element == RELATIONSHIP:
            _check_relationship(part, attributes)
        elif is_open and attributes and element != OPEN_CLICKED:
            _check_addresses(part, attributes)

    return refuse


def _check_relationship(part: str, attributes: Mapping[str, str]) -> None:
    """A relationship leads outside where it says so; ISO/IEC 29500-2, 9.3."""
    type_ = attributes.get("Type", "").lower()
    if type_.endswith(FOREIGN_TEXT):
        raise Refused("file-has-objects", part=part)
    if attributes.get("TargetMode", "").lower() != "external" or type_.endswith(CLICKED):
        return
    if not type_.endswith(ORIGINS) or not AT_HAND.match(attributes.get("Target", "")):
        raise Refused("file-fetches", part=part)


def _check_addresses(part: str, attributes: Mapping[str, str]) -> None:
    for name, target in attributes.items():
        if _local(name) == "href" and not AT_HAND.match(target):
            raise Refused("file-fetches", part=part)


def _local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2].lower()
