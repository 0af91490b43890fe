"""What people wrote: read by moderators, and released or removed, each once.

    claim   the comment out of those that may be read; the first who decides on it is right
    record  what it says, where it is to be released
    remove  the comment

Whatever crashes in between, the rest is done later: the urn keeps what was decided until then, and
the log takes each comment once, by a key that is made of its name.
"""

from collections.abc import Sequence
from functools import partial

from services.survey.application.shelf import Place, Shelf, urn_name
from services.survey.domain import questionnaire as domain
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.ports import Claim, Clock, Comment, Seals, Urn, Verdict
from shared.runtime.apart import Bookmark

CLAIMS_FINISHED_MAX = 1_000
"""So many comments are finished with in one turn, of all questionnaires."""


class Moderation:
    """Comments that left the urn, until somebody has read them."""

    def __init__(self, shelf: Shelf, urn: Urn, seals: Seals, clock: Clock) -> None:
        self._shelf = shelf
        self._urn = urn
        self._seals = seals
        self._clock = clock
        self._finished = Bookmark("")

    async def waiting(
        self, by: Actor, at: Place, *, limit: int, after: str = ""
    ) -> Sequence[Comment]:
        """Comments that nobody has decided on, by their names, which tell nothing."""
        permit(by, "moderate-comments")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        return await self._urn.comments(urn_name(*at), limit=limit, after=after)

    async def release(
        self, by: Actor, at: Place, name: str, text: str | None, context: Context
    ) -> None:
        """Put a comment into the log: as it is, or as `text` says where it named somebody.

        A second time it is no news, whoever says it; with another text, or after `remove`, it is
        refused, as `Urn.claim_comment` says.
        """
        said = f"comment-text\n{name}\n{text or ''}"
        verdict = Verdict("released", by.reference, self._seals.digest("comment", said.encode()))
        await self._decide(by, at, name, verdict, text or "", context)

    async def remove(self, by: Actor, at: Place, name: str, context: Context) -> None:
        """Forget a comment; a second time does nothing, and after `release` it is refused."""
        await self._decide(by, at, name, Verdict("removed", by.reference), "", context)

    async def finish_all(self, claims_max: int = CLAIMS_FINISHED_MAX) -> int:
        """Do what was decided and a crash left open, of the next comments; returns of how many."""
        finish = partial(self._finish, context=Context(at=self._clock.now()))
        claims = await self._urn.claimed(after=self._finished.after, limit=claims_max)
        met = [(claim.comment.name, claim) for claim in claims]
        finished = await self._finished.go_on(met, finish, lambda claim: claim.questionnaire)
        if len(claims) < claims_max:
            self._finished.begin_anew()
        return finished

    async def _decide(
        self, by: Actor, at: Place, name: str, verdict: Verdict, text: str, context: Context
    ) -> None:
        permit(by, "moderate-comments")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        claim = await self._urn.claim_comment(urn_name(*at), name, verdict, text=text)
        if claim is not None:
            await self._finish(claim, context)

    async def _finish(self, claim: Claim, context: Context) -> int:
        if claim.verdict.fate == "released":
            await self._record(claim, context)
        await self._urn.remove_comment(claim.questionnaire, claim.comment.name)
        return 1

    async def _record(self, claim: Claim, context: Context) -> None:
        """Say it in the name of whoever was first, once, whoever comes by here."""
        comment, (cycle, _, name) = claim.comment, claim.questionnaire.partition("/")
        once = Context(
            at=context.at,
            actor=claim.verdict.by,
            correlation_id=context.correlation_id,
            idempotency_key=self._key(comment.name),
            request_digest=claim.verdict.digest,
        )
        sealed = await self._seals.seal(comment.text)
        command = domain.ReleaseComment(comment.agency, comment.question, sealed)
        await self._shelf.decide(cycle, name, command, once)

    def _key(self, name: str) -> str:
        """No caller can use it for something else: a key of theirs has no blank in it."""
        named = f"comment-name\n{name}"
        return f"comment {self._seals.digest('comment', named.encode())}"
