"""Facts as they may arrive: streams mixed anew, the order within each stream kept."""

from collections import defaultdict, deque
from collections.abc import Sequence

from hypothesis import strategies as st

from shared.events.codec import Stored


@st.composite
def interleaved(draw: st.DrawFn, told: Sequence[Stored]) -> list[Stored]:
    """The same facts in another order that keeps that of every stream."""
    streams: defaultdict[str, deque[Stored]] = defaultdict(deque)
    for stored in told:
        streams[stored.stream].append(stored)
    turns = draw(st.permutations([stored.stream for stored in told]))
    return [streams[stream].popleft() for stream in turns]


@st.composite
def repeated(draw: st.DrawFn, told: Sequence[Stored]) -> list[Stored]:
    """The same facts, some of them told again later, as a relay does after a crash."""
    arriving = list(told)
    for _ in range(draw(st.integers(0, 5))):
        start = draw(st.integers(0, len(arriving) - 1))
        end = draw(st.integers(start, len(arriving) - 1))
        arriving[end:end] = arriving[start:end]
    return arriving
