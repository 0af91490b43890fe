"""Bech32 (BIP-173): bytes as letters and digits that survive being read out, with a checksum.

https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki; as age does, without its limit of 90
characters.
"""

from collections.abc import Iterator, Sequence

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6
_SEPARATOR = "1"


def encode(prefix: str, content: bytes) -> str:
    """The text of some bytes, in small letters."""
    values = list(_regrouped(content, 8, 5, pad=True))
    whole = [*_expanded(prefix), *values, *[0] * _CHECK]
    checked = _checksum(whole) ^ 1
    values += [(checked >> 5 * (_CHECK - 1 - place)) & 31 for place in range(_CHECK)]
    return prefix + _SEPARATOR + "".join(_LETTERS[value] for value in values)


def decode(prefix: str, text: str) -> bytes:
    """The inverse of `encode`, in letters of either size; raises ValueError for anything else."""
    if text not in {text.lower(), text.upper()}:
        raise ValueError("letters of both sizes")
    found, separator, letters = text.lower().rpartition(_SEPARATOR)
    if not separator or found != prefix:
        raise ValueError(f"it begins with {prefix}{_SEPARATOR}")
    values = [_LETTERS.index(letter) for letter in letters]
    if len(values) < _CHECK or _checksum([*_expanded(prefix), *values]) != 1:
        raise ValueError("the checksum is another")
    return bytes(_regrouped(values[:-_CHECK], 5, 8, pad=False))


def _expanded(prefix: str) -> list[int]:
    codes = prefix.encode("ascii")
    return [*(code >> 5 for code in codes), 0, *(code & 31 for code in codes)]


def _checksum(values: Sequence[int]) -> int:
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for place, each in enumerate(_GENERATOR):
            checksum ^= each if top >> place & 1 else 0
    return checksum


def _regrouped(values: Sequence[int], width: int, wanted: int, *, pad: bool) -> Iterator[int]:
    """The same bits in groups of another width."""
    held = bits = 0
    for value in values:
        held, bits = held << width | value, bits + width
        while bits >= wanted:
            bits -= wanted
            yield held >> bits & (1 << wanted) - 1
        held &= (1 << bits) - 1
    if pad and bits:
        yield held << wanted - bits & (1 << wanted) - 1
    elif not pad and (bits >= width or held):
        raise ValueError("bits are left over")
