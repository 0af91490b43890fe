"""`rebuild`: the views of ranking made again from the log, compared, and let serve."""

from services.cli.rebuild.command import COMMAND

__all__ = ["COMMAND"]
