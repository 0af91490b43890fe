"""A setting of the eventsourcing library that loses facts for whoever tails the log."""

from collections.abc import Mapping, Sequence

UNSAFE_SETTING = "POSTGRES_ENABLE_DB_FUNCTIONS"


def unsafe_settings(environment: Mapping[str, str]) -> Sequence[str]:
    """By which names it is there, whatever it says.

    The library takes it with the name of an application before it, too.
    """
    return [name for name in environment if name.endswith(UNSAFE_SETTING)]
