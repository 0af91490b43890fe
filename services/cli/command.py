"""What a command of the command line is."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A command by its name.

    `add_options` gets the environment, whose `CCHC_...` settings are the defaults of options.
    `run` returns the exit status, or raises a `Problem`, which is explained and exits with 2.
    """

    name: str
    summary: str
    description: str
    examples: str
    add_options: Callable[[ArgumentParser, Mapping[str, str]], None]
    run: Callable[[Namespace], int]
