"""Facts that are nearly like others, before they are told."""

from typing import TypeVar

import msgspec

Said = TypeVar("Said", bound=msgspec.Struct)


def revised(said: Said, **changes: object) -> Said:
    """The same fact, or part of one, but for what changes."""
    return msgspec.structs.replace(said, **changes)
