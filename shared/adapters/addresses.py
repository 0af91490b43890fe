"""Addresses of callers, and which of them are no caller's own."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Networks = tuple[Network, ...]

LOOPBACK = frozenset({"127.0.0.1", "::1"})
OWN_BITS = 64
"""Of an address of IPv6: what somebody is given whole, to take any address in."""
SITE_BITS = 48
"""Of an address of IPv6: what a site is given at most (RFC 6177), to have any network in."""


def networks(text: str) -> Networks:
    """The addresses and networks of a list with commas; raises `ValueError`."""
    return tuple(ip_network(each.strip()) for each in text.split(",") if text)


def own_address(host: str, shared: Iterable[Network], bits: int = OWN_BITS) -> str:
    """What stands for the caller at an address: itself, or in IPv6 its network of so many bits.

    Empty where callers cannot be told apart by it: on loopback, in one of the `shared` networks,
    and where it is no address.
    """
    if host in LOOPBACK:
        return ""
    try:
        address = _address(host)
    except ValueError:
        return ""
    if address.is_loopback or any(address in each for each in shared):
        return ""
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), bits), strict=False))


def _address(host: str) -> Address:
    """An address; IPv4 within IPv6 is IPv4."""
    address = ip_address(host)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
