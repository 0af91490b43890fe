"""The shape of every decision: facts so far, a command, and the facts that follow from both."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Command = TypeVar("Command")
State = TypeVar("State")
Fact = TypeVar("Fact")


@dataclass(frozen=True)
class Fold(Generic[State, Fact]):
    """A state that is made of facts: what a service keeps of the streams of another."""

    initial: State
    evolve: Callable[[State, Fact], State]


@dataclass(frozen=True)
class Decider(Generic[Command, State, Fact]):
    """Three pure things that together are one aggregate.

    `decide` raises `errors.Refused` or returns the facts that follow, bare; no facts means no news.
    `evolve` takes a fact as it was recorded, and never refuses: it has happened.
    """

    initial: State
    decide: Callable[[Command, State], Sequence[object]]
    evolve: Callable[[State, Fact], State]
