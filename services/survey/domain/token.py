"""Tokens of invitations, as people can read and type them.

Twenty characters of Crockford's Base32 (no I, L, O, U), in groups of five: 100 bits. What is typed
is taken as it was meant: in small letters, without the hyphens, with a letter that looks like a
figure. https://www.crockford.com/base32.html
"""

import base64
import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARACTERS = 20
RECEIPT_CHARACTERS = 30
"""150 bits: nobody finds a receipt by trying, and no two people draw the same one."""

GROUP = 5
CHARACTER_BITS = 5

_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def spelled(secret: str, characters: int = CHARACTERS) -> str:
    """What belongs to a secret, of which it tells nothing: the first bits of its SHA-256."""
    digest = hashlib.sha256(secret.encode()).digest()
    number = int.from_bytes(digest) >> 8 * len(digest) - characters * CHARACTER_BITS
    places = range((characters - 1) * CHARACTER_BITS, -1, -CHARACTER_BITS)
    text = "".join(ALPHABET[number >> place & len(ALPHABET) - 1] for place in places)
    return "-".join(text[place : place + GROUP] for place in range(0, characters, GROUP))


def receipt_of(secret: str) -> str:
    """A receipt made of a secret, to be read and noted down as easily as a token."""
    return spelled(secret, RECEIPT_CHARACTERS)


def normal(token: str) -> str:
    """A token as it was meant."""
    return token.upper().translate(_MEANT)


def key_sha256(key: str) -> str:
    """By which people compare a public key: the SHA-256 of its bytes, in hexadecimal."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()


def hashed(token: str) -> str:
    """The SHA-256, in hexadecimal, by which a token is known."""
    return hashlib.sha256(normal(token).encode()).hexdigest()
