"""The urn: who may answer, and where answers wait, apart from them, until they are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

RightKind = Literal["invitation", "link"]
Channel = Literal["invitation", "link", "paper"]
Fate = Literal["released", "removed"]
"""What becomes of a comment."""


@dataclass(frozen=True, slots=True)
class Right:
    """The right to answer a questionnaire about one agency; only the token's hash is kept.

    An invitation is used once. An open link is used by anybody, up to `uses_max` times in all and
    `uses_per_day_max` times a day.
    """

    token_sha256: str
    agency: str
    kind: RightKind = "invitation"
    uses_max: int = 1
    uses_per_day_max: int = 1

    def __post_init__(self) -> None:
        assert self.kind == "link" or self.uses_max == 1, "an invitation is used once"


@dataclass(frozen=True, slots=True)
class Slip:
    """What one person puts in.

    It comes apart as it is put in: answer, receipt and comments share nothing in the urn, and
    leave it each in an order of their own. A comment is `{"question": ..., "text": ...}`.
    """

    answer: Mapping[str, Any]
    receipt: str
    comments: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """Answers that may be mixed: those about one agency that came by one channel."""

    agency: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many were invited about an agency, how many invitations were used, and links how often.

    An invitation that was exchanged for a ballot is used.
    """

    invited: int
    answered: int
    by_link: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a questionnaire has come in the urn: whether it gives ballots, or is shut.

    `discarded` is the last batch that was discarded, 0 where none was. `told` is the batch up to
    which it was told what the log has, 0 where nobody did.
    """

    exchanging: bool = True
    shut: bool = False
    discarded: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Draw:
    """Answers that left the urn together, and as many receipts, each shuffled by themselves.

    `boxes` says of each answer, in its place, from which box it is. The same until they are
    discarded. A receipt is not of the person of any answer here.
    """

    batch: int
    boxes: Sequence[Box]
    answers: Sequence[Mapping[str, Any]]
    receipts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote about an agency, under a name that says nothing."""

    name: str
    agency: str
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decided about a comment; `digest` tells releases with other texts apart."""

    fate: Fate
    by: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A comment that was decided on, and waits for what was decided to be done.

    Where it is to be released, its text is the one to release.
    """

    questionnaire: str
    comment: Comment
    verdict: Verdict


class Urn(Protocol):
    """Where answers wait until they are counted, apart from who gave them.

    A questionnaire is named `cycle/questionnaire`.
    """

    async def grant(self, questionnaire: str, rights: Sequence[Right]) -> None:
        """Remember rights; those that are known already stay as they are."""

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """The right behind a token that can still be used.

        Raises `Missing("token-unknown")`, `Refused("token-of-another-survey")`,
        `Refused("token-spent")` where an invitation was used or revoked, `Refused("link-full")`
        where a link was used up, or `Refused("link-closed")` where one was revoked.
        """

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """Which of these are invitations to it that nobody has used yet."""

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """Let a right be used no more; a second time does nothing.

        Raises as `right` does, but for what is spent.
        """

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Use a right and put the slip in, both or neither, sharing nothing afterwards.

        Raises what `right` raises, `Refused("link-full-today")` where a link was used often enough
        that day, `Refused("survey-closed")` once the urn is shut, and `Refused("receipt-taken")`
        where the receipt ever lay in the urn, in this order: also who sends again what was counted
        hears of an invitation first. Who comes by a link hears of the receipt before that link is
        closed or full: it may be this very answer that filled it.
        Raises `Crowded("too-many-answers")` where more wait than can be put in soon.
        """

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """Use up an invitation for a ballot that is signed blindly; for the same one ever again.

        Raises what `spend` raises of rights and of an urn that is shut, and once exchanges were
        ended `Refused("exchange-ended")`; the ballot that it gave before it still knows. A link is
        `Refused("token-without-ballot")`.
        """

    async def end_exchange(self, questionnaire: str) -> None:
        """Give no ballot from now on; those that were given can be cast until the urn is shut."""

    async def ballots_out(self, questionnaire: str) -> int:
        """How many ballots were given and not cast; which ones, nobody can tell.

        It is 0 too where more were cast than given, by whoever could sign without a right.
        """

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot whose signature is good, once.

        Raises `Refused("ballot-spent")` the second time, and what `spend` raises of the urn.
        """

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """Put in what was collected on paper, once per key; False if the key was there already.

        A slip comes with the agency that it is about. Raises `Refused("survey-closed")` for a new
        key once the urn is shut, `Refused("idempotency-key-reused")` where the key was there with
        another digest, and `Refused("receipt-taken")` where any of the receipts ever lay in the
        urn.
        """

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there; raises where it came with another digest, as `drop` does."""

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on, so that what is waiting is all there will be."""

    async def standing(self, questionnaire: str) -> Standing:
        """How far it has come; a questionnaire that nobody named before stands at its beginning."""

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn; boxes without any are left out."""

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded, in their order."""

    async def draw(
        self,
        questionnaire: str,
        boxes: Sequence[Box],
        *,
        batch: int,
        least: int,
        most: int,
        leave: int = 0,
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers of these boxes, or None.

        At least `leave` answers of them that nobody has drawn stay behind, whoever else draws
        meanwhile. As many receipts leave each box as answers do, chosen by themselves.

        A batch once drawn is drawn again unchanged until it is discarded, also after a crash and
        from whatever boxes; a batch that was discarded, or one before it, is never drawn again
        (None).
        """

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget what the drawn batches held, up to this one: they stand in the log now.

        In an urn that was put back to an earlier time, one may lie drawn that was recorded long
        ago. That their receipts were counted is remembered for ever, without order and apart from
        all else, so that none of them is counted a second time.
        """

    async def know_counted(
        self, questionnaire: str, receipts: Sequence[str], *, batch: int
    ) -> None:
        """Take none of these, which the log has, from now on; those that wait stay as they are.

        An urn of an earlier version discarded them without remembering that, and one that was put
        back to an earlier time never did. They are all receipts behind `Standing.told`, up to this
        batch, and that they were told is kept with them. A second time does nothing.
        """

    async def stir(self) -> int:
        """Write anew what waits: nothing in the tables tells any more when or how it came.

        What comes meanwhile may wait for the next time. Whoever puts in or draws has turns between.
        Returns how many answers wait that nobody has drawn; 0 where nothing came since the last
        time, which is found out in the database, whoever stirred it.
        """

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """Let comments be read; returns how many more may be.

        Those about one agency, to one question (of which nobody writes two), are let out by
        themselves: `least` at least at a time, chosen by chance, while `leave` at least stay
        behind, whoever else releases meanwhile. All, however few, once the urn is shut.
        Neither their order nor how they are kept tells which of them came first.
        """

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that may be read, by their names, behind the name `after`.

        Never one that is not released, nor one that was claimed.
        """

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """Decide on a comment that may be read, once; what it says becomes `text`, if given.

        The claim of whoever was first, until the comment is removed; then None. Raises
        `Refused("comment-released")` or `Refused("comment-removed")` where something else was
        decided before, and `Missing("comment-unknown")` where there is no such comment to read.
        """

    async def claimed(self, *, after: str = "", limit: int) -> Sequence[Claim]:
        """Claims of comments that were not removed, of all questionnaires, by name from `after`."""

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """Forget a comment, but not what was decided about its name.

        A second time does nothing.
        """

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """How rights were used, by agency."""
