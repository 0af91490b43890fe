"""Encryption for somebody who is not here: files of age, as https://c2sp.org/age has them.

Whoever saves knows a recipient (`age1...`), and cannot read what was saved; whoever restores has
the identity (`AGE-SECRET-KEY-1...`). The tools `age` and `rage` read and write the same files.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.adapters import bech32
from shared.kernel.errors import Refused

RECIPIENT, IDENTITY = "age", "age-secret-key-"
KEY_BYTES = 32
FILE_KEY_BYTES = 16
CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
NONCE_BYTES = 16
COUNTER_BYTES = 11
LINE_BYTES_MAX = 1024
STANZAS_MAX = 100
COLUMNS = 64
BODY_BYTES_MAX = 64 * 1024

_VERSION = b"age-encryption.org/v1\n"
_X25519 = b"age-encryption.org/v1/X25519"
_STANZA, _END = b"-> X25519 ", b"---"
_ONCE = bytes(12)


def new_identity() -> str:
    """An identity by chance."""
    return bech32.encode(IDENTITY, X25519PrivateKey.generate().private_bytes_raw()).upper()


def recipient_of(identity: str) -> str:
    """For whom is encrypted what this identity can read; raises `Refused("age-key-malformed")`."""
    return bech32.encode(RECIPIENT, _private(identity).public_key().public_bytes_raw())


def encrypt(source: BinaryIO, target: BinaryIO, recipients: Sequence[str]) -> None:
    """Encrypt all that is read; raises `Refused("age-key-malformed")`."""
    assert recipients, "somebody has to be able to read it"
    file_key = os.urandom(FILE_KEY_BYTES)
    header = _VERSION + b"".join(_wrapped(file_key, each) for each in recipients) + _END
    nonce = os.urandom(NONCE_BYTES)
    target.write(header + b" " + _base64(_mac(file_key, header)) + b"\n" + nonce)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    target.writelines(
        cipher.encrypt(_place(place, is_last=is_last), chunk, None)
        for place, chunk, is_last in _chunks(source, CHUNK_BYTES)
    )


def decrypt(source: BinaryIO, target: BinaryIO, identities: Sequence[str]) -> None:
    """Decrypt all that is read, by whichever of these it is for.

    Raises `Refused` with `age-file-damaged`, when some of it may be written, `age-key-another`, and
    `age-key-malformed`.
    """
    file_key = _file_key(source, [_private(each) for each in identities])
    nonce = source.read(NONCE_BYTES)
    cipher = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))
    for place, chunk, is_last in _chunks(source, CHUNK_BYTES + TAG_BYTES):
        try:
            plain = cipher.decrypt(_place(place, is_last=is_last), chunk, None)
        except InvalidTag as error:
            raise Refused("age-file-damaged") from error
        if is_last and place and not plain:
            raise Refused("age-file-damaged")
        target.write(plain)


# --- The key of a file, under the key of each recipient


def _wrapped(file_key: bytes, recipient: str) -> bytes:
    """A stanza: https://c2sp.org/age, "The X25519 recipient type"."""
    whom = _key(RECIPIENT, recipient)
    once = X25519PrivateKey.generate()
    share = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(whom))
    body = ChaCha20Poly1305(_derived(shared, share + whom, _X25519)).encrypt(_ONCE, file_key, None)
    return _STANZA + _base64(share) + b"\n" + _base64(body) + b"\n"


def _file_key(source: BinaryIO, identities: Sequence[X25519PrivateKey]) -> bytes:
    """Read the header, whose end authenticates it."""
    header = _line(source)
    if header != _VERSION:
        raise Refused("age-file-damaged")
    file_key: bytes | None = None
    for _ in range(STANZAS_MAX):
        line = _line(source)
        if line.startswith(_END):
            break
        body = _body(source)
        header += line + body
        for each in identities:
            file_key = file_key or _unwrapped(line, body, each)
    else:
        raise Refused("age-file-damaged")
    if file_key is None:
        raise Refused("age-key-another")
    mac = _base64(_mac(file_key, header + _END))
    if not hmac.compare_digest(line, _END + b" " + mac + b"\n"):
        raise Refused("age-file-damaged")
    return file_key


def _unwrapped(line: bytes, body: bytes, identity: X25519PrivateKey) -> bytes | None:
    """The key of the file, if the stanza is for this identity."""
    if not line.startswith(_STANZA):
        return None
    try:
        share, sealed = _from_base64(line.removeprefix(_STANZA)), _from_base64(body)
        shared = identity.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:
        raise Refused("age-file-damaged") from error
    own = identity.public_key().public_bytes_raw()
    try:
        return ChaCha20Poly1305(_derived(shared, share + own, _X25519)).decrypt(_ONCE, sealed, None)
    except InvalidTag:
        return None  # It is for somebody else.


# --- Parts of the format


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """What is left, in chunks, with their numbers, and whether each is the last."""
    place, chunk = 0, _read(source, size)
    while True:
        behind = _read(source, size)
        yield place, chunk, not behind
        if not behind:
            return
        place, chunk = place + 1, behind


def _read(source: BinaryIO, size: int) -> bytes:
    """As much as that, or what is left: a pipe gives less at a time."""
    read = bytearray()
    while len(read) < size and (part := source.read(size - len(read))):
        read += part
    return bytes(read)


def _line(source: BinaryIO) -> bytes:
    line = source.readline(LINE_BYTES_MAX)
    if not line.endswith(b"\n"):
        raise Refused("age-file-damaged")
    return line


def _body(source: BinaryIO) -> bytes:
    """The lines of a stanza behind its first: full ones, and one that is not."""
    body = line = _line(source)
    while len(line) > COLUMNS and len(body) < BODY_BYTES_MAX:
        line = _line(source)
        body += line
    return body


def _place(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(COUNTER_BYTES, "big") + bytes([is_last])


def _derived(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt, purpose).derive(secret)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, hashlib.sha256)


def _private(identity: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(_key(IDENTITY, identity.strip()))


def _key(prefix: str, text: str) -> bytes:
    try:
        key = bech32.decode(prefix, text)
    except ValueError as error:
        raise Refused("age-key-malformed", expected=f"{prefix}1...") from error
    if len(key) != KEY_BYTES:
        raise Refused("age-key-malformed", expected=f"{prefix}1...")
    return key


def _base64(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")


def _from_base64(line: bytes) -> bytes:
    text = line.strip()
    return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
