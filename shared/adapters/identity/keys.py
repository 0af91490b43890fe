"""The public keys of a provider: a JSON Web Key Set (RFC 7517), and what each key is good for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

# Signatures by a key pair alone: with a shared secret, whoever verifies could also issue.
ALGORITHMS = frozenset(
    {"EdDSA", "ES256", "ES384", "ES512"}
    | {f"{family}{bits}" for family in ("PS", "RS") for bits in (256, 384, 512)}
)
RSA_BITS = range(2_048, 8_192 + 1)
"""With fewer it can be forged (RFC 7518, 3.3); with more, each signature takes long to check."""

_OF_A_CURVE = (Ed25519PublicKey, Ed448PublicKey, EllipticCurvePublicKey)
_UNUSABLE = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    *(UnsupportedAlgorithm, jwt.PyJWTError),
)
"""What is raised of a key that is described in whichever wrong way."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key with the one algorithm that it is good for, whatever a token says."""

    key: Any
    algorithm: str


Keys = Mapping[str, Key]
"""The keys of a provider by their ids."""


def keys_of(document: object) -> Keys:
    """The keys of a key set that verify signatures; others are passed over (RFC 7517, 5).

    So are those that nobody can use, so that one of them keeps no other from being taken.
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
        is_to_verify = key.algorithm_name in ALGORITHMS and key.public_key_use in {None, "sig"}
        is_to_verify = is_to_verify and "verify" in described.get("key_ops", ["verify"])
    except _UNUSABLE:
        return None
    if not (is_to_verify and _is_sound(key.key) and isinstance(key.key_id, str)):
        return None
    return key.key_id, Key(key.key, key.algorithm_name)


def _is_sound(key: object) -> bool:
    """Whether what it verifies can be believed; a private one was given away."""
    if isinstance(key, RSAPublicKey):
        return key.key_size in RSA_BITS
    return isinstance(key, _OF_A_CURVE)
