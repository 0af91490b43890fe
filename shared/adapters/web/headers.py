"""What every answer leaves with, whoever made it and whatever it says.

A browser does not guess what it is, shows it in nobody else's frame, loads and runs nothing for it,
gives it to no other site, and tells no other site of its address; nobody keeps it. A route that
needs something else says so itself. Nothing lets other origins in (CORS): a front end at another
address is to be served through ours.
"""

from collections.abc import Iterable, Mapping, Sequence

from starlette.types import Message, Scope, Send

from shared.adapters.web.counts import Left
from shared.adapters.web.rates import Policy, Rates

HSTS_S = 365 * 24 * 3_600
GUARDS: Mapping[bytes, bytes] = {
    b"cache-control": b"no-store",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cross-origin-resource-policy": b"same-origin",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
}
BY_TLS = (b"strict-transport-security", b"max-age=%d" % HSTS_S)
"""Said where the request came by HTTPS: to us, or to a proxy that a setting names (RFC 6797)."""

Fields = Sequence[tuple[bytes, bytes]]


def guard(message: Message, scope: Scope, more: Fields = ()) -> Message:
    """The beginning of an answer, with all this, and more, in its headers."""
    said: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    names = {name for name, _ in said}
    said += [(name, value) for name, value in GUARDS.items() if name not in names]
    if scope.get("scheme") == "https":
        said.append(BY_TLS)
    return {**message, "headers": [*said, *more]}


def guarding(send: Send, scope: Scope) -> Send:
    """Sends an answer with all this: for what answers before there is a gate."""

    async def send_guarded(message: Message) -> None:
        begins = message["type"] == "http.response.start"
        await send(guard(message, scope) if begins else message)

    return send_guarded


def limits_told(left: Iterable[tuple[Policy, Left]], rates: Rates) -> Fields:
    """What a client may ask for, and what of it is left.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (draft 10): `q` requests
    in `w` seconds; `r` are left, and `t` seconds go by until all are back, or with none any.
    """
    policies, remains = [], []
    for policy, each in left:
        rate = rates[policy]
        policies.append(f'"{policy}";q={rate.requests};w={rate.seconds}')
        remains.append(f'"{policy}";r={each.requests};t={each.seconds}')
    if not policies:
        return ()
    return (
        (b"ratelimit-policy", ", ".join(policies).encode()),
        (b"ratelimit", ", ".join(remains).encode()),
    )
