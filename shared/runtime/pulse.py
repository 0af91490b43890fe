"""What is seen of a loop from outside: what its steps come to, and how far it has come.

A pulse tells what one process does. Progress tells how far the work has come, whoever does it.
"""

from dataclasses import dataclass

from shared.kernel.errors import Problem, Refused, Unavailable

FORGOTTEN_S = 60.0
"""What failed so long ago, and was left to another since, is forgotten: one of a few that fail in
turn has it again in less."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a consumer has come in what it reads, and how far that goes by now.

    Both only grow, but for one who reads a part that changes, as the members of a group do. `held`
    names what keeps a part of it where it is, and that nothing this process does gets past; a part
    `fails` while others may get on.
    """

    reached: int
    end: int
    held: str = ""
    fails: bool = False

    @property
    def left(self) -> int:
        """How many facts are still to be dealt with, at most: positions may have holes."""
        return max(0, self.end - self.reached)


@dataclass(frozen=True, slots=True)
class Run:
    """Steps of a kind, one after the other: when the first began, the one before last, the last."""

    first_s: float
    before_s: float
    last_s: float


@dataclass(slots=True)
class Pulse:
    """What a loop does, in seconds of the event loop's own clock; None for never.

    `begun_s` is when the step that is under way began. `idle` are the steps up to now that were
    this loop's to take, and did nothing without failing. `failure` names what a step last failed
    with, at `failed_s`; steps have failed since `failing_since_s`, and for reasons of their own
    from `erring_since_s` to `erred_s`. All of these stand until the loop gets on, as its progress
    tells where it has one: a step that went well may not have come to what fails.
    `is_well` says that the last step that it took did not fail, and `is_over` that it turns no
    more, and lets go of what it holds.
    """

    begun_s: float | None = None
    idle: Run | None = None
    failure: str = ""
    failed_s: float | None = None
    failing_since_s: float | None = None
    erring_since_s: float | None = None
    erred_s: float | None = None
    is_well: bool = True
    is_over: bool = False

    def got_on(self) -> None:
        """It did something, whoever did it; or nothing is left that it could do."""
        self.failure = ""
        self.failed_s = self.failing_since_s = self.erring_since_s = self.erred_s = None

    def went_well(self, done: int | None, began_s: float, now_s: float) -> None:
        """A step came to its end; None where it was not this loop's turn, which tells nothing."""
        if done is None and self.failed_s is not None and now_s - self.failed_s > FORGOTTEN_S:
            self.got_on()  # Another had it for so long that nobody can tell.
        if done is None or done:
            self.idle = None
        elif self.idle is None:
            self.idle = Run(began_s, began_s, began_s)
        else:
            self.idle = Run(self.idle.first_s, self.idle.last_s, began_s)
        self.is_well = self.is_well or done is not None

    def failed(self, error: Exception, began_s: float, now_s: float) -> None:
        """A step that began then failed."""
        self.failure, self.failed_s = name_of(error), now_s
        self.is_well, self.idle = False, None
        if self.failing_since_s is None:
            self.failing_since_s = began_s
        if isinstance(error, Unavailable | Refused):
            self.erring_since_s = self.erred_s = None  # Nothing in this process is the reason.
            return
        self.erred_s = now_s
        if self.erring_since_s is None:
            self.erring_since_s = began_s


def name_of(error: Exception) -> str:
    """What a failure is called: its code, or its kind."""
    return error.code if isinstance(error, Problem) else type(error).__name__
