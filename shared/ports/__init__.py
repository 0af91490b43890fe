"""What the rooms need of the outside world, and what it promises them, failure included.

Every port has one contract suite in tests/ports, which each of its adapters passes.
"""

from shared.ports.ballots import BALLOT_BYTES, BallotKeys
from shared.ports.directory import LOOKS_MAX, Directory, Entry, Look, Person
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
from shared.ports.files import Check, Content, Files, Inspector, Scan, Scanner, take_any
from shared.ports.notary import Notary, Signer
from shared.ports.stream import Delivery, Message, Stream, Subscription
from shared.ports.surroundings import (
    REMOVED,
    Chance,
    Clock,
    Following,
    Leases,
    News,
    Purpose,
    Seals,
    read_out,
)
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
    "LOOKS_MAX",
    "PERSONS_MAX",
    "REMOVED",
    "BallotKeys",
    "Box",
    "Chance",
    "Channel",
    "Check",
    "Claim",
    "Clock",
    "Column",
    "Comment",
    "Content",
    "Delivery",
    "Directory",
    "Document",
    "Documents",
    "Draft",
    "Drafts",
    "Draw",
    "Entry",
    "EventStore",
    "Files",
    "Following",
    "Format",
    "Inspector",
    "KeptPile",
    "Leases",
    "Logged",
    "Look",
    "Message",
    "News",
    "Notary",
    "Odd",
    "Person",
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
    "Urn",
    "Verdict",
    "read_out",
    "take_any",
]
