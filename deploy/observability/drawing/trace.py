"""A trace, drawn: each span in its place in time, under the one that caused it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deploy.observability.drawing.page import colour, filled
from deploy.observability.drawing.scale import Scale, milliseconds, ticks

WIDTH_PX = 1_200
HEAD_PX, ROW_PX, FOOT_PX = 118, 40, 20
NAMES_PX = 470
BAR_PX_MIN = 3.0
INDENT_PX = 16
NAME_CHARACTERS_MAX = 56
BESIDE_PX = 90
"""What a duration takes beside a bar, which stands before it where there is no more room."""


@dataclass(frozen=True, slots=True)
class Step:
    """A span: who did what, from when to when, and what was told beside it."""

    id: str
    parent: str
    service: str
    name: str
    began_ns: int
    ended_ns: int
    told: Sequence[str]


def draw(trace: str, steps: Sequence[Step]) -> str:
    """The picture of the trace of that id."""
    began_ns = min(step.began_ns for step in steps)
    all_ms = (max(step.ended_ns for step in steps) - began_ns) / 1e6
    marked = [tick for tick in ticks(all_ms) if tick <= all_ms]
    scale = Scale(all_ms, NAMES_PX + 12, WIDTH_PX - 30)
    ordered = list(_ordered(steps))
    services = list(dict.fromkeys(step.service for _, step in ordered))
    colours = {service: colour(number) for number, service in enumerate(services)}
    return filled(
        "trace.svg.jinja",
        {
            "trace": trace,
            "width": WIDTH_PX,
            "height": HEAD_PX + ROW_PX * len(steps) + FOOT_PX,
            "top": HEAD_PX,
            "row_height": ROW_PX,
            "all": milliseconds(all_ms),
            "services": [{"name": name, "colour": colours[name]} for name in services],
            "ticks": [{"x": scale.at(tick), "text": milliseconds(tick)} for tick in marked],
            "rows": [
                {**_row(depth, step, began_ns, scale), "colour": colours[step.service]}
                for depth, step in ordered
            ],
        },
    )


def _ordered(steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """Each behind its cause, the earlier first, with how many causes there are before it."""
    ids = {step.id for step in steps}
    caused: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda each: each.began_ns):
        caused.setdefault(step.parent if step.parent in ids else "", []).append(step)

    def below(cause: str, depth: int) -> Iterator[tuple[int, Step]]:
        for step in caused.get(cause, ()):
            yield depth, step
            yield from below(step.id, depth + 1)

    return below("", 0)


def _row(depth: int, step: Step, began_ns: int, scale: Scale) -> Mapping[str, Any]:
    begin = scale.at((step.began_ns - began_ns) / 1e6)
    wide = max(BAR_PX_MIN, round(scale.at((step.ended_ns - began_ns) / 1e6) - begin, 1))
    is_before = begin + wide + BESIDE_PX > WIDTH_PX
    room = NAME_CHARACTERS_MAX - 2 * depth
    return {
        "indent": 16 + INDENT_PX * depth,
        "service": step.service,
        "name": _cut(step.name, room - len(step.service)),
        "told": " · ".join(step.told),
        "x": begin,
        "w": wide,
        "after": begin - 6 if is_before else begin + wide + 6,
        "anchor": "end" if is_before else "start",
        "took": milliseconds((step.ended_ns - step.began_ns) / 1e6),
    }


def _cut(name: str, room: int) -> str:
    """The name, without what is in the midst of it where it is too long."""
    if len(name) <= room:
        return name
    head = room // 3
    return f"{name[:head]}…{name[head + 1 - room :]}"
