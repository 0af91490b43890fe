"""Who asks, and whether too often: the limits of each client, which no other client feels.

A client is the person or program of a token, and without one the address that a request comes from.
Loopback and the proxies that a setting names have no address of their own: who comes through them
without being told apart is held by the limits of the whole service alone. Of an address of IPv6 the
first 64 bits count, since whoever has one address there has all of them; and of what is under way,
the first 48, since whoever has a network may have thousands.

What is kept of a client is a digest by a secret that only this process has and keeps nowhere, for
as long as a window lasts (`counts`): neither an address nor the id of a person.
"""

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from time import monotonic_ns
from typing import Protocol

from starlette.datastructures import Headers
from starlette.types import Scope

from shared.adapters.addresses import OWN_BITS, SITE_BITS, Networks, own_address
from shared.adapters.web.counts import Counts, Left, Now
from shared.adapters.web.problem import Exceeded
from shared.adapters.web.rates import UNLIMITED, Policy, Rates
from shared.adapters.web.rooms import Guest
from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.errors import Problem, Unavailable, Unknown


class Identify(Protocol):
    """Turns a bearer token into an actor."""

    def __call__(self, token: str, wait: Callable[[], None], /) -> Awaitable[Actor]:
        """The actor; raises `Unknown` or `Unavailable`.

        Where others have to be asked for that, `wait` is called before, and what it raises is.
        """


CALLER = "cchc.caller"
"""In the scope of a request: its `Caller`."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""
DIGEST_BYTES = 16


class Turnstile:
    """Counts the requests of a process, over all that it serves."""

    def __init__(
        self,
        rates: Rates = UNLIMITED,
        *,
        secret: bytes = b"",
        proxies: Networks = (),
        now_ns: Now = monotonic_ns,
    ) -> None:
        self.rates = rates
        self._counts = {policy: Counts(rate, now_ns) for policy, rate in rates.items()}
        self._secret = secret
        self._proxies = proxies

    def met(self, scope: Scope) -> "Caller":
        """Who asks, as far as their address tells; put into the scope."""
        site = Guest(self._at(scope, SITE_BITS))
        caller = scope[CALLER] = Caller(self, self._at(scope, OWN_BITS), site)
        return caller

    async def know(self, caller: "Caller", scope: Scope, identify: Identify) -> None:
        """See who it is by their token, and count what they ask for; raises `Exceeded`.

        What their token lacks is said where it matters who they are. Until it is known what it
        proves it proves nothing.
        """
        said = Headers(scope=scope).get("authorization")
        if said is not None:
            caller.known = await _known(said, identify, lambda: caller.count("failing"))
            caller.take_back()
        if isinstance(caller.known, Actor) and caller.known != PUBLIC:
            caller.client = self._digest(caller.known.reference)
            caller.guest = Guest(caller.client, is_proved=True)
        caller.count(_policy(scope, said, caller.known))

    def take(self, policy: Policy, client: bytes) -> Left | None:
        """Count a request of a client; None where nobody is counted."""
        counts = self._counts.get(policy)
        return counts.take(client) if counts is not None and client else None

    def give_back(self, policy: Policy, client: bytes) -> None:
        """A request that was counted is another's."""
        self._counts[policy].give_back(client)

    def _at(self, scope: Scope, bits: int) -> bytes:
        """Whom an address stands for; nobody, where it is not that of a client."""
        address = own_address((scope.get("client") or ("",))[0], self._proxies, bits)
        return self._digest(address) if address else b""

    def _digest(self, name: str) -> bytes:
        return blake2b(name.encode(), key=self._secret, digest_size=DIGEST_BYTES).digest()


class Caller:
    """Who makes a request, what is wrong with their token, and what is left to them.

    As a `client` they are counted, and as a `guest` they have room.
    """

    def __init__(self, turnstile: Turnstile, client: bytes, guest: Guest) -> None:
        self._turnstile = turnstile
        self.client = client
        self.guest = guest
        self.known: Actor | Problem = PUBLIC
        self.left: list[tuple[Policy, Left]] = []

    @property
    def actor(self) -> Actor:
        """Who it is, `PUBLIC` without a token; raises what is wrong with one."""
        if isinstance(self.known, Problem):
            raise self.known
        return self.known

    def take_back(self) -> None:
        """What was counted was counted too early."""
        for policy, _ in self.left:
            self._turnstile.give_back(policy, self.client)
        self.left.clear()

    def count(self, policy: Policy) -> None:
        """Count what they ask for by a policy; raises `Exceeded`, when nothing is done yet."""
        left = self._turnstile.take(policy, self.client)
        if left is None:
            return
        self.left.append((policy, left))
        if left.refused:
            rate = self._turnstile.rates[policy]
            raise Exceeded(
                "too-many-requests",
                policy=policy,
                maximum=str(rate.requests),
                window=str(rate.seconds),
                seconds=str(left.seconds),
            )


def _policy(scope: Scope, said: str | None, known: Actor | Problem) -> Policy:
    """By which policy a request is counted."""
    if isinstance(known, Unknown):
        return "failing"
    if scope["method"] in SAFE:
        return "reading"
    return "answering" if said is None else "writing"


async def _known(said: str, identify: Identify, wait: Callable[[], None]) -> Actor | Problem:
    """Whom an `Authorization` header names (RFC 6750, 2.1), or why it names nobody."""
    scheme, _, token = said.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return Unknown("bearer-token-expected")
    try:
        return await identify(token.strip(), wait)
    except (Unknown, Unavailable) as problem:
        return problem
