"""Settle: what stays in memory is not searched for garbage again and again.

The collector of CPython looks at every object that could be part of a cycle, all at once: what a
process has loaded when it begins to serve takes it a tenth of a second, a hundred thousand facts
counted a fifth, in the middle of some answer. What was settled is left out (`gc.freeze`), and goes
as ever when nothing refers to it any more. Only a cycle of objects that lived at that moment is
never found, once it is garbage: ledgers have none, and of requests that were under way there are a
few, each time that so many facts came.
"""

import gc

SETTLE_FACTS = 5_000
"""So many are read in between: the search for garbage among what is new takes milliseconds."""


class Settling:
    """Settles what was made of facts, now and then."""

    def __init__(self) -> None:
        self._facts = 0

    def grew(self, facts: int) -> None:
        """Know that so many more have been read, and that what they came to stays."""
        self._facts += facts
        if self._facts >= SETTLE_FACTS:
            self._facts = 0
            settle()


def settle() -> None:
    """Leave out from now on whatever is in use."""
    gc.collect()
    gc.freeze()
