"""Facts of a survey held against what can have gone into its urn, as a verifier does."""

from collections.abc import Sequence

import msgspec

from shared.count.balance import Balance, Imbalance
from shared.events import codec, survey
from shared.events.codec import Stored
from tests.support import asked
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller

STREAM = f"survey/{CYCLE}/citizens"
HEALTH, HOME = "so-y-te", "so-noi-vu"
ADOPTED = asked.questionnaire("citizens", [asked.question("q1", "9.1", "54321")])
OPENED = survey.SurveyOpened(cycle=CYCLE, questionnaire="citizens")
CLOSED = survey.SurveyClosed(
    cycle=CYCLE, questionnaire="citizens", closed_by="calendar", responses=0
)


def imbalances(told: Sequence[Stored], cycle: str = CYCLE) -> Sequence[Imbalance]:
    """What is said of facts that are told one after the other, and of all of them at the end."""
    balance, said = Balance(cycle), list[Imbalance]()
    for number, each in enumerate(told, start=1):
        said += balance.take(number, codec.decode(each.body))
    return [*said, *balance.end()]


def found(*facts: object, cycle: str = CYCLE) -> Sequence[Imbalance]:
    """The same of facts behind an opening."""
    return imbalances(stored(OPENED, *facts), cycle)


def stored(*facts: object) -> Sequence[Stored]:
    """Facts told one after the other in the stream of the questionnaire."""
    teller = Teller()
    for fact in facts:
        teller.tell(STREAM, fact)
    return teller.told


def codes(said: Sequence[Imbalance]) -> Sequence[str]:
    """What is said, without the numbers."""
    return [each.code for each in said]


def about(*agencies: str) -> Sequence[survey.Response]:
    """A response about each of these."""
    return [asked.response(agency, {"q1": "5"}) for agency in agencies]


def batch(number: int, *agencies: str, **other: object) -> survey.ResponsesCounted:
    """A batch about some agencies, of which something is otherwise."""
    return msgspec.structs.replace(asked.batch("citizens", number, about(*agencies)), **other)


def issued(agency: str, count: int, name: str = "citizens") -> survey.InvitationsIssued:
    """So many more may answer."""
    return asked.issued(name, agency, count)


def linked(agency: str, most: int, link: str = "cong") -> survey.LinkOpened:
    """An open link by which so many may answer."""
    return asked.linked("citizens", agency, most, link=link)


def entered(agency: str, forms: int, pile: str = "1") -> survey.PaperEntered:
    """A pile of so many forms."""
    return asked.entered("citizens", {agency: forms}, pile=pile)
