"""The public keys of a provider: a JSON Web Key Set (RFC 7517), and what each key is good for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

# Signatures by a key pair alone: with a shared secret, whoever verifies could also issue.
ALGORITHMS = frozenset(
    {"EdDSA", "ES256", "ES384", "ES512"}
    | {f"{family}{bits}" for family in ("PS", "RS") for bits in (256, 384, 512)}
)


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the one algorithm that it is good for, whatever a token says."""

    key: Any
    algorithm: str


Keys = Mapping[str, Key]
"""The keys of a provider by their ids."""


def keys_of(document: object) -> Keys:
    """The keys of a key set that verify signatures; others are passed over (RFC 7517, 5).

    Raises ValueError where it is no key set.
    """
    match document:
        case {"keys": list(listed)}:
            return dict(filter(None, map(_named, listed)))
        case _:
            raise ValueError("it is no JSON Web Key Set")


def _named(described: Any) -> tuple[str, Key] | None:  # noqa: ANN401 - any JSON
    """A key by its id; None for one that has none, or is for something else, or unheard of."""
    try:
        key = jwt.PyJWK(described)
    except (AttributeError, TypeError, jwt.PyJWTError):
        return None
    is_to_verify = key.algorithm_name in ALGORITHMS and key.public_key_use in {None, "sig"}
    if not (is_to_verify and isinstance(key.key_id, str)):
        return None
    return key.key_id, Key(key.key, key.algorithm_name)
