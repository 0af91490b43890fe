"""The settings of the issuer, as options of commands that have to know it."""

from argparse import ArgumentParser
from collections.abc import Collection, Mapping

from shared.adapters.deployed.issuer import ISSUER

WHERE = frozenset({"CCHC_ISSUER", "CCHC_ISSUER_CA"})
"""Where it is, and by which authority it is known: all that a program needs which only asks it."""


def add_issuer(
    parser: ArgumentParser, environment: Mapping[str, str], wanted: Collection[str] | None = None
) -> None:
    """Add an option for each of the settings, or for those that are wanted, by their names."""
    for setting in ISSUER:
        if wanted is None or setting.name in wanted:
            parser.add_argument(
                f"--{setting.field.replace('_', '-')}",
                type=setting.read,
                default=environment.get(setting.name, setting.default),
                metavar="TEXT",
                help=f"{setting.meaning.replace('`', '')}; {setting.name}",
            )
