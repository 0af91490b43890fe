"""The few documents that are read from an OpenID Connect provider, each with limits.

Discovery 1.0 has the provider say where everything is; nothing is asked anywhere else, nobody is
followed to where an answer points, and only on its own machine is anything asked in the clear.
"""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx

from shared.kernel.errors import Refused, Unavailable

READ_S_MAX = 5.0
"""For one document, whatever trickles in meanwhile."""

DOCUMENT_BYTES_MAX = 256 * 1024
METADATA = "/.well-known/openid-configuration"

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """A provider: its name, and the file of certificates that vouch for its address, if any."""

    issuer: str
    authority: Path | None = None

    def checked(self) -> "Site":
        """Itself; raises `Refused("certificates-unreadable")` where that file cannot be used."""
        try:
            if self.authority is not None:
                ssl.create_default_context(cafile=self.authority)
        except OSError as error:
            file, reason = str(self.authority), str(error)
            raise Refused("certificates-unreadable", file=file, reason=reason) from error
        return self


def discovery_of(issuer: str) -> str:
    """Where a provider says what it offers (OpenID Connect Discovery 1.0, 4)."""
    return issuer.rstrip("/") + METADATA


def is_safe(url: str) -> bool:
    """Whether what is said there stays between two: by https, or within one machine."""
    try:
        parts = urlsplit(url)
        is_whole = bool(parts.hostname) and parts.username is None and not parts.fragment
        return is_whole and (
            parts.scheme == "https"
            or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether it is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def discover(site: Site) -> Document:
    """What a provider says of itself; raises `Unavailable("identity-provider-unusable")`.

    Discovery 1.0, 4.3: the issuer that it names is exactly the one that was meant.
    """
    metadata = await read(site, discovery_of(site.issuer))
    if metadata.get("issuer") != site.issuer:
        named = str(metadata.get("issuer"))[:200]
        raise unusable(site.issuer, f"it calls itself {named}, and not {site.issuer}")
    return metadata


async def read(
    site: Site,
    url: object,
    form: Mapping[str, str] | None = None,
    secret: tuple[str, str] | None = None,
) -> Document:
    """A JSON object at an address that the provider named; a form is sent there, if there is one.

    `secret` is the id and the secret of a client that has one (RFC 6749, 2.3.1). Raises
    `Unavailable("identity-provider-unusable")` with the reason.
    """
    if not isinstance(url, str) or not is_safe(url):
        raise unusable(site.issuer, f"an address is neither https nor this machine: {url!s:.200}")
    try:
        async with asyncio.timeout(READ_S_MAX):
            status, content = await _asked(url, form, secret, site.authority)
    except TimeoutError as error:
        raise unusable(site.issuer, f"no answer within {READ_S_MAX:g} s: {url}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise unusable(site.issuer, f"{url}: {str(error) or type(error).__name__}") from error
    if len(content) > DOCUMENT_BYTES_MAX:
        raise unusable(site.issuer, f"more than {DOCUMENT_BYTES_MAX} bytes: {url}")
    if status != httpx.codes.OK:
        raise unusable(site.issuer, f"{url} answered {status}{_said(content)}")
    return _object(site, url, content)


def unusable(issuer: str, reason: str) -> Unavailable:
    """What is raised of a provider that cannot be reached, or says what nobody can use."""
    return Unavailable("identity-provider-unusable", issuer=issuer, reason=reason)


async def _asked(
    url: str,
    form: Mapping[str, str] | None,
    secret: tuple[str, str] | None,
    authority: Path | None,
) -> tuple[int, bytes]:
    """The status and the content of an answer, of which no more is read than is taken."""
    content = bytearray()
    async with (
        httpx.AsyncClient(
            verify=ssl.create_default_context(cafile=authority) if authority else True,
            timeout=READ_S_MAX,
            follow_redirects=False,
            # Settings enter by main: no proxy and no password of the environment.
            trust_env=False,
            auth=None if secret is None else httpx.BasicAuth(*map(quote_plus, secret)),
            # What is compressed may be of any size.
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
        ) as http,
        http.stream("GET" if form is None else "POST", url, data=form) as answer,
    ):
        async for chunk in answer.aiter_raw():
            content += chunk
            if len(content) > DOCUMENT_BYTES_MAX:
                break
    return answer.status_code, bytes(content)


def _object(site: Site, url: str, content: bytes) -> Document:
    try:
        document = json.loads(content)
    except (RecursionError, ValueError) as error:
        raise unusable(site.issuer, f"{url} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise unusable(site.issuer, f"{url} is no JSON object")
    return document


def _said(content: bytes) -> str:
    """The error that an answer names (RFC 6749, 5.2), if it does."""
    try:
        document = json.loads(content)
    except (RecursionError, ValueError):
        return ""
    error = document.get("error") if isinstance(document, dict) else None
    return f": {error!s:.200}" if error else ""
