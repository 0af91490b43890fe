"""What was made of something large, kept as long as that is the same."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

from services.survey.application.joined import Joined

Source = TypeVar("Source")
Result = TypeVar("Result")
Work = TypeVar("Work")

MADE_BYTES_MAX = 128 * 1024 * 1024
"""So much is kept of one kind: a list of 100 000 receipts is a tenth of it, written out or not."""


class Workbench(Protocol):
    """Where what takes long is done while others have their turn."""

    async def run(self, work: Callable[[], Work]) -> Work:
        """What the work comes to, or whatever it raises."""


class _Shelf(Generic[Source, Result]):
    """What was made last, up to so many bytes; the largest has its place even where it is more.

    `weigh` says how many bytes a source and what was made of it hold: both are kept.
    """

    def __init__(self, weigh: Callable[[Source, Result], int], bytes_max: int) -> None:
        self._weigh = weigh
        self._bytes_max = bytes_max
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Source, Result, int]] = OrderedDict()

    def find(self, place: Hashable, source: Source) -> Result | None:
        """What was made of this very source, if it is kept."""
        kept = self._kept.get(place)
        if kept is None or kept[0] is not source:
            return None
        self._kept.move_to_end(place)
        return kept[1]

    def put(self, place: Hashable, source: Source, result: Result) -> Result:
        """Keep it instead of what the place had; who was not asked for longest has to go."""
        if place in self._kept:
            self._bytes -= self._kept.pop(place)[2]
        weight = self._weigh(source, result)
        self._kept[place] = source, result, weight
        self._bytes += weight
        while self._bytes > self._bytes_max and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1][2]
        return result


class Made(Generic[Source, Result]):
    """Makes something once for each source that a place has; what does not change is not compared.

    A source has to be the same object as long as nothing is new. `weigh` says how many bytes it
    and what is made of it hold.
    """

    def __init__(
        self,
        make: Callable[[Source], Result],
        weigh: Callable[[Source, Result], int],
        bytes_max: int = MADE_BYTES_MAX,
    ) -> None:
        self._make = make
        self._shelf = _Shelf(weigh, bytes_max)

    def of(self, place: Hashable, source: Source) -> Result:
        """What the source of a place makes."""
        found = self._shelf.find(place, source)
        return self._shelf.put(place, source, self._make(source)) if found is None else found


class MadeBeside(Generic[Source]):
    """The same for bytes that take long to make: on a bench, once for all who wait for them.

    `weigh` says how many bytes a source holds: it is kept too.
    """

    def __init__(
        self,
        bench: Workbench,
        weigh: Callable[[Source], int],
        bytes_max: int = MADE_BYTES_MAX,
    ) -> None:
        self._bench = bench
        self._shelf = _Shelf[Source, bytes](
            lambda source, made: weigh(source) + len(made), bytes_max
        )
        self._joined = Joined[bytes]()

    async def of(self, place: Hashable, source: Source, make: Callable[[], bytes]) -> bytes:
        """What is made of the source of a place; where that is not known yet, by `make`."""

        async def made() -> bytes:
            return self._shelf.put(place, source, await self._bench.run(make))

        found = self._shelf.find(place, source)
        # By what it is made of, which is there as long as it is made.
        return found if found is not None else await self._joined.of((place, id(source)), made)
