"""Segments of an address that are not what they seem: tricks by which doors were opened elsewhere.

Each is written as it goes over the wire, where it stands for an id of `other` while the caller may
only ask about `own`.
"""

from collections.abc import Mapping
from urllib.parse import quote, unquote

OVERLONG = 6_000


def tricks(own: str, other: str) -> Mapping[str, str]:
    """The segments by what they try; those that would be the other id itself are none."""
    segments = _segments(own, other)
    return {trick: each for trick, each in segments.items() if unquote(each) != other}


def _segments(own: str, other: str) -> Mapping[str, str]:
    escaped = "".join(f"%{ord(sign):02X}" for sign in other)
    return {
        **_dots(own, other),
        **_slashes(own, other),
        **_signs(other),
        **_unreadable(own, other),
        **_parts(own, other),
        "escaped twice": quote(escaped),
        "escaped three times": quote(quote(escaped)),
        "capitals": other.upper(),
        "a capital": other.capitalize(),
        "overlong": other * (OVERLONG // len(other)),
        "overlong zeros": other + "0" * OVERLONG,
        "nothing": "",
        "any": "*",
        "any, escaped": "%2A",
        "a pattern": ".%2A",
        "an operator": "%24ne",
        "an operator in brackets": "%5B%24ne%5D=",
        "an object": "%7B%22%24gt%22%3A%22%22%7D",
        "a query": f"{other}'%20or%20'1'%3D'1",
        "a comment": f"{other}'--",
        "a template": "%7B%7B7*7%7D%7D",
        "null": "null",
        "undefined": "undefined",
        "a hyphen": "-",
        "a number": "0",
        "below zero": "-1",
        "beyond": "99999999999999999999",
    }


def _dots(own: str, other: str) -> Mapping[str, str]:
    return {
        "dots": f"{own}/../{other}",
        "escaped dots": f"{own}/%2e%2e/{other}",
        "dots and escaped slashes": f"{own}%2F..%2F{other}",
        "all escaped": f"{own}%2F%2E%2E%2F{other}",
        "dots of three": f"{own}/.../{other}",
        "dots and backslashes": f"{own}%5C..%5C{other}",
        "dots and a parameter": f"{own}/..;/{other}",
        "one dot": f"./{other}",
        "one dot behind": f"{other}/.",
        "up": "..",
        "up, escaped": "%2E%2E",
        "up and up": "../../../../etc/passwd",
        "up and up, escaped": "..%2F..%2F..%2F..%2Fetc%2Fpasswd",
        "a dot behind": f"{other}.",
        "a dot before": f".{other}",
    }


def _slashes(own: str, other: str) -> Mapping[str, str]:
    return {
        "slash behind": f"{other}/",
        "slashes behind": f"{other}//",
        "slash before": f"/{other}",
        "escaped slash behind": f"{other}%2F",
        "escaped slash, small": f"{other}%2f",
        "escaped slash before": f"%2F{other}",
        "slash escaped twice": f"{own}%252F..%252F{other}",
        "backslash": f"{own}\\{other}",
        "escaped backslash": f"{other}%5C",
        "both": f"{own}%2F{other}",
    }


def _signs(other: str) -> Mapping[str, str]:
    alike = other.replace("o", "о").replace("a", "а")  # noqa: RUF001 - Cyrillic, that is the trick
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in other)
    return {
        "letters of another script": quote(alike),
        "wide letters": quote(wide),
        "another hyphen": quote(other.replace("-", "\u2011").replace("1", "\u00b9")),
        "a mark": quote(f"{other[0]}\u0301{other[1:]}"),
        "long s": quote(other.replace("s", "\u017f").replace("1", "\u2460")),
        "no width": quote(f"{other}\u200b"),
        "a byte order mark": quote(f"\ufeff{other}"),
        "from right to left": quote(f"\u202e{other[::-1]}"),
        "dotted i": quote(other.replace("i", "\u0131").replace("0", "\u0660")),
        "a tag": quote(f"{other}\U000e0041"),
    }


def _unreadable(own: str, other: str) -> Mapping[str, str]:
    return {
        "nothing behind": f"{other}%00",
        "nothing between": f"{own}%00{other}",
        "an overlong slash": f"{own}%C0%AF{other}",
        "an overlong letter": f"%C1%B3{other[1:]}",
        "no UTF-8": f"{other}%FF",
        "half a letter": f"{other}%C3",
        "a surrogate": f"{other}%ED%A0%80",
        "a broken escape": f"{other}%",
        "a broken escape, longer": f"{other}%zz",
        "an escape of another age": "".join(f"%u{ord(sign):04x}" for sign in other),
    }


def _parts(own: str, other: str) -> Mapping[str, str]:
    return {
        "a parameter": f"{other};v=1",
        "a parameter with it": f"{own};agency={other}",
        "a session": f"{other};jsessionid=1",
        "an escaped question": f"{own}%3Fagency={other}",
        "an escaped fragment": f"{other}%23",
        "an escaped ampersand": f"{own}%26agency={other}",
        "a comma": f"{own},{other}",
        "an escaped comma": f"{own}%2C{other}",
        "a plus": f"{own}+{other}",
        "a space behind": f"{other}%20",
        "a space before": f"%20{other}",
        "a tab": f"{other}%09",
        "a line": f"{other}%0A",
        "a header": f"{own}%0D%0ASet-Cookie:%20agency={other}",
        "a colon": f"{own}:{other}",
        "an at": f"{own}@{other}",
        "an ending": f"{other}.json",
        "a version": f"{other}~1",
        "a stream": f"{other}::$DATA",
    }
