"""The test vector of RFC 9474, A.1: one blind signature with everything that was drawn for it."""

import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.ballot_client import public

FILE = Path(__file__).parents[1] / "data" / "rfc9474" / "randomized.json"


@dataclass(frozen=True, slots=True)
class Vector:
    """The values by the names that the RFC gives them, in hexadecimal."""

    values: dict[str, str]

    def number(self, name: str) -> int:
        return int(self.values[name], 16)

    def octets(self, name: str) -> bytes:
        return bytes.fromhex(self.values[name])

    @property
    def private_key(self) -> rsa.RSAPrivateNumbers:
        p, q, d = (self.number(name) for name in "pqd")
        return rsa.RSAPrivateNumbers(
            p=p,
            q=q,
            d=d,
            dmp1=d % (p - 1),
            dmq1=d % (q - 1),
            iqmp=pow(q, -1, p),
            public_numbers=rsa.RSAPublicNumbers(e=self.number("e"), n=self.number("n")),
        )

    @property
    def public_key(self) -> str:
        return public(self.private_key.public_numbers.public_key()).text


def vector() -> Vector:
    """The one of RSABSSA-SHA384-PSS-Randomized."""
    return Vector(json.loads(FILE.read_text("utf-8")))
