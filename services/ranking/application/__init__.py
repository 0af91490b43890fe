"""Ranking's use cases: count the topic, show the result, approve it, publish it, correct it."""

from services.ranking.application.board import Board, Rebuilt
from services.ranking.application.checkpoints import Checkpoints
from services.ranking.application.exported import Exported
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.notes import Notes
from services.ranking.application.rankings import Moment, Rankings, Shelf
from services.ranking.application.signing import Signing
from services.ranking.application.trees import Trees

__all__ = [
    "Board",
    "Checkpoints",
    "Exported",
    "Ledgers",
    "Moment",
    "Notes",
    "Rankings",
    "Rebuilt",
    "Shelf",
    "Signing",
    "Trees",
]
