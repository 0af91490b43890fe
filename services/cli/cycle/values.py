"""Days, codes and names, as strict as the service that the request is for."""

import re
from datetime import date

from shared.kernel.calendar import YEARS
from shared.kernel.code import CODE_CHARACTERS_MAX, is_code
from shared.kernel.scheme_reader.field import Field, shown

LINE_LENGTH_MAX = 300

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def day(field: Field) -> date | None:
    """A day such as 2021-12-10; None where there is none, or a flaw."""
    text = field.text()
    if not field.sound:
        return None
    found = _day(text)
    if found is None:
        field.flaw("day-malformed", value=shown(text))
    elif found.year not in YEARS:
        field.flaw("time-out-of-range")
        return None
    return found


def code(field: Field) -> str:
    """The code of an agency or a tier: narrower than those inside a scheme."""
    text = field.text()
    if field.sound and not is_code(text):
        field.flaw("cycle-code-malformed", value=shown(text), maximum=str(CODE_CHARACTERS_MAX))
    return text


def line(field: Field) -> str:
    """A name: one line of a modest length."""
    text = field.text()
    if field.sound and len(text) > LINE_LENGTH_MAX:
        field.flaw("text-too-long", length=str(len(text)), maximum=str(LINE_LENGTH_MAX))
    if field.sound and len(text.splitlines()) > 1:
        field.flaw("line-broken")
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
