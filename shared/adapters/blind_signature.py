"""Blind signatures of RSA over ballots: RFC 9474, variant RSABSSA-SHA384-PSS-Randomized.

The numbers in brackets are the sections of that RFC. Here stand the parts of the server, BlindSign
(4.3) and Verification (4.5); Prepare, Blind and Finalize are the respondent's, in `ballot.js` of
the survey. No key here is used for anything else: "A server signing key MUST NOT be reused for any
other protocol beyond RSABSSA" (6.2).
"""

import asyncio
import base64
import binascii
import secrets

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from shared.adapters.sealing import Keys
from shared.kernel.errors import Refused
from shared.ports import BALLOT_BYTES

MODULUS_BITS = 2048
"""Of a new key. Who factors one can forge ballots until the survey closes, which is in some weeks;
who cast which ballot stays hidden even then, and from anybody, however small the key is."""
MODULUS_BITS_MIN = 2048
MODULUS_BITS_MAX = 4096
EXPONENT = 65_537
SALT_BYTES = 48  # Section 5: "a 48-byte salt length".

_KEPT_AS = "ballot/"
"""Before the name, so that no key is taken for that of a sealed text, whose name has no slash."""

_PADDING = padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=SALT_BYTES)


class RsaBallotKeys:
    """Ballot keys, of which the private ones lie where the service keeps its other keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def make(self, name: str) -> str:
        """The public key of a name; the pair is made, and kept, when it is first asked for."""
        kept = await self._keys.get(_KEPT_AS + name)
        if kept is None:
            # OpenSSL lets go of the interpreter meanwhile, so that this process goes on serving.
            offered = await asyncio.to_thread(_new_private_key)
            kept = await self._keys.offer(_KEPT_AS + name, offered)
        return _public_key_of(_private_key(kept))

    async def sign(self, name: str, blinded: bytes) -> bytes:
        """The blind signature over a blinded ballot; always the same one.

        The key is read each time: one that another process destroyed signs nothing here either. A
        thread would save nothing, since `pow` does not let go of the interpreter.
        """
        kept = await self._keys.get(_KEPT_AS + name)
        if kept is None:
            raise Refused("ballot-key-missing")
        return blind_sign(_private_key(kept).private_numbers(), blinded)

    async def destroy(self, name: str) -> None:
        """Forget a private key, so that nothing is signed with it ever again."""
        await self._keys.remove(_KEPT_AS + name)

    def verify(self, public_key: str, ballot: bytes, signature: bytes) -> bool:
        """Whether this is a ballot, and its signature is of that key."""
        # 7.2: "Verifiers should check that, in addition to signature validity, the signed message
        # is well-structured for the relevant application."
        return len(ballot) == BALLOT_BYTES and verify(public_key, ballot, signature)


def blind_sign(key: rsa.RSAPrivateNumbers, blinded: bytes) -> bytes:
    """BlindSign (4.3) over a blinded message; raises `Refused("ballot-malformed")`.

    0, 1 and n - 1 are in range by the RFC, and refused all the same: everybody knows what they are
    signed with, and no respondent comes to them by chance.
    """
    modulus = key.public_numbers.n
    assert is_acceptable(key.public_numbers), "we made this key"
    message = int.from_bytes(blinded, "big")
    if len(blinded) != _bytes_of(modulus) or not 1 < message < modulus - 1:
        raise Refused("ballot-malformed")
    signed = _raised_to_private(key, message)
    # "m' = RSAVP1(pk, s)", "If m != m', raise "signing failure" and stop": a fault in one half of
    # the calculation, given away, would give away the primes (7.1).
    assert pow(signed, key.public_numbers.e, modulus) == message, "signing failure"
    return signed.to_bytes(_bytes_of(modulus), "big")


def verify(public_key: str, message: bytes, signature: bytes) -> bool:
    """Verification (4.5): RSASSA-PSS-VERIFY (RFC 8017, 8.1.2) of a prepared message.

    Nothing that an unacceptable key has signed counts as signed.
    """
    try:
        loaded = load_der_public_key(base64.b64decode(public_key, validate=True))
        if not isinstance(loaded, rsa.RSAPublicKey) or not is_acceptable(loaded.public_numbers()):
            return False
        loaded.verify(signature, message, _PADDING, SHA384())
    except (InvalidSignature, UnsupportedAlgorithm, binascii.Error, ValueError):
        return False
    return True


def is_acceptable(key: rsa.RSAPublicNumbers) -> bool:
    """Whether a key has the size, the exponent and the odd modulus of those that are made here."""
    sized = MODULUS_BITS_MIN <= key.n.bit_length() <= MODULUS_BITS_MAX
    return sized and key.n % 2 == 1 and key.e == EXPONENT


def _raised_to_private(key: rsa.RSAPrivateNumbers, message: int) -> int:
    """RSASP1 (RFC 8017, 5.2.1) by the Chinese remainder theorem, of a number that nobody chose.

    How long Python's `pow` takes depends on its numbers, and with a number of the caller's choice
    would tell the key bit by bit. So the message is multiplied by r^e, the result divided by r
    (7.1: "Implementations SHOULD implement some form of side channel attack mitigation, such as RSA
    blinding"): r is new and random, and so is what `pow` sees, whatever was sent. The exponents are
    the same each time. What is left to see is how long they take on the whole, the same for every
    message, and whatever a program on the same machine can see of this one's memory.
    """
    modulus, exponent = key.public_numbers.n, key.public_numbers.e
    r = secrets.randbelow(modulus - 2) + 2
    hidden = message * pow(r, exponent, modulus) % modulus
    of_p = pow(hidden, key.dmp1, key.p)
    of_q = pow(hidden, key.dmq1, key.q)
    signed = of_q + (of_p - of_q) * key.iqmp % key.p * key.q
    return signed * pow(r, -1, modulus) % modulus


def _new_private_key() -> bytes:
    """A key pair (6.2), written as PKCS #8."""
    made = rsa.generate_private_key(public_exponent=EXPONENT, key_size=MODULUS_BITS)
    return made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _private_key(kept: bytes) -> rsa.RSAPrivateKey:
    # To look for primes again takes five times as long as to sign, and a false signature is never
    # given away.
    loaded = load_der_private_key(kept, password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(loaded, rsa.RSAPrivateKey), "only such keys have these names"
    return loaded


def _public_key_of(key: rsa.RSAPrivateKey) -> str:
    """What browsers read: its OID is rsaEncryption, which 6.2 forbids in certificates alone."""
    written = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(written).decode()


def _bytes_of(modulus: int) -> int:
    return (modulus.bit_length() + 7) // 8
