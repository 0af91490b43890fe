"""What a log tells of an error that nobody foresaw: its kind and where it came from, not its words.

What an error says of itself may hold what a caller sent: a key, a name, a whole row. A line of the
code says nothing of the kind.
"""

from collections.abc import Iterator
from pathlib import Path
from traceback import extract_tb

FRAMES_MAX = 12
"""The last of them: there it failed."""
CAUSES_MAX = 8
ROOT = Path(__file__).parents[2]


def told(error: BaseException) -> str:
    """An error and what led to it, with the lines of code that each came through."""
    return "\n".join(line for each in _chain(error) for line in _lines(each))


def _chain(error: BaseException) -> Iterator[BaseException]:
    led_to: BaseException | None = error
    for _ in range(CAUSES_MAX):
        if led_to is None:
            return
        yield led_to
        led_to = led_to.__cause__ or (None if led_to.__suppress_context__ else led_to.__context__)


def _lines(error: BaseException) -> Iterator[str]:
    yield f"  {type(error).__qualname__}"
    for frame in extract_tb(error.__traceback__)[-FRAMES_MAX:]:
        yield f"    {_shown(Path(frame.filename))}:{frame.lineno} {frame.name}"


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
