"""What the rooms need of the outside world, and what it promises them, failure included.

Every port has one contract suite in tests/ports, which each of its adapters passes.
"""

from shared.ports.documents import Document, Documents, Files
from shared.ports.eventstore import EventStore, Logged, Tracking
from shared.ports.notary import Notary, Signer
from shared.ports.stream import Delivery, Message, Stream, Subscription
from shared.ports.surroundings import Chance, Clock, Following, Leases, News, Seals
from shared.ports.urn import Draw, Invitation, Turnout, Urn

__all__ = [
    "Chance",
    "Clock",
    "Delivery",
    "Document",
    "Documents",
    "Draw",
    "EventStore",
    "Files",
    "Following",
    "Invitation",
    "Leases",
    "Logged",
    "Message",
    "News",
    "Notary",
    "Seals",
    "Signer",
    "Stream",
    "Subscription",
    "Tracking",
    "Turnout",
    "Urn",
]
