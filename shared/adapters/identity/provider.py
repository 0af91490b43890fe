"""The keys of an OpenID Connect provider as it publishes them, now and after it changed them.

They are looked at every few minutes, whoever asks: keys that left the set serve no more from then
on. A token by a key that is not known leads to a look at once, which all share who wait for it,
and of which there is one in so many seconds, however many such tokens come. Nobody with a known
key waits, and while the provider is away known keys serve, for a day at most.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from shared.adapters.identity import wire
from shared.adapters.identity.keys import Keys, keys_of
from shared.adapters.identity.naming import Names, ReadableNames
from shared.adapters.identity.terms import Terms
from shared.adapters.identity.verifier import KEY_UNKNOWN, Verifier
from shared.adapters.identity.wire import Site
from shared.kernel.actor import Actor
from shared.kernel.errors import Unavailable, Unknown
from shared.ports import Clock, Person
from shared.runtime.loop import Loop

REFRESH_S = 300.0
LOOK_PAUSE_S = 5.0
"""From the end of one look to the next because of a token; a provider can be asked no faster."""

KEPT_S_MAX = 24 * 3600.0
"""By then everybody had to sign in again, for which the provider was needed."""

KeysState = Literal["current", "kept", "missing"]
"""Of the keys by which tokens are verified: as they were seen at the last look, kept from before
since that look failed, or none."""

_log = logging.getLogger(__name__)


def at_once() -> None:
    """It does not matter that somebody waits."""


class Identity(Protocol):
    """Who turns tokens into actors; `loops` keep it up to date, and run in each process."""

    @property
    def discovery(self) -> str:
        """Where a front end finds how people sign in; empty where they do not."""

    @property
    def keys_state(self) -> KeysState:
        """How the keys are."""

    @property
    def loops(self) -> Sequence[Loop]:
        """What has to run beside."""

    @property
    def issuer(self) -> str:
        """Whose tokens these are."""

    @property
    def names(self) -> Names:
        """What facts call people whom the issuer calls otherwise."""

    async def identify(self, token: str, wait: Callable[[], None] = at_once, /) -> Actor:
        """The actor; raises `Unknown` for a token that is not in order.

        Raises `Unavailable("identity-provider-away")` where that cannot be told for now. Before it
        waits for keys it calls `wait`, and raises what that raises.
        """

    def person(self, token: str) -> Person | None:
        """As whom the issuer knows the actor of a token that was just identified, if it says so."""


class Given:
    """By what is at hand, and does not change while the process runs."""

    def __init__(
        self,
        identify: Callable[[str], Actor],
        discovery: str = "",
        person: Callable[[str], Person | None] = lambda _: None,
        called: tuple[str, Names] = ("", ReadableNames()),
    ) -> None:
        self._identify = identify
        self._person = person
        self.discovery = discovery
        self.issuer, self.names = called
        self.keys_state: KeysState = "current"
        self.loops: Sequence[Loop] = ()

    async def identify(self, token: str, _wait: Callable[[], None] = at_once, /) -> Actor:
        """As `Identity` says."""
        return self._identify(token)

    def person(self, token: str) -> Person | None:
        """As `Identity` says."""
        return self._person(token)


class Provider:
    """By the keys that a provider publishes; see the head of this module."""

    def __init__(self, site: Site, clock: Clock, terms: Terms) -> None:
        self._site = site
        self._clock = clock
        self._terms = terms
        self._document: object = None
        self._keys: Keys = {}
        self._verifier = self._verifier_by({})
        self._looking: asyncio.Task[None] | None = None
        self._looked_s: float | None = None
        self._seen_s: float | None = None
        self._failure: Unavailable | None = None
        self.discovery = wire.discovery_of(site.issuer)
        self.issuer, self.names = site.issuer, terms.names
        self.loops: Sequence[Loop] = (Loop("identity.keys", self._refresh, idle_s=REFRESH_S),)

    @property
    def keys_state(self) -> KeysState:
        """As `Identity` says."""
        if not self._keys:
            return "missing"
        return "current" if self._failure is None else "kept"

    async def identify(self, token: str, wait: Callable[[], None] = at_once, /) -> Actor:
        """As `Identity` says."""
        try:
            return self._verifier.identify(token)
        except Unknown as unknown:
            if unknown.code != KEY_UNKNOWN:
                raise
        if self._may_look():
            wait()
            await self._look()
        if self._failure is not None:
            # Neither true nor false is known of the token, unless its key has come meanwhile.
            raise self._away() from self._failure
        return self._verifier.identify(token)

    def person(self, token: str) -> Person | None:
        """As `Identity` says."""
        return self._verifier.person(token)

    def _may_look(self) -> bool:
        is_looking = self._looking is not None and not self._looking.done()
        looked_s = self._looked_s
        return is_looking or looked_s is None or _now_s() - looked_s >= LOOK_PAUSE_S

    async def _refresh(self) -> int:
        await self._look()
        if self._failure is not None:
            raise self._away() from self._failure
        return 0

    def _away(self) -> Unavailable:
        return Unavailable("identity-provider-away", issuer=self._site.issuer)

    async def _look(self) -> None:
        """Take in the keys as they are now, by a look that begins now or is under way.

        It goes on where whoever began it is cancelled: others may wait for it.
        """
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._take_in())
        await asyncio.shield(self._looking)

    async def _take_in(self) -> None:
        try:
            document, keys = await self._published()
        except Unavailable as error:
            self._failure = error
            if self._seen_s is not None and _now_s() - self._seen_s > KEPT_S_MAX:
                self._use(None, {})
        else:
            self._seen_s, self._failure = _now_s(), None
            self._use(document, keys)
        finally:
            self._looked_s = _now_s()

    async def _published(self) -> tuple[object, Keys]:
        metadata = await wire.discover(self._site)
        document = await wire.read(self._site, metadata.get("jwks_uri"))
        try:
            return document, keys_of(document)
        except ValueError as error:
            raise wire.unusable(self._site.issuer, str(error)) from error

    def _use(self, document: object, keys: Keys) -> None:
        """Verify by these keys; what was verified by others is forgotten with them."""
        if document != self._document:
            self._document, self._keys = document, keys
            self._verifier = self._verifier_by(keys)
            _log.info("keys of %s: %s", self._site.issuer, ", ".join(sorted(keys)) or "none")

    def _verifier_by(self, keys: Keys) -> Verifier:
        return Verifier(self._site.issuer, keys, self._clock, self._terms)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
