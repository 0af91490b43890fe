"""`explain`: where an agency's numbers come from, as a page for the terminal or for programs."""

from services.cli.explain.command import COMMAND

__all__ = ["COMMAND"]
