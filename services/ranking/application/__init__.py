"""Ranking's use cases: count the topic, show the result, approve it, publish it, correct it."""

from services.ranking.application.asked import Moment
from services.ranking.application.board import Board, Rebuilt
from services.ranking.application.differences import Differences, Span
from services.ranking.application.exported import Exported
from services.ranking.application.following import Entries, Followers, Head, Silence, Told
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.rankings import Rankings, Shelf
from services.ranking.application.red_flags import RedFlags, Wanted
from services.ranking.application.scenarios import Scenarios, Tools, WantedDrawing

__all__ = [
    "Board",
    "Differences",
    "Entries",
    "Exported",
    "Followers",
    "Head",
    "Ledgers",
    "Moment",
    "Rankings",
    "Rebuilt",
    "RedFlags",
    "Scenarios",
    "Shelf",
    "Silence",
    "Span",
    "Told",
    "Tools",
    "Wanted",
    "WantedDrawing",
]
