"""The codes by which cycles, tiers and agencies are called; they stand in addresses.

Those inside a scheme are others (`shared.kernel.scheme_reader.field`): they may have capitals and
`_`, and no two signs in succession.
"""

import re

CODE_CHARACTERS_MAX = 64
CODE = r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?"
_CODE = re.compile(CODE)


def is_code(text: str) -> bool:
    """Whether something may be called so."""
    return _CODE.fullmatch(text) is not None
