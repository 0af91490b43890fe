"""What a stranger's file is sent with, so that it is saved, and does nothing on its way.

A browser is told not to show it here (`attachment`), not to guess what it is (`nosniff`), and, if
it shows it all the same, to let nothing in it run or load (`sandbox`).
"""

import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

NAME_CHARACTERS_MAX = 100
UNNAMED = "tep"
POLICY = "sandbox; default-src 'none'"

_HELD = frozenset('<>:"/\\|?*%')
"""What ends a name, begins a folder or a stream on some system, or is read twice by a browser."""
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Controls, and what turns the direction of writing: `fdp.exe` shown from the right is a PDF."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows takes for a device, whatever the ending."""
_LATIN = str.maketrans("đĐ", "dD")


def attachment(name: str, ending: str, size_bytes: int) -> Mapping[str, str]:
    """The headers of a file that is sent; RFC 6266 and RFC 8187 say how its name stands there."""
    plain = f"{file_name(name)}.{ending}"
    return {
        "Content-Disposition": f"attachment; filename=\"{_ascii(plain)}\"; filename*=UTF-8''"
        + quote(plain, safe=""),
        "Content-Length": str(size_bytes),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


def file_name(text: str) -> str:
    """A name for a file from any text: one step of a path, in NFC, with nothing unseen in it."""
    seen = (each for each in unicodedata.normalize("NFC", text) if _is_seen(each))
    name = " ".join("".join("_" if each in _HELD else each for each in seen).split())
    short = name[:NAME_CHARACTERS_MAX].strip(" .")
    if not short.strip("_"):
        return UNNAMED
    return f"_{short}" if short.partition(".")[0].casefold() in _DEVICES else short


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNSEEN


def _ascii(name: str) -> str:
    """The name without its marks, for who cannot read RFC 8187."""
    bare = unicodedata.normalize("NFD", name.translate(_LATIN))
    kept = (each for each in bare if not unicodedata.combining(each))
    return "".join(each if each.isascii() else "_" for each in kept)
