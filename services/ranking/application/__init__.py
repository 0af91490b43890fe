"""Ranking's use cases: count the topic, show the result, approve it, publish it, correct it."""

from services.ranking.application.board import Board, Rebuilt
from services.ranking.application.exported import Exported
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.rankings import Moment, Rankings, Shelf
from services.ranking.application.red_flags import RedFlags, Wanted

__all__ = [
    "Board",
    "Exported",
    "Ledgers",
    "Moment",
    "Rankings",
    "Rebuilt",
    "RedFlags",
    "Shelf",
    "Wanted",
]
