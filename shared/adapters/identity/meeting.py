"""Whoever acts is written down in the directory, once for a while and not at every call."""

from collections import OrderedDict
from datetime import datetime, timedelta

from shared.adapters.identity.naming import OPAQUE
from shared.adapters.identity.provider import Identity
from shared.kernel.actor import Actor
from shared.kernel.calendar import VIETNAM
from shared.ports import Clock, Directory, Person

MET_AGAIN = timedelta(hours=1)
"""So long somebody who was written down is not written down again by the same process."""
MET_MAX = 10_000


class Meeting:
    """Writes down the people whose tokens one process takes."""

    def __init__(self, identity: Identity, directory: Directory, clock: Clock) -> None:
        self._identity = identity
        self._directory = directory
        self._clock = clock
        self._met: OrderedDict[tuple[Person, str], datetime] = OrderedDict()

    async def meet(self, token: str, actor: Actor) -> None:
        """Write down the actor of a token, before they act; nobody acts who is not.

        Raises `Unavailable` where the directory is away.
        """
        person = self._identity.person(token)
        if person is None:
            return
        now, key = self._clock.now(), (person, actor.role)
        is_recent = key in self._met and abs(now - self._met[key]) < MET_AGAIN
        if is_recent and await self._directory.knows(person.id):
            return  # Whoever was forgotten meanwhile is written down again.
        await self._directory.meet(person, actor.role, now.astimezone(VIETNAM).date())
        self._met[key] = now
        self._met.move_to_end(key)
        while len(self._met) > MET_MAX:
            self._met.popitem(last=False)


def id_of(identity: Identity, told: str) -> str:
    """What facts call somebody, who is told by that very id or as the issuer calls them."""
    if OPAQUE.fullmatch(told):
        return told
    return identity.names.id_of(identity.issuer, told)
