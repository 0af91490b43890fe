"""Which answers leave the urn together, so that each hides among enough others.

Answers are mixed within a box: about one agency, by one channel. Who holds a token knows the
agency that it is about, so that only answers about the same agency hide it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from services.survey.domain.limits import BATCH_ANSWERS_MIN
from shared.events.survey import Channel

Way = Literal["invitation", "link", "paper"]
Box = tuple[str, Way]
"""An agency, and the channel by which answers about it came."""


@dataclass(frozen=True, slots=True)
class Taking:
    """Take a batch from these boxes, of one agency: at least, and so many stay behind."""

    boxes: tuple[Box, ...]
    least: int
    leave: int


def while_open(waiting: Mapping[Box, int], fits: int) -> Sequence[Taking]:
    """From each box that leaves enough behind for the last batch; a batch holds `fits` at most.

    A box that holds more gives several, so that counting keeps up with those who answer.
    """
    enough = 2 * BATCH_ANSWERS_MIN
    return [
        Taking((box,), BATCH_ANSWERS_MIN, BATCH_ANSWERS_MIN)
        for box, count in sorted(waiting.items())
        if count >= enough
        for _ in range(0, count - BATCH_ANSWERS_MIN, fits)
    ]


def at_closing(waiting: Mapping[Box, int], fits: int) -> Sequence[Taking]:
    """Everything, some batches at a time; a batch holds `fits` answers at most.

    Boxes too small to hide anybody are mixed with the others of their agency, or with what is left
    of these once they fit into a batch. Whatever is left over joins the last batch.
    """
    takings = []
    for _, boxes in groupby(sorted(waiting), key=lambda box: box[0]):
        for group in _groups(tuple(boxes), waiting, fits):
            count = sum(waiting[box] for box in group)
            takings.append(Taking(group, 1, 0 if count <= fits else BATCH_ANSWERS_MIN))
    return takings


def channel_of(boxes: Iterable[Box]) -> Channel:
    """What a batch of these boxes is said to have come by."""
    channels = {channel for _, channel in boxes}
    return channels.pop() if len(channels) == 1 else "mixed"


def _groups(
    boxes: tuple[Box, ...], waiting: Mapping[Box, int], fits: int
) -> Sequence[tuple[Box, ...]]:
    each = [(box,) for box in boxes]
    if all(waiting[box] >= BATCH_ANSWERS_MIN for box in boxes):
        return each
    return [(box,) for (box,) in each if waiting[box] > fits] or [boxes]
