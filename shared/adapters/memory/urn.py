"""The urn in memory."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from shared.adapters import rights
from shared.adapters.canonical import from_json
from shared.adapters.memory.urn_poll import Poll, shuffled
from shared.adapters.rights import Held
from shared.adapters.slips import Parts, parts_of
from shared.kernel.errors import Refused
from shared.ports import Box, Chance, Claim, Comment, Draw, Right, Slip, Standing, Turnout, Verdict


@dataclass(frozen=True, slots=True)
class _Put:
    """What is on its way into a box."""

    box: Box
    parts: Parts


class MemoryUrn:
    """An urn in memory."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._rights: dict[str, Held] = {}
        self._polls: defaultdict[str, Poll] = defaultdict(Poll)
        self._taken: set[str] = set()
        """All receipts that there ever were, counted or not."""

    async def grant(self, questionnaire: str, rights: Sequence[Right]) -> None:
        """Remember rights; those that are known already stay as they are."""
        await asyncio.sleep(0)
        for right in rights:
            self._rights.setdefault(right.token_sha256, Held(questionnaire, right))

    async def right(self, questionnaire: str, token_sha256: str) -> Right:
        """The right behind a token that can still be used."""
        await asyncio.sleep(0)
        return rights.usable(self._rights.get(token_sha256), questionnaire).right

    async def unused(self, questionnaire: str, tokens_sha256: Sequence[str]) -> frozenset[str]:
        """Which of these are invitations to it that nobody has used yet."""
        await asyncio.sleep(0)
        found = [self._rights[token] for token in tokens_sha256 if token in self._rights]
        return rights.unused(found, questionnaire)

    async def revoke(self, questionnaire: str, token_sha256: str) -> None:
        """Let a right be used no more."""
        await asyncio.sleep(0)
        held = rights.known(self._rights.get(token_sha256), questionnaire)
        self._rights[token_sha256] = replace(held, revoked=True)

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Use a right and put the slip in, both or neither."""
        parts = parts_of(slip)
        await asyncio.sleep(0)
        held = rights.known(self._rights.get(token_sha256), questionnaire)
        if held.right.kind == "link":
            self._require_new({slip.receipt})
        used = rights.usable(held, questionnaire).in_use_on(day)
        self._put(questionnaire, [_Put(Box(held.right.agency, held.right.kind), parts)])
        self._rights[token_sha256] = used

    async def exchange(self, questionnaire: str, token_sha256: str, blinded_sha256: str) -> Right:
        """Use up an invitation for a ballot; for the same one ever again."""
        await asyncio.sleep(0)
        held = rights.exchangeable(self._rights.get(token_sha256), questionnaire)
        exchanged = held.exchanged_for(blinded_sha256)
        if exchanged is not held:
            self._polls[questionnaire].require_exchanging()
            self._rights[token_sha256] = exchanged
        return held.right

    async def end_exchange(self, questionnaire: str) -> None:
        """Give no ballot from now on."""
        await asyncio.sleep(0)
        self._polls[questionnaire].exchanging = False

    async def ballots_out(self, questionnaire: str) -> int:
        """How many ballots were given and not cast."""
        await asyncio.sleep(0)
        mine = (held for held in self._rights.values() if held.questionnaire == questionnaire)
        given = sum(held.ballot_sha256 is not None for held in mine)
        return max(0, given - len(self._polls[questionnaire].ballots))

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot, once."""
        parts = parts_of(slip)
        await asyncio.sleep(0)
        ballots = self._polls[questionnaire].ballots
        if ballot_sha256 in ballots:
            raise Refused("ballot-spent")
        self._put(questionnaire, [_Put(Box(agency, "invitation"), parts)])
        ballots.add(ballot_sha256)

    async def drop(
        self, questionnaire: str, key: str, slips: Sequence[tuple[str, Slip]], *, digest: str
    ) -> bool:
        """Put in what was collected on paper, once per key; False if the key was there already."""
        puts = [_Put(Box(agency, "paper"), parts_of(slip)) for agency, slip in slips]
        await asyncio.sleep(0)
        poll = self._polls[questionnaire]
        if poll.holds(key, digest):
            return False
        self._put(questionnaire, puts)
        poll.dropped[key] = digest
        return True

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there, with this digest."""
        await asyncio.sleep(0)
        return self._polls[questionnaire].holds(key, digest)

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on."""
        await asyncio.sleep(0)
        self._polls[questionnaire].shut = True

    async def standing(self, questionnaire: str) -> Standing:
        """How far it has come."""
        await asyncio.sleep(0)
        poll = self._polls[questionnaire]
        return Standing(poll.exchanging, poll.shut, poll.discarded, poll.told)

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn."""
        await asyncio.sleep(0)
        answers = self._polls[questionnaire].answers
        return {box: len(texts) for box, texts in answers.items() if texts}

    async def drawn(self, questionnaire: str) -> Sequence[int]:
        """The batches that were drawn and not discarded, in their order."""
        await asyncio.sleep(0)
        return sorted(self._polls[questionnaire].drawn)

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
        """Set aside a shuffled batch of `least` to `most` answers, and `leave` some behind."""
        assert 1 <= least <= most, "a batch holds an answer"
        await asyncio.sleep(0)
        poll = self._polls[questionnaire]
        if batch <= poll.discarded:
            return None
        if batch not in poll.drawn:
            places = [(box, place) for box in boxes for place in range(len(poll.answers[box]))]
            size = min(most, len(places) - leave)
            if size < least:
                return None
            chosen = [places[number] for number in self._chance.shuffled(len(places))[:size]]
            in_turn = [box for box, _ in chosen]
            poll.drawn[batch] = (in_turn, *poll.set_aside(self._chance, chosen))
        held, answers, receipts = poll.drawn[batch]
        return Draw(batch, list(held), [from_json(text) for text in answers], list(receipts))

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget what the drawn batches held, up to this one: they stand in the log now."""
        await asyncio.sleep(0)
        poll = self._polls[questionnaire]
        poll.drawn = {each: held for each, held in poll.drawn.items() if each > batch}
        poll.discarded = max(poll.discarded, batch)

    async def know_counted(
        self, questionnaire: str, receipts: Sequence[str], *, batch: int
    ) -> None:
        """Take none of these, which the log has, from now on."""
        await asyncio.sleep(0)
        self._taken |= set(receipts)
        poll = self._polls[questionnaire]
        poll.told = max(poll.told, batch)

    async def stir(self) -> int:
        """Shuffle whatever waits, if something came."""
        await asyncio.sleep(0)
        unstirred = [poll for poll in self._polls.values() if not poll.stirred]
        for poll in unstirred:
            for kept in (poll.answers, poll.receipts):
                for box in kept:
                    kept[box] = shuffled(self._chance, kept[box])
            poll.stirred = True
        return sum(len(texts) for poll in unstirred for texts in poll.answers.values())

    async def release(self, questionnaire: str, *, least: int, leave: int = 0) -> int:
        """Let comments be read that hide among enough others, or all once the urn is shut."""
        assert least >= 1, "who lets comments out lets out one"
        await asyncio.sleep(0)
        poll = self._polls[questionnaire]
        at_least, behind = (1, 0) if poll.shut else (least, leave)
        return poll.comments.release(self._chance, at_least, behind)

    async def comments(
        self, questionnaire: str, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that may be read, by their names."""
        await asyncio.sleep(0)
        return self._polls[questionnaire].comments.readable(limit, after)

    async def claim_comment(
        self, questionnaire: str, name: str, verdict: Verdict, *, text: str = ""
    ) -> Claim | None:
        """Decide on a comment that may be read, once."""
        await asyncio.sleep(0)
        comments = self._polls[questionnaire].comments
        known = comments.decide(name, verdict, text)
        kept = comments.kept.get(name)
        return Claim(questionnaire, kept, known) if kept else None

    async def claimed(self, *, after: str = "", limit: int) -> Sequence[Claim]:
        """Claims of comments that were not removed, behind `after` by name."""
        await asyncio.sleep(0)
        polls = self._polls.items()
        claims = [claim for name, poll in polls for claim in poll.comments.claims(name)]
        behind = (claim for claim in claims if claim.comment.name > after)
        return sorted(behind, key=lambda claim: claim.comment.name)[:limit]

    async def remove_comment(self, questionnaire: str, name: str) -> None:
        """Forget a comment."""
        await asyncio.sleep(0)
        self._polls[questionnaire].comments.remove(name)

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """How rights were used, by agency."""
        await asyncio.sleep(0)
        mine = [held for held in self._rights.values() if held.questionnaire == questionnaire]
        invited = Counter(held.right.agency for held in mine if held.right.kind == "invitation")
        used = _uses(mine, "invitation")
        by_link = _uses(mine, "link")
        agencies = sorted({held.right.agency for held in mine})
        return {each: Turnout(invited[each], used[each], by_link[each]) for each in agencies}

    def _put(self, questionnaire: str, puts: Sequence[_Put]) -> None:
        """All of them, or none; nothing else happens meanwhile."""
        poll = self._polls[questionnaire]
        poll.require_open()
        receipts = {put.parts.receipt for put in puts}
        if len(receipts) < len(puts):
            raise Refused("receipt-taken")
        self._require_new(receipts)
        self._taken |= receipts
        for put in puts:
            poll.stirred = False
            poll.answers[put.box].append(put.parts.answer)
            poll.receipts[put.box].append(put.parts.receipt)
            for question, text in put.parts.comments:
                name = self._chance.token()
                poll.comments.kept[name] = Comment(name, put.box.agency, question, text)

    def _require_new(self, receipts: Set[str]) -> None:
        if receipts & self._taken:
            raise Refused("receipt-taken")


def _uses(mine: Iterable[Held], kind: str) -> Counter[str]:
    uses: Counter[str] = Counter()
    for held in mine:
        if held.right.kind == kind:
            uses[held.right.agency] += held.used
    return uses
