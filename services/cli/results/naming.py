"""Codes made from names: `Sở Lao động, Thương binh và Xã hội` -> `so-lao-dong-thuong-binh-...`."""

import re
import unicodedata

CODE_CHARACTERS_MAX = 64

_STROKED = str.maketrans({"đ": "d", "Đ": "D"})  # The one letter that Unicode does not take apart.
_OTHERS = re.compile(r"[^a-z0-9]+")


def code_of(name: str) -> str:
    """The code of a name: no diacritics, small letters and digits, joined by hyphens.

    A long one ends with its last whole word. Empty for a name without letters and digits.
    """
    apart = unicodedata.normalize("NFD", name.translate(_STROKED))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    code = _OTHERS.sub("-", plain.lower()).strip("-")
    if len(code) <= CODE_CHARACTERS_MAX:
        return code
    cut = code[: CODE_CHARACTERS_MAX + 1]
    return cut.rpartition("-")[0] or cut[:CODE_CHARACTERS_MAX]
