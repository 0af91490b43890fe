"""What the rooms need of the outside world, and what it promises them, failure included.

Every port has one contract suite in tests/ports, which each of its adapters passes.
"""

from shared.ports.ballots import BALLOT_BYTES, BallotKeys
from shared.ports.documents import Document, Documents
from shared.ports.drafts import (
    FIRST_PILE,
    PERSONS_MAX,
    Draft,
    Drafts,
    KeptPile,
    PileName,
    Typed,
)
from shared.ports.eventstore import EventStore, Logged, Tracking
from shared.ports.files import (
    Brought,
    Check,
    Content,
    Files,
    Inspector,
    Scan,
    Scanner,
    Uploads,
    Wanted,
    take_any,
)
from shared.ports.notary import Notary, Signer
from shared.ports.stream import Delivery, Message, Stream, Subscription
from shared.ports.surroundings import Chance, Clock, Following, Leases, News, Purpose, Seals
from shared.ports.tables import Column, Format, Odd, Table, Tables
from shared.ports.urn import (
    Box,
    Channel,
    Claim,
    Comment,
    Draw,
    Right,
    RightKind,
    Slip,
    Standing,
    Turnout,
    Urn,
    Verdict,
)

__all__ = [
    "BALLOT_BYTES",
    "FIRST_PILE",
    "PERSONS_MAX",
    "BallotKeys",
    "Box",
    "Brought",
    "Chance",
    "Channel",
    "Check",
    "Claim",
    "Clock",
    "Column",
    "Comment",
    "Content",
    "Delivery",
    "Document",
    "Documents",
    "Draft",
    "Drafts",
    "Draw",
    "EventStore",
    "Files",
    "Following",
    "Format",
    "Inspector",
    "KeptPile",
    "Leases",
    "Logged",
    "Message",
    "News",
    "Notary",
    "Odd",
    "PileName",
    "Purpose",
    "Right",
    "RightKind",
    "Scan",
    "Scanner",
    "Seals",
    "Signer",
    "Slip",
    "Standing",
    "Stream",
    "Subscription",
    "Table",
    "Tables",
    "Tracking",
    "Turnout",
    "Typed",
    "Uploads",
    "Urn",
    "Verdict",
    "Wanted",
    "take_any",
]
