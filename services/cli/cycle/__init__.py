"""`cycle`: the request that opens a cycle, made of the files in which people write it."""

from services.cli.cycle.command import COMMAND
from services.cli.cycle.documents import read_scheme

__all__ = ["COMMAND", "read_scheme"]
