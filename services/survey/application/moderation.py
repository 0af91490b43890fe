"""What people wrote: read by moderators, and released or removed."""

from collections.abc import Sequence

from services.survey.application.shelf import Shelf, urn_name
from services.survey.domain import questionnaire as domain
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.ports import Comment, Seals, Urn

COMMENTS_MAX = 100


class Moderation:
    """Comments that left the urn, until somebody has read them."""

    def __init__(self, shelf: Shelf, urn: Urn, seals: Seals) -> None:
        self._shelf = shelf
        self._urn = urn
        self._seals = seals

    async def waiting(self, by: Actor, at: tuple[str, str]) -> Sequence[Comment]:
        """Comments that nobody has decided on, in no order."""
        permit(by, "moderate-comments")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        return await self._urn.comments(urn_name(*at), limit=COMMENTS_MAX)

    async def release(
        self, by: Actor, at: tuple[str, str], name: str, text: str | None, context: Context
    ) -> None:
        """Put a comment into the log: as it is, or as `text` says where it named somebody.

        Raises `Missing("comment-unknown")` where it was decided on before.
        """
        permit(by, "moderate-comments")
        comment = await self._comment(at, name)
        if comment is None:  # Decided on before: said again with the same key, it is no news.
            command = domain.ReleaseComment(None)
        else:
            sealed = await self._seals.seal(text or comment.text)
            command = domain.ReleaseComment((comment.agency, comment.question, sealed))
        await self._shelf.decide(*at, command, context)
        await self._urn.remove_comment(urn_name(*at), name)

    async def remove(self, by: Actor, at: tuple[str, str], name: str) -> None:
        """Forget a comment; a second time does nothing."""
        permit(by, "moderate-comments")
        await self._urn.remove_comment(urn_name(*at), name)

    async def _comment(self, at: tuple[str, str], name: str) -> Comment | None:
        comments = await self._urn.comments(urn_name(*at), limit=COMMENTS_MAX)
        return next((comment for comment in comments if comment.name == name), None)
