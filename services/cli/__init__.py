"""The command line: `python -m services COMMAND`."""

import argparse
import sys
from collections.abc import Mapping, Sequence

from services.cli import (
    backup,
    bundle,
    catalogue,
    cycle,
    explain,
    login,
    permissions,
    rebuild,
    results,
    smoke,
    telemetry,
    token,
    up,
    witness,
)
from services.cli.command import Command
from shared.adapters import messages
from shared.kernel.errors import Problem, Refused

REFUSED = 2

COMMANDS: Sequence[Command] = (
    up.COMMAND,
    token.COMMAND,
    login.COMMAND,
    cycle.COMMAND,
    results.COMMAND,
    rebuild.COMMAND,
    explain.COMMAND,
    bundle.COMMAND,
    witness.COMMAND,
    smoke.COMMAND,
    *backup.COMMANDS,
    permissions.COMMAND,
    telemetry.COMMAND,
    catalogue.COMMAND,
)

_DESCRIPTION = "The PAR Index (Chỉ số cải cách hành chính) of a province, from one log of facts."
_EPILOG = "python -m services COMMAND --help says more, with examples."


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command; returns the exit status: 0, or 2 where the command was refused."""
    options = _parser(environment).parse_args(arguments)
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


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m services", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        of_command = commands.add_parser(
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
