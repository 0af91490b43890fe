"""`catalogue`: every fact that the services tell, as an AsyncAPI document."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping

from services.cli.command import Command
from shared.events import catalogue


def _add_options(_: ArgumentParser, __: Mapping[str, str]) -> None:
    """It depends on nothing but the version of the system."""


def _run(_: Namespace) -> int:
    sys.stdout.write(catalogue.text())
    return 0


COMMAND = Command(
    name="catalogue",
    summary="print the catalogue of facts",
    description="Prints an AsyncAPI 3.0 document of every fact that the services tell, with its "
    "schema and\nan example. A running system has it at /ranking/asyncapi.json.",
    examples="""examples:
  python -m services catalogue > asyncapi.json
""",
    add_options=_add_options,
    run=_run,
)
