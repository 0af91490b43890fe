"""Cosignatures (https://c2sp.org/tlog-cosignature, cosignature/v1): a witness was shown this.

A witness signs the time together with the text of the checkpoint, and by that says: of this ledger
I have seen none that is longer, and all that I have seen are beginnings of this one.

    cosignature/v1 LF
    time <seconds since 1970> LF
    <the text of the checkpoint>

What stands in the signature line is the time, 64 bits with the highest first, and the signature.
"""

from shared.ledger.note import COSIGNATURE, Illegible, Key, Note, Sign, Signature, Verify

TIME_BYTES = 8
TIME_S_MAX = 2**63 - 1
SIGNATURE_BYTES = 64


def message(text: str, at_s: int) -> bytes:
    """What a witness signs at a time."""
    return f"cosignature/v1\ntime {at_s}\n{text}".encode()


def cosigned(text: str, key: Key, sign: Sign, *, at_s: int) -> Signature:
    """The cosignature of a witness' key under the text of a checkpoint."""
    assert key.type == COSIGNATURE, "a witness has a key for this alone"
    assert 0 <= at_s <= TIME_S_MAX, "there is no other time to sign at"
    signature = at_s.to_bytes(TIME_BYTES, "big") + sign(message(text, at_s))
    return Signature(key.name, key.id, signature)


def cosigned_at_s(line: Signature) -> int:
    """The time at which a witness says that it signed; raises `Illegible`."""
    at_s = int.from_bytes(line.signature[:TIME_BYTES], "big")
    if len(line.signature) != TIME_BYTES + SIGNATURE_BYTES or at_s > TIME_S_MAX:
        raise Illegible("a cosignature is a time of 8 bytes, and a signature of 64")
    return at_s


def is_cosigned(note: Note, key: Key, verify: Verify) -> bool:
    """Whether a witness' key has cosigned the text.

    A signature that says it is of this key, and is not, makes the whole note worthless.
    """
    assert key.type == COSIGNATURE, "a witness has a key for this alone"
    lines = note.of(key)
    return bool(lines) and all(_is_right(note.text, key, line, verify) for line in lines)


def _is_right(text: str, key: Key, line: Signature, verify: Verify) -> bool:
    try:
        at_s = cosigned_at_s(line)
    except Illegible:
        return False
    return verify(key.public, message(text, at_s), line.signature[TIME_BYTES:])
