"""Backups of a deployed system: saved, put back, held against what was signed.

`save` and `restore` are about one service, or the topic; `refill` and `recall` bring back what one
of the stores lost and others have; `drill` restores everything into an empty place and compares.
"""

from services.cli.backup import drill, key, recall, refill, restore, save
from services.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    key.COMMAND,
    save.COMMAND,
    restore.COMMAND,
    refill.COMMAND,
    recall.COMMAND,
    drill.COMMAND,
)

__all__ = ["COMMANDS"]
