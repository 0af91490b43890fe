"""`import-results`: tables of past years, published elsewhere, become cycles of imported facts."""

from services.cli.results.command import COMMAND

__all__ = ["COMMAND"]
