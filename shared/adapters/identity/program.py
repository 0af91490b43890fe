"""A program gets an access token in its own name (client credentials, RFC 6749, 4.4)."""

from dataclasses import dataclass, field

from shared.adapters.identity import wire
from shared.adapters.identity.wire import Document, Site


@dataclass(frozen=True, slots=True)
class Program:
    """An account of the provider for a program, which keeps a secret."""

    id: str
    secret: str = field(repr=False)
    scope: str = ""


async def granted(site: Site, program: Program) -> str:
    """The access token that the provider gives it.

    Raises `Unavailable("identity-provider-unusable")`, with what it said where it refuses.
    """
    metadata = await wire.discover(site)
    form = {"grant_type": "client_credentials"}
    if program.scope:
        form["scope"] = program.scope
    secret = (program.id, program.secret)
    return token_of(site, await wire.read(site, metadata.get("token_endpoint"), form, secret))


def token_of(site: Site, granted: Document) -> str:
    """The bearer token in an answer of the provider (RFC 6749, 5.1)."""
    token, kind = granted.get("access_token"), str(granted.get("token_type"))
    if not isinstance(token, str) or kind.lower() != "bearer":
        raise wire.unusable(site.issuer, "it gave no bearer token")
    return token
