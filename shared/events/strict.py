"""What the JSON of a fact has to be, beyond what the decoder of facts looks at.

The decoder passes over what no field asks for, and does not look whether its texts are UTF-8; and
how deep it can go depends on how deep its caller stands already. Here both are told from the bytes
alone, so that the same bytes are a fact, or none, for everybody (`shared/verify/FORMAT.md`, 4.1).
"""

import re
from itertools import accumulate

NESTING_MAX = 500
"""Half of the frames that Python allows are for the decoder, the others for whoever calls it."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A text, also one that never ends. Nothing is looked at twice, whoever wrote the bytes."""
_STEPS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_OTHERS = bytes(set(range(256)) - _STEPS.keys())


def strictly(body: bytes) -> bytes:
    """The bytes, where they are UTF-8 and not nested too deeply; raises ValueError."""
    if not body.isascii():
        body.decode()
    # What is nested so deeply has as many signs that open it, and as many that close it.
    if len(body) > 2 * NESTING_MAX and _is_deep(body):
        raise ValueError(f"more than {NESTING_MAX} objects and lists within one another")
    return body


def _is_deep(body: bytes) -> bool:
    if body.count(b"[") + body.count(b"{") <= NESTING_MAX:
        return False
    signs = _STRING.sub(b"", body).translate(None, _OTHERS)
    return any(depth > NESTING_MAX for depth in accumulate(_STEPS[sign] for sign in signs))
