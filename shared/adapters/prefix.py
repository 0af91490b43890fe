"""Texts that begin alike, in a store that sorts text by its UTF-8 bytes: one range."""

LAST_CHARACTER = "\U0010ffff"
SURROGATES = range(0xD800, 0xE000)


def end_of(prefix: str) -> str | None:
    """What sorts just behind all that begin with the prefix; None if nothing does."""
    rest = prefix.rstrip(LAST_CHARACTER)
    if not rest:
        return None
    following = ord(rest[-1]) + 1
    return rest[:-1] + chr(SURROGATES.stop if following in SURROGATES else following)
