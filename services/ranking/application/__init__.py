"""Ranking's use cases: count the topic, show the result, approve it, publish it, correct it."""

from services.ranking.application.alarms import Alarms
from services.ranking.application.asked import Moment
from services.ranking.application.board import Board
from services.ranking.application.bundles import Bundle, Bundles
from services.ranking.application.checkpoints import Checkpoints
from services.ranking.application.differences import Differences, Span
from services.ranking.application.explanations import Explanations, Log
from services.ranking.application.exported import Exported
from services.ranking.application.following import Entries, Followers, Head, Silence, Told
from services.ranking.application.forgetting import Forgetting, Somebody, WantedTexts
from services.ranking.application.ledger_states import LedgerStates
from services.ranking.application.ledgers import Ledgers
from services.ranking.application.notes import KINDS as NOTES
from services.ranking.application.notes import Notes
from services.ranking.application.rankings import Rankings, Shelf
from services.ranking.application.rebuilder import Came, Manner, Reached, Rebuilder, Source, Switch
from services.ranking.application.rebuilds import Make, Order, Rebuilds
from services.ranking.application.red_flags import RedFlags, Wanted
from services.ranking.application.routed import drawn, served
from services.ranking.application.scenarios import Scenarios, Tools, WantedDrawing
from services.ranking.application.signing import Signing
from services.ranking.application.sources import Stores
from services.ranking.application.trees import Trees

__all__ = [
    "NOTES",
    "Alarms",
    "Board",
    "Bundle",
    "Bundles",
    "Came",
    "Checkpoints",
    "Differences",
    "Entries",
    "Explanations",
    "Exported",
    "Followers",
    "Forgetting",
    "Head",
    "LedgerStates",
    "Ledgers",
    "Log",
    "Make",
    "Manner",
    "Moment",
    "Notes",
    "Order",
    "Rankings",
    "Reached",
    "Rebuilder",
    "Rebuilds",
    "RedFlags",
    "Scenarios",
    "Shelf",
    "Signing",
    "Silence",
    "Somebody",
    "Source",
    "Span",
    "Stores",
    "Switch",
    "Told",
    "Tools",
    "Trees",
    "Wanted",
    "WantedDrawing",
    "WantedTexts",
    "drawn",
    "served",
]
