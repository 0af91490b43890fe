"""The rooms of a service: how many requests are in each of them, and whose they are.

A request is in one of them at a time. Until it is known whose it is, and all of it has come, it is
on its way in (`Anteroom`), where it keeps nobody from anything: where that is full, who has been
there longest makes room, of whose part is full or else of all, so that a whole request always gets
in. At work it is for as long as the service takes, and no caller can draw that out. A file comes in
in a room of its own. An answer on its way out is in none, be it a file or a stream of which little
is in memory; a large one that is there as a whole is in a room in which who takes longest makes
room for who comes.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from shared.kernel.errors import Crowded, Unavailable

REQUESTS_MAX = 256
ARRIVING_MAX = 256
REQUEST_S_MAX = 30.0
UPLOADS_MAX = 64
TAKEN_MAX = 64
TRANSFER_S_MAX = 900.0
CLIENTS_MIN = 4
"""So many clients at least have room beside each other: none has more than its part of a room."""
KEPT_OF = 16
"""One place of so many is kept for those who have proved who they are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a service takes at once, and how long each may take.

    `request_s_max` counts until the answer begins. Files on their way in, and answers on their way
    out, have `transfer_s_max`, and leave room for other requests meanwhile.
    """

    requests_max: int = REQUESTS_MAX
    arriving_max: int = ARRIVING_MAX
    request_s_max: float = REQUEST_S_MAX
    uploads_max: int = UPLOADS_MAX
    taken_max: int = TAKEN_MAX
    transfer_s_max: float = TRANSFER_S_MAX


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose a request is: a name that tells nothing, empty where nobody can be told apart."""

    name: bytes = b""
    is_proved: bool = False


class Occupant(Protocol):
    """What is in a room."""

    def let_go(self, why: Crowded | Unavailable) -> None:
        """Leave, for another to have the place, and be told why."""


class Room:
    """So many places, of which each guest has a part, and those who proved nothing not all."""

    def __init__(self, places: int) -> None:
        self._places = places
        self.strangers_max = places - places // KEPT_OF
        self._share_max = max(1, places // CLIENTS_MIN)
        self._in: dict[Occupant, Guest] = {}
        self._of: Counter[bytes] = Counter()
        self._strangers = 0

    def enter(self, occupant: Occupant, guest: Guest) -> None:
        """Let somebody in; raises `Crowded` for who has their part, and `Unavailable`."""
        if guest.name and self._of[guest.name] >= self._share_max:
            raise Crowded("too-many-at-once", maximum=str(self._share_max))
        if len(self._in) >= self._places or self._is_full_of_strangers(guest):
            raise Unavailable("too-busy", maximum=str(self._places))
        self._in[occupant] = guest
        self._strangers += not guest.is_proved
        if guest.name:
            self._of[guest.name] += 1

    def leave(self, occupant: Occupant) -> None:
        """Let somebody go."""
        guest = self._in.pop(occupant)
        self._strangers -= not guest.is_proved
        if guest.name:
            self._of[guest.name] -= 1
            if not self._of[guest.name]:
                del self._of[guest.name]

    def longest(self) -> Occupant | None:
        """Who has been there longest, of those who proved nothing if there are any."""
        strangers = (each for each, guest in self._in.items() if not guest.is_proved)
        return next(strangers, None) or next(iter(self._in), None)

    def longest_of(self, guest: Guest) -> Occupant | None:
        """Which of this guest's has been there longest."""
        return next((each for each, other in self._in.items() if other.name == guest.name), None)

    def _is_full_of_strangers(self, guest: Guest) -> bool:
        return not guest.is_proved and self._strangers >= self.strangers_max


class Anteroom:
    """A room in which who has been longest makes room for who comes."""

    def __init__(self, places: int) -> None:
        self._room = Room(places)

    def enter(self, occupant: Occupant, guest: Guest) -> None:
        """Let somebody in; for who has their part already, one of their own makes room."""
        try:
            self._room.enter(occupant, guest)
        except (Crowded, Unavailable) as full:
            is_own = isinstance(full, Crowded)
            longest = self._room.longest_of(guest) if is_own else self._room.longest()
            if longest is None:
                raise
            longest.let_go(full)
            self._room.enter(occupant, guest)

    def leave(self, occupant: Occupant) -> None:
        """As a room has it."""
        self._room.leave(occupant)


class Rooms:
    """Where a request can be."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.arriving = Anteroom(limits.arriving_max)
        self.working = Room(limits.requests_max)
        self.uploading = Room(limits.uploads_max)
        self.taking = Anteroom(limits.taken_max)
