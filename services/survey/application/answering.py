"""What people can do who were asked: see what is asked, answer once, and be gone."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.survey.application.about import About, about, by_the_clock
from services.survey.application.counted_receipts import CountedReceipts
from services.survey.application.looks import Looks
from services.survey.application.made import Made
from services.survey.application.shelf import Place, Shelf, ballot_name, urn_name
from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import Cycle
from services.survey.domain.filled import Filled, answer_of, comments_of
from services.survey.domain.token import hashed, receipt_of
from shared.events import survey as events
from shared.kernel.calendar import VIETNAM
from shared.kernel.errors import Refused
from shared.ports import BallotKeys, Chance, Clock, Right, Slip, Urn

TAKING_KNOWN_S = 1.0
"""So long it is taken as known whether a questionnaire takes answers; the urn has the last word."""

RECEIPT_BYTES_MAX = 128
"""What a receipt takes in memory: its characters, Python's own, and its place in a list."""

RECEIPT = re.compile(r"[A-Za-z0-9_-]{22,64}")


@dataclass(frozen=True, slots=True)
class _Open:
    """A questionnaire that took answers when it was looked at."""

    state: domain.Questionnaire
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class Signed:
    """A ballot that was signed unseen, about which agency, and by which of the published keys."""

    agency: str
    signature: bytes
    key: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot about an agency, with a signature that is to be shown good."""

    agency: str
    prepared: bytes
    signature: bytes


class Answering:
    """What people can do who were asked. Nothing of the caller is known here, or kept."""

    def __init__(
        self,
        shelf: Shelf,
        urn: Urn,
        counted: CountedReceipts,
        ballots: BallotKeys,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._shelf = shelf
        self._receipts = Made(_sorted, lambda _, receipts: receipts_bytes(receipts))
        self._urn = urn
        self._counted = counted
        self._ballots = ballots
        self._clock = clock
        self._chance = chance
        self._looks = Looks(self._look, clock, known_s=TAKING_KNOWN_S)

    async def asked(self, cycle: str, name: str) -> events.QuestionnaireAdopted:
        """The questionnaire; `Refused` unless it takes answers now."""
        return domain.adopted_in((await self._require_taking(cycle, name)).state)

    async def about(self, cycle: str, name: str, agency: str) -> About:
        """The same, with whom it is about and until when."""
        taking = await self._require_taking(cycle, name)
        return about(domain.adopted_in(taking.state), taking.cycle, agency)

    async def right(self, cycle: str, name: str, token: str) -> Right:
        """The right behind a token that can still be used; raises as `Urn.right` does."""
        return await self._urn.right(urn_name(cycle, name), hashed(token))

    async def answer(
        self, at: Place, token: str, filled: Filled, *, receipt: str, hasty: bool = False
    ) -> None:
        """Use a right to answer the questionnaire `at` (cycle, name); the receipt will be counted.

        Raises `Refused("answers-invalid")` with every flaw, and what `Urn.spend` raises.
        """
        taking = await self._require_taking(*at)
        slip = _slip(taking.state, filled, receipt, hasty=hasty)
        day = self._clock.now().astimezone(VIETNAM).date()
        await self._urn.spend(urn_name(*at), hashed(token), slip, day=day)

    async def exchange(self, at: Place, token: str, blinded: bytes) -> Signed:
        """Give an invitation for a signature over a ballot that nobody here can see (RFC 9474).

        For the same blinded ballot it is given again. Raises `Refused("exchange-over")` where it is
        to close soon, and `Refused("ballot-malformed")`, both of which use up nothing, and what
        `Urn.exchange` and `BallotKeys.sign` raise.
        """
        taking = await self._require_taking(*at)
        keys = _published(taking.state)
        wanted = (urn_name(*at), hashed(token), hashlib.sha256(blinded).hexdigest())
        agency = (await self._exchangeable(taking, *wanted)).agency
        # Signed first: a ballot that cannot be signed has to use up no invitation.
        signature = await self._ballots.sign(ballot_name(at, agency), blinded)
        await self._urn.exchange(*wanted)
        return Signed(agency, signature, keys[agency])

    async def cast(self, at: Place, ballot: Ballot, filled: Filled, *, receipt: str) -> None:
        """Answer by a signed ballot, which says of whom nothing; raises as `answer` does.

        Raises `Refused("ballot-malformed")` where the signature is not good, and
        `Refused("ballot-spent")` the second time.
        """
        state = (await self._require_taking(*at)).state
        key = _published(state).get(ballot.agency)
        if key is None:
            raise Refused("ballot-key-missing")
        if not self._ballots.verify(key, ballot.prepared, ballot.signature):
            raise Refused("ballot-malformed")
        slip = _slip(state, filled, receipt, hasty=False)
        spent = hashlib.sha256(ballot.prepared).hexdigest()
        await self._urn.cast(urn_name(*at), ballot.agency, spent, slip)

    async def adopted(self, cycle: str, name: str) -> events.QuestionnaireAdopted:
        """The questionnaire, whether it takes answers or not."""
        return domain.adopted_in(await self._shelf.questionnaire(cycle, name))

    async def ballot_keys(self, cycle: str, name: str) -> Mapping[str, str]:
        """The public key of each agency that signs ballots, as the log names it; none, or all."""
        state = await self._shelf.questionnaire(cycle, name)
        domain.adopted_in(state)
        return state.keys.keys if state.keys else {}

    async def ballot_key(self, cycle: str, name: str, agency: str) -> str:
        """The one of an agency while it takes answers; empty where there is none."""
        state = (await self._require_taking(cycle, name)).state
        return state.keys.keys.get(agency, "") if state.keys else ""

    async def gives_ballots(self, cycle: str, name: str, agency: str) -> bool:
        """Whether an invitation about an agency is given for a ballot now."""
        taking = await self._require_taking(cycle, name)
        keys = taking.state.keys.keys if taking.state.keys else {}
        ends = about(domain.adopted_in(taking.state), taking.cycle, agency).exchange_ends
        if agency not in keys or self._clock.now() >= ends:
            return False
        # An officer may have ended it before.
        return (await self._urn.standing(urn_name(cycle, name))).exchanging

    async def receipts(self, cycle: str, name: str) -> Sequence[str]:
        """The receipts of all answers that were counted, sorted; nobody asks for one's own.

        They are the same object until a batch is counted.
        """
        state = await self._shelf.questionnaire(cycle, name)
        domain.adopted_in(state)
        return self._receipts.of((cycle, name), state.receipts)

    def receipt(self) -> str:
        """A new receipt: a number that says nothing, and that nobody can guess."""
        return receipt_of(self._chance.token())

    async def _exchangeable(
        self, taking: _Open, urn: str, token_sha256: str, blinded_sha256: str
    ) -> Right:
        """The right behind an invitation that is not used, or was given for this very ballot."""
        try:
            right = await self._urn.right(urn, token_sha256)
        except Refused as refusal:
            if refusal.code != "token-spent":
                raise
            return await self._urn.exchange(urn, token_sha256, blinded_sha256)
        told = about(domain.adopted_in(taking.state), taking.cycle, right.agency)
        if self._clock.now() >= told.exchange_ends:
            raise Refused("exchange-over", closes=by_the_clock(told.closes))
        return right

    async def _require_taking(self, cycle: str, name: str) -> _Open:
        """What is asked cannot change any more once it takes answers, so that it is remembered."""
        return await self._looks.at((cycle, name))

    async def _look(self, place: Place, now: datetime) -> _Open:
        state, cycle = await self._shelf.questionnaire(*place), await self._shelf.cycle(place[0])
        domain.require_taking(state, cycle, now)
        await self._counted.tell_once(*place, state)
        return _Open(state, cycle)


def _published(state: domain.Questionnaire) -> Mapping[str, str]:
    if state.keys is None:
        raise Refused("ballot-key-missing")
    return state.keys.keys


def checked_receipt(receipt: str) -> str:
    """A receipt that somebody made: 22 to 64 characters of Base64 for URLs."""
    if RECEIPT.fullmatch(receipt) is None:
        raise Refused("receipt-malformed")
    return receipt


def _slip(state: domain.Questionnaire, filled: Filled, receipt: str, *, hasty: bool) -> Slip:
    domain.check_answers(state, filled)
    return Slip(
        answer=answer_of(domain.adopted_in(state), filled, hasty=hasty),
        receipt=checked_receipt(receipt),
        comments=comments_of(filled),
    )


def receipts_bytes(receipts: Sequence[str]) -> int:
    """How much memory such a list takes at most."""
    return len(receipts) * RECEIPT_BYTES_MAX


def _sorted(batches: Iterable[Sequence[str]]) -> Sequence[str]:
    return sorted(receipt for batch in batches for receipt in batch)
