"""Whose tokens production takes, as it was told."""

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

from shared.adapters.identity.keys import ALGORITHMS, Keys, keys_of
from shared.adapters.identity.naming import names_of
from shared.adapters.identity.provider import Given, Identity, Provider
from shared.adapters.identity.terms import Terms
from shared.adapters.identity.verifier import Verifier
from shared.adapters.identity.wire import Site, discovery_of
from shared.kernel.errors import Refused
from shared.ports import Clock


@dataclass(frozen=True, slots=True)
class Trust:
    """An issuer, and in which terms it speaks.

    Its keys are those that it publishes, or those of a file, where it cannot be reached from here;
    `authority` is a file with the certificates that vouch for its address, if that is not public.
    By the key in the file `people_key` its subjects become the opaque ids of facts.
    """

    issuer: str
    key_set: Path | None = None
    authority: Path | None = None
    terms: Terms = field(default_factory=Terms)
    people_key: Path | None = None


def identity_of(trust: Trust, clock: Clock) -> Identity:
    """Who takes these tokens; a provider that is away is waited for by who brings one.

    Raises `Refused` with `key-set-unreadable`, `certificates-unreadable`, `people-key-needed` or
    `people-key-unusable`.
    """
    if trust.people_key is None:
        raise Refused("people-key-needed")
    names = names_of(trust.people_key)
    terms = replace(trust.terms, names=names)
    if trust.key_set is not None:
        verifier = _verifier_of(trust.issuer, trust.key_set, clock, terms)
        discovery, called = discovery_of(trust.issuer), (trust.issuer, names)
        return Given(verifier.identify, discovery, verifier.person, called)
    site = Site(trust.issuer, trust.authority).checked()
    return Provider(site, clock, terms)


def _verifier_of(issuer: str, key_set: Path, clock: Clock, terms: Terms) -> Verifier:
    try:
        keys = _read(key_set)
    except (OSError, ValueError) as error:
        raise Refused("key-set-unreadable", file=str(key_set), reason=str(error)) from error
    return Verifier(issuer, keys, clock, terms)


def _read(key_set: Path) -> Keys:
    """The keys in a file; raises OSError or ValueError, also where there is none."""
    keys = keys_of(json.loads(key_set.read_text("utf-8")))
    if not keys:
        raise ValueError(f"it holds no key with a kid and one of {sorted(ALGORITHMS)}")
    return keys
