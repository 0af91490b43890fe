"""The smallest aggregate there is: an agency claims points, each amount once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.events import codec
from shared.events import submission as events
from shared.events.codec import Stored
from shared.events.envelope import Context, Recorded
from shared.kernel.decider import Decider
from shared.kernel.errors import Refused

AT = datetime(2021, 10, 15, 1, 0, tzinfo=UTC)
BY_NOBODY = Context(AT)
STREAM = "submission/2021/so-y-te"

Claims = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim these amounts; those that are claimed already are no news, and "-1" is refused."""

    points: tuple[str, ...]


def claim(*points: str) -> Claim:
    """The command."""
    return Claim(points)


def claimed(points: str, agency: str = "so-y-te") -> events.ScoreSubmitted:
    """The fact."""
    return events.ScoreSubmitted(
        cycle="2021", agency=agency, item="1.1", inputs={"points": points}, points=points
    )


def stored(version: int, points: str, stream: str = STREAM, context: Context = BY_NOBODY) -> Stored:
    """The fact as bytes, at its place."""
    return codec.encode(stream, version, context, claimed(points, stream.rpartition("/")[2]))


def amounts(facts: Sequence[Stored]) -> list[str]:
    """What the facts claim."""
    return [codec.decode(fact.body).data.points for fact in facts]


def _decide(command: Claim, claims: Claims) -> list[object]:
    if "-1" in command.points:
        raise Refused("points-below-zero")
    return [claimed(points) for points in command.points if points not in claims]


def _evolve(claims: Claims, recorded: Recorded) -> Claims:
    return (*claims, recorded.data.points)


decider: Decider[Claim, Claims, Recorded] = Decider(initial=(), decide=_decide, evolve=_evolve)
