"""Whether what left an urn (thùng phiếu) can have gone in, as far as the log itself tells.

Who runs the survey could put answers in that nobody gave. They would be there before anybody could
answer, lack a receipt, or have one that was given before, or be more than can have come about an
agency: by invitation, by open links, on paper, or by whatever of these is left. Anybody can see
that who has the log. It changes nothing in the count: what is wrong has to be told, and the answers
of everybody else still count.

Some of it is judged of a closed survey alone. Nobody escapes that who wants a result: no answer is
counted before its survey was opened, and as long as a survey is open nothing can be published.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from shared.events import survey
from shared.events.envelope import Recorded

Code = Literal[
    "batch-before-opening",  # nobody could answer yet
    "batch-unbalanced",  # its responses, its receipts and its hasty ones cannot be those of one urn
    "answers-uninvited",  # more answers by invitation about an agency than people were invited
    "answers-beyond-links",  # more answers by open links about it than these could take
    "answers-beyond-paper",  # more answers on paper about it than forms were entered
    "answers-beyond-rest",  # more mixed answers about it than these three leave room for
]
BEYOND: Mapping[survey.Channel, Code] = MappingProxyType(
    {
        "invitation": "answers-uninvited",
        "link": "answers-beyond-links",
        "paper": "answers-beyond-paper",
    }
)
"""What is said where more came by a channel than may have."""

AT_ONCE = frozenset({"invitation", "link"})
"""Who may answer by these is told before anybody can; of paper it may be told last of all."""

ADOPTED_OF_OLD = "survey.QuestionnaireAdopted.v1"
"""Who adopts so gives no receipts and tells of no invitations; who adopts in a later shape does."""

Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Imbalance:
    """What is wrong at a fact, by its number and its id, with the numbers that do not fit."""

    code: Code
    number: int
    fact: str
    details: Mapping[str, str]


@dataclass(slots=True)
class _Urn:
    """What is known of a questionnaire; `permitted` and `answered` count by channel and agency.

    `adopted` is the type of the fact by which it was adopted first, `closed` where it was closed
    first.
    """

    adopted: str = ""
    opened: bool = False
    batches: set[int] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    permitted: Counter[tuple[survey.Channel, str]] = field(default_factory=Counter)
    answered: Counter[tuple[survey.Channel, str]] = field(default_factory=Counter)
    closed: Place | None = None

    @property
    def is_judged(self) -> bool:
        """A system that adopted in a former shape gave no receipts and told of no invitations."""
        return self.adopted != ADOPTED_OF_OLD


class Balance:
    """The urns of a cycle, as far as its facts were read."""

    def __init__(self, cycle: str) -> None:
        self._cycle = cycle
        self._urns: dict[str, _Urn] = {}

    def take(self, number: int, recorded: Recorded) -> Iterator[Imbalance]:
        """Look at the next fact that is counted, which is the entry of this number."""
        fact, place = recorded.data, (number, recorded.id)
        if fact.cycle != self._cycle:
            return
        match fact:
            case survey.QuestionnaireAdopted():
                urn = self._urn(fact.questionnaire)
                urn.adopted = urn.adopted or recorded.type
            case survey.SurveyOpened():
                self._urn(fact.questionnaire).opened = True
            case survey.ResponsesCounted():
                yield from _counted(self._urn(fact.questionnaire), fact, place)
            case survey.SurveyClosed():
                urn = self._urn(fact.questionnaire)
                urn.closed = urn.closed or place
            case survey.InvitationsIssued() | survey.LinkOpened() | survey.PaperEntered():
                self._urn(fact.questionnaire).permitted.update(_permitted(fact))
            case _:
                pass

    @property
    def not_judged(self) -> Sequence[str]:
        """The questionnaires of which nothing is said, for whatever was counted of them."""
        urns = sorted(self._urns.items())
        return [name for name, urn in urns if urn.batches and not urn.is_judged]

    def end(self) -> Iterator[Imbalance]:
        """Look at what can be judged of a closed survey alone, once all facts were read."""
        for urn in self._urns.values():
            if urn.is_judged and urn.closed is not None:
                yield from _beyond(urn, "paper", _agencies(urn), urn.closed)
                yield from _beyond_rest(urn, urn.closed)

    def _urn(self, questionnaire: str) -> _Urn:
        return self._urns.setdefault(questionnaire, _Urn())


def _permitted(
    fact: survey.InvitationsIssued | survey.LinkOpened | survey.PaperEntered,
) -> Mapping[tuple[survey.Channel, str], int]:
    """How many may answer, by channel and agency; a link that is closed keeps what it took."""
    match fact:
        case survey.InvitationsIssued():
            return {("invitation", fact.agency): fact.count}
        case survey.LinkOpened():
            return {("link", fact.agency): fact.answers_max}
        case survey.PaperEntered():
            return {("paper", agency): forms for agency, forms in fact.forms.items()}


def _counted(urn: _Urn, fact: survey.ResponsesCounted, place: Place) -> Iterator[Imbalance]:
    """A batch counts once; one in a former shape has no receipts, and came by any channel."""
    if fact.batch in urn.batches:
        return
    urn.batches.add(fact.batch)
    agencies = Counter(response.agency for response in fact.responses)
    urn.answered.update({(fact.channel, agency): count for agency, count in agencies.items()})
    if urn.is_judged:
        yield from _early(urn, fact, place)
        yield from _unbalanced(urn, fact, place)
        if fact.channel in AT_ONCE:
            yield from _beyond(urn, fact.channel, agencies, place)


def _early(urn: _Urn, fact: survey.ResponsesCounted, place: Place) -> Iterator[Imbalance]:
    if not urn.opened:
        details = {"responses": str(len(fact.responses))}
        yield Imbalance("batch-before-opening", *place, details)


def _unbalanced(urn: _Urn, fact: survey.ResponsesCounted, place: Place) -> Iterator[Imbalance]:
    responses, before = len(fact.responses), len(urn.receipts)
    urn.receipts.update(fact.receipts)
    new = len(urn.receipts) - before
    if not (len(fact.receipts) == new == responses and 0 <= fact.hasty <= responses):
        details = {
            "responses": str(responses),
            "receipts": str(len(fact.receipts)),
            "new": str(new),
            "hasty": str(fact.hasty),
        }
        yield Imbalance("batch-unbalanced", *place, details)


def _beyond(
    urn: _Urn, channel: survey.Channel, agencies: Mapping[str, object], place: Place
) -> Iterator[Imbalance]:
    for agency in agencies:
        answers, most = urn.answered[channel, agency], urn.permitted[channel, agency]
        if answers > most:
            yield Imbalance(BEYOND[channel], *place, _details(agency, answers, most))


def _beyond_rest(urn: _Urn, place: Place) -> Iterator[Imbalance]:
    """So that no more answers are counted in all than may have come by all channels together."""
    for agency in _agencies(urn):
        left = (urn.permitted[each, agency] - urn.answered[each, agency] for each in BEYOND)
        rest = sum(max(each, 0) for each in left)
        if urn.answered["mixed", agency] > rest:
            details = _details(agency, urn.answered["mixed", agency], rest)
            yield Imbalance("answers-beyond-rest", *place, details)


def _agencies(urn: _Urn) -> Mapping[str, None]:
    """The agencies that somebody answered about, as they came up first."""
    return dict.fromkeys(agency for _, agency in urn.answered)


def _details(agency: str, answers: int, most: int) -> Mapping[str, str]:
    return {"agency": agency, "answers": str(answers), "most": str(most)}
