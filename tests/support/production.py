"""The whole system in production, for callers with tokens of a provider."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from services.cli import embedded
from shared.adapters.identity import Terms, Trust, own_key
from tests.support.identity_provider import TERMS


@asynccontextmanager
async def production(
    folder: Path, issuer: str, terms: Terms = TERMS
) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the system, which trusts that issuer, in its terms."""
    trust = Trust(issuer, terms=terms, people_key=own_key(folder))
    async with embedded.opened(folder, "production", trust) as system:
        transport = httpx.ASGITransport(system.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://system") as caller:
            yield caller


def bearing(token: str) -> Mapping[str, str]:
    """The header with a token."""
    return {"Authorization": f"Bearer {token}"}
