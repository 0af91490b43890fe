"""The command line: `python -m services COMMAND`.

A command is imported when it is asked for: who wants a token need not wait for all the services.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import MappingProxyType

from services.cli.command import Command
from shared.adapters import messages
from shared.kernel.errors import Problem, Refused

REFUSED = 2

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "up": "up",
        "token": "token",
        "login": "login",
        "cycle": "cycle",
        "import-results": "results",
        "rebuild": "rebuild",
        "explain": "explain",
        "bundle": "bundle",
        "witness": "witness",
        "smoke": "smoke",
        "backup-key": "backup.key",
        "save": "backup.save",
        "restore": "backup.restore",
        "refill": "backup.refill",
        "recall": "backup.recall",
        "drill": "backup.drill",
        "backups": "backup.listed",
        "permissions": "permissions",
        "telemetry": "telemetry",
        "catalogue": "catalogue",
    }
)
"""The module of each command, in the order in which they are listed."""

_DESCRIPTION = "The PAR Index (Chỉ số cải cách hành chính) of a province, from one log of facts."
_EPILOG = "python -m services COMMAND --help says more, with examples."


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command; returns the exit status: 0, or 2 where the command was refused."""
    options = parser_for(arguments, environment).parse_args(arguments)
    command: Command = options.command
    try:
        return command.run(options)
    except Problem as problem:
        sys.stderr.write(messages.explained(problem))
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        reason = error.strerror or str(error)
        unreadable = Refused("file-unreadable", file=str(error.filename), reason=reason)
        sys.stderr.write(messages.explained(unreadable))
    return REFUSED


def _command(name: str) -> Command:
    command: Command = import_module(f"{__name__}.{COMMANDS[name]}").COMMAND
    return command


def parser_for(arguments: Sequence[str], environment: Mapping[str, str]) -> argparse.ArgumentParser:
    """What understands these arguments: the command that they begin with, or else all commands."""
    asked = [name for name in arguments[:1] if name in COMMANDS] or COMMANDS
    parser = argparse.ArgumentParser(
        "python -m services", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in map(_command, asked):
        of_command = parsers.add_parser(
            command.name,
            help=command.summary,
            description=command.description,
            epilog=command.examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        command.add_options(of_command, environment)
        of_command.set_defaults(command=command)
    return parser
