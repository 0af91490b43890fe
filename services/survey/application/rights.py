"""Who is to answer: the plan, the invitations, the open links, and how they were used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from services.survey.application.about import About, about
from services.survey.application.shelf import Place, Shelf, urn_name
from services.survey.domain import questionnaire as domain
from services.survey.domain.token import hashed, spelled
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.authority import permit
from shared.kernel.errors import Missing, Refused
from shared.ports import Purpose, Right, Seals, Turnout, Urn
from shared.runtime.handle import Outcome

TOKENS_SHOWN_S = 24 * 3600
"""So long a request that is said again shows its tokens again: a lost reply is missed by then."""

_FORMER: Purpose = "request"
"""Tokens were once made by the key that digests of requests have; those are still in use."""


@dataclass(frozen=True, slots=True)
class Link:
    """An open link: about which agency, and how often it may be used, in all and in a day."""

    name: str
    agency: str
    answers_max: int
    answers_per_day_max: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that was opened, and whether it was closed since."""

    link: Link
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Reminders:
    """Which invitations of a request nobody has used, by their places among them, from 1."""

    issue: domain.Issue
    serials: Sequence[int]


class Rights:
    """What survey officers do to have people answer.

    Tokens are made from a secret of the service and the key of the request, so that the same
    request gives the same tokens again; only their hashes are kept. Those that were made before
    digests had purposes are made as they were then.
    """

    def __init__(self, shelf: Shelf, urn: Urn, seals: Seals) -> None:
        self._shelf = shelf
        self._urn = urn
        self._seals = seals

    async def plan(
        self,
        by: Actor,
        at: Place,
        margin: Fraction,
        populations: Sequence[tuple[str, str, int]],
        context: Context,
    ) -> Outcome:
        """Plan the sample of the questionnaire `at` (cycle, name).

        `populations` says by agency and service (empty: all) how many people there are.
        """
        permit(by, "invite-respondents")
        cycle = await self._shelf.cycle(at[0])
        command = domain.PlanSample(margin, tuple(populations), cycle)
        return await self._shelf.decide(*at, command, context)

    async def invite(
        self, by: Actor, at: Place, agency: str, count: int, context: Context
    ) -> Sequence[str]:
        """New tokens, each good for one answer about the agency.

        The same request of the same person shows them again, for a while; then it is
        `Refused("invitations-given-out")`.
        """
        permit(by, "invite-respondents")
        command = domain.IssueInvitations(agency, count, await self._shelf.cycle(at[0]))
        outcome = await self._shelf.decide(*at, command, context)
        [issue] = [each for each in outcome.state.issues if each.key == context.idempotency_key]
        if context.at - issue.at > timedelta(seconds=TOKENS_SHOWN_S):
            raise Refused("invitations-given-out", key=issue.key, hours=f"{TOKENS_SHOWN_S // 3600}")
        # In the log first: whoever comes back after a crash finds all of them granted.
        tokens = await self._tokens(at, issue)
        await self._urn.grant(urn_name(*at), [Right(hashed(token), agency) for token in tokens])
        return tokens

    async def about(self, at: Place, agency: str) -> About:
        """What an invitation says: what is asked, about whom, and until when."""
        adopted = domain.adopted_in(await self._shelf.questionnaire(*at))
        return about(adopted, await self._shelf.cycle(at[0]), agency)

    async def open_link(self, by: Actor, at: Place, link: Link, context: Context) -> str:
        """The token of a link by which anybody may answer, up to its limits."""
        permit(by, "invite-respondents")
        limits = (link.answers_max, link.answers_per_day_max)
        command = domain.OpenLink(await self._shelf.cycle(at[0]), link.agency, link.name, *limits)
        await self._shelf.decide(*at, command, context)
        await self._follow_link(at, link.name)
        return await self._token_of_link(at, link.name)

    async def links(self, by: Actor, at: Place) -> Sequence[Opened]:
        """The links that were opened, by their names, the closed ones too."""
        permit(by, "invite-respondents")
        state = await self._shelf.questionnaire(*at)
        domain.adopted_in(state)
        return [
            Opened(
                Link(name, each.agency, each.answers_max, each.answers_per_day_max),
                is_closed=name in state.closed_links,
            )
            for name, each in sorted(state.links.items())
        ]

    async def close_link(
        self, by: Actor, at: Place, link: str, reason: str, context: Context
    ) -> Outcome:
        """Take nothing more by a link; what it took stays."""
        permit(by, "invite-respondents")
        because = await self._seals.seal(reason)
        outcome = await self._shelf.decide(*at, domain.CloseLink(link, because), context)
        await self._follow_link(at, link)
        return outcome

    async def _follow_link(self, at: Place, link: str) -> None:
        """Let the urn know of a link what the log says, whatever a crash left undone before."""
        state = await self._shelf.questionnaire(*at)
        opened = state.links[link]
        token_sha256 = hashed(await self._token_of_link(at, link))
        limits = (opened.answers_max, opened.answers_per_day_max)
        right = Right(token_sha256, opened.agency, "link", *limits)
        await self._urn.grant(urn_name(*at), [right])
        if link in state.closed_links:
            await self._urn.revoke(urn_name(*at), token_sha256)

    async def issues(self, by: Actor, at: Place) -> Sequence[domain.Issue]:
        """The invitations that were issued, request by request."""
        permit(by, "invite-respondents")
        state = await self._shelf.questionnaire(*at)
        domain.adopted_in(state)
        return state.issues

    async def reminders(self, by: Actor, at: Place, key: str | None = None) -> Sequence[Reminders]:
        """Whom to remind, of those who were invited by each request, or by the one of this key.

        What the others answered nobody knows. Raises `Missing("invitations-unknown")` where no
        request had the key.
        """
        issues = [each for each in await self.issues(by, at) if key is None or each.key == key]
        if key is not None and not issues:
            raise Missing("invitations-unknown", key=key)
        return [await self._reminders(at, issue) for issue in issues]

    async def _reminders(self, at: Place, issue: domain.Issue) -> Reminders:
        tokens = [hashed(token) for token in await self._tokens(at, issue)]
        unused = await self._urn.unused(urn_name(*at), tokens)
        return Reminders(issue, [n for n, each in enumerate(tokens, start=1) if each in unused])

    async def turnout(self, by: Actor, at: Place) -> Mapping[str, Turnout]:
        """How many were invited about each agency, and how many of them answered."""
        permit(by, "read-turnout")
        domain.adopted_in(await self._shelf.questionnaire(*at))
        return await self._urn.turnout(urn_name(*at))

    async def _tokens(self, at: Place, issue: domain.Issue) -> Sequence[str]:
        seed = "/".join((*at, issue.agency, issue.key))
        seeds = [f"{seed}/{place}" for place in range(issue.count)]
        return await self._made(at, "invitation", seeds)

    async def _token_of_link(self, at: Place, link: str) -> str:
        [token] = await self._made(at, "link", ["/".join((*at, "link", link))])
        return token

    async def _made(self, at: Place, purpose: Purpose, seeds: Sequence[str]) -> Sequence[str]:
        """The tokens of one grant, which the urn knows all of, or none."""
        if await self._is_granted(at, self._token(_FORMER, seeds[0])):
            purpose = _FORMER
        return [self._token(purpose, seed) for seed in seeds]

    def _token(self, purpose: Purpose, seed: str) -> str:
        return spelled(self._seals.digest(purpose, seed.encode()))

    async def _is_granted(self, at: Place, token: str) -> bool:
        try:
            await self._urn.right(urn_name(*at), hashed(token))
        except Missing:
            return False
        except Refused:
            return True  # It was used, or revoked, since.
        return True
