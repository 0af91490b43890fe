"""An office that countersigns: it holds what it was shown, and signs only what goes on from it."""

from services.cli.witness.command import COMMAND

__all__ = ["COMMAND"]
