"""What was made of something large, kept as long as that is the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Source = TypeVar("Source")
Result = TypeVar("Result")

PLACES_MAX = 4
"""Of so many places it is kept what was made for them last."""


class Made(Generic[Source, Result]):
    """Makes something once for each source that a place has; what does not change is not compared.

    A source has to be the same object as long as nothing is new.
    """

    def __init__(self, make: Callable[[Source], Result], places_max: int = PLACES_MAX) -> None:
        self._make = make
        self._places_max = places_max
        self._known: OrderedDict[Hashable, tuple[Source, Result]] = OrderedDict()

    def of(self, place: Hashable, source: Source) -> Result:
        """What the source of a place makes."""
        known = self._known.get(place)
        if known is None or known[0] is not source:
            known = self._known[place] = source, self._make(source)
        self._known.move_to_end(place)
        while len(self._known) > self._places_max:
            self._known.popitem(last=False)
        return known[1]
