"""That the process is about to end, told to every request that it serves.

An answer that would go on for ever has to know, so that it holds up nobody.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any

OVER = "cchc.over"

Scope = MutableMapping[str, Any]


def with_over(scope: Scope, over: asyncio.Event) -> Scope:
    """The scope of a request, with what is set as soon as the process is asked to stop."""
    return {**scope, OVER: over}


def over_of(scope: Scope) -> asyncio.Event:
    """What is set as soon as the process is asked to stop; never where it was not told."""
    over: asyncio.Event = scope.get(OVER) or asyncio.Event()
    return over
