"""Answers that nobody gave, in a ledger that its keeper made fit in everything else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from shared.events import codec, survey
from tests.support import asked
from tests.support.bundled import Bundled, approved, packed, republished, told_anew
from tests.support.damaged.damage import Codes, Damage
from tests.support.formerly import formerly
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle

AGENCY, OTHER = "so-y-te", "so-noi-vu"
ABOUT: Mapping[str, int] = {AGENCY: 2, OTHER: 1}
NAME, ELSEWHERE = "citizens", "leaders"
BEYOND: Mapping[survey.Channel, str] = {
    "invitation": "answers-uninvited",
    "link": "answers-beyond-links",
    "paper": "answers-beyond-paper",
    "mixed": "answers-beyond-rest",
}
TOLD_BEFORE = frozenset({"invitation", "link"})
NAMES_ODD = ("\U0001f5f3", "\uff21", "b", "B")
"""In UTF-16 the first of them stands before the second."""

NONE: Codes = frozenset()
UNBALANCED: Codes = frozenset({"batch-unbalanced"})
EARLY: Codes = frozenset({"batch-before-opening"})
BEGUN_AND_ENDED = (survey.SurveyOpened, survey.SurveyClosed, survey.PaperEntered)
OPENED = survey.SurveyOpened(cycle=CYCLE, questionnaire="other")
CLOSED = survey.SurveyClosed(
    cycle=CYCLE, questionnaire="other", closed_by="calendar", responses=len(ABOUT)
)


@dataclass(frozen=True, slots=True)
class _Former:
    """A fact that is told in the shape that it had before."""

    fact: survey.QuestionnaireAdopted | survey.ResponsesCounted


def of_answers(good: Bundled) -> Iterator[Damage]:
    """What was told behind a cycle, mostly, and approved without being published.

    Its surveys are closed, and as many answers count there as forms on paper were entered.
    """
    yield from _of_receipts(good)
    for channel in BEYOND:
        yield from _of_channel(good, channel)
    yield from _of_openings(good)
    yield from _of_shapes(good)


# --- Others than receipts say


def _of_receipts(good: Bundled) -> Iterator[Damage]:
    permitted, batch = _permitted("invitation"), _batch("invitation")
    first, second, third = batch.receipts
    again = msgspec.structs.replace(batch, receipts=(), hasty=9)
    yield _told(good, "none, a batch of a number that was counted", [*permitted, batch, again])
    for name, receipts in (
        ("no receipts", ()),
        ("a receipt left out", (first, second)),
        ("a receipt too many", (first, second, third, "more")),
        ("a receipt given twice", (first, second, second)),
        ("a receipt of an earlier batch", (first, second, "citizens-1-000000")),
    ):
        forged = msgspec.structs.replace(batch, receipts=receipts)
        yield _told(good, name, [*permitted, forged], UNBALANCED)
    for name, hasty in (("more hasty answers than answers", 4), ("less than no hasty answers", -1)):
        forged = msgspec.structs.replace(batch, hasty=hasty)
        yield _told(good, name, [*permitted, forged], UNBALANCED)


# --- More than can have come


def _of_channel(good: Bundled, channel: survey.Channel) -> Iterator[Damage]:
    """As many as may come by a channel count, whoever stuffs the urn, and not one more."""
    batch, beyond = _batch(channel), frozenset({BEYOND[channel]})
    others = [each for each in BEYOND if each not in {channel, "mixed"}]
    yield _told(good, f"none, answers by {channel}", [*_permitted(channel), batch])
    for agency in ABOUT:
        fewer = _permitted(channel, {**ABOUT, agency: ABOUT[agency] - 1})
        name = f"an answer by {channel} too many about {agency}"
        yield _told(good, name, [*fewer, batch], beyond)
    foreign = _permitted(channel, name=ELSEWHERE)
    name = f"answers by {channel} with what another questionnaire permits"
    yield _told(good, name, [*foreign, batch], beyond)
    beside = [fact for each in others for fact in _permitted(each)]
    codes = NONE if channel == "mixed" else beyond
    name = f"{'none, ' * (not codes)}answers by {channel} with what other channels permit"
    yield _told(good, name, [*beside, batch], codes)
    codes = beyond if channel in TOLD_BEFORE else NONE
    name = f"{'none, ' * (not codes)}answers by {channel} before it is said who may"
    yield _told(good, name, [batch, *_permitted(channel)], codes)


def _permitted(
    channel: survey.Channel, about: Mapping[str, int] = ABOUT, name: str = NAME
) -> list[object]:
    """Who may answer by a channel; of mixed answers one comes on paper, the others otherwise."""
    match channel:
        case "invitation":
            return [asked.issued(name, agency, count) for agency, count in about.items()]
        case "link":
            return [asked.linked(name, agency, count) for agency, count in about.items()]
        case "paper":
            return [asked.entered(name, about)]
        case "mixed":
            on_paper = {agency: min(count, 1) for agency, count in about.items()}
            rest = {agency: count - on_paper[agency] for agency, count in about.items()}
            return [*_permitted("link", rest, name), *_permitted("paper", on_paper, name)]


# --- Without an opening, or without an end


def _of_openings(good: Bundled) -> Iterator[Damage]:
    """What is judged of a closed survey alone is not escaped by closing none."""
    for channel in ("paper", "mixed"):
        name = f"published, with answers by {channel} of a survey that never was"
        yield Damage(name, packed(_published_without(good, BEGUN_AND_ENDED, channel)), 11, EARLY)
    name = "published, with answers of a survey that was not closed"
    without = (survey.SurveyClosed, survey.PaperEntered)
    open_still = packed(_published_without(good, without, "paper"))
    yield Damage(name, open_still, 14, frozenset({"hindered"}))
    adopted, permitted = _other(), _permitted("paper", name="other")
    batch = _batch("paper", "other", 1)
    facts = [adopted, *permitted, batch]
    yield _told(good, "answers of a survey that was not opened", facts, EARLY)
    for name, behind in (
        ("answers before their survey was opened", [OPENED]),
        ("answers before their survey was opened and closed", [OPENED, CLOSED]),
    ):
        yield _told(good, name, [*facts, *behind], EARLY)
    goes_on = [adopted, OPENED, batch, _batch("mixed", "other", 2)]
    yield _told(good, "none, paper of a survey that goes on", goes_on)
    told_late = [adopted, OPENED, batch, CLOSED, *permitted]
    yield _told(good, "none, a pile that is told behind the closing", told_late)
    certified = asked.imported("other", AGENCY, {"q1": {"5": 9}})
    yield _told(good, "none, a survey that others ran", [adopted, certified])


def _published_without(
    good: Bundled, without: tuple[type, ...], channel: survey.Channel
) -> Mapping[str, bytes]:
    """A result that was made public, in which a survey is told otherwise than it was."""
    teller = Teller()
    for stored in whole_cycle():
        fact = codec.decode(stored.body).data
        if stored.stream != f"survey/{CYCLE}/{NAME}":
            teller.repeat(stored)
        elif isinstance(fact, survey.ResponsesCounted):
            teller.tell(stored.stream, msgspec.structs.replace(fact, channel=channel))
        elif not isinstance(fact, without):
            teller.tell(stored.stream, fact)
    facts = [*(stored.body for stored in teller.told), *good.entries[-2:]]
    return told_anew(good.members, republished(facts))


# --- In former shapes


def _of_shapes(good: Bundled) -> Iterator[Damage]:
    """A questionnaire is judged by the shape in which it was adopted first."""
    adopted = _other()
    stuffed = [
        msgspec.structs.replace(_batch(channel, "other", number), receipts=())
        for number, channel in enumerate(BEYOND, start=1)
    ]
    everything = frozenset({*EARLY, *UNBALANCED, *BEYOND.values()})
    yield _told(good, "a survey stuffed in every way", [adopted, *stuffed, CLOSED], everything)
    later = [adopted, _Former(adopted), *stuffed, CLOSED]
    yield _told(good, "a survey that is adopted as before, later", later, everything)
    yield _told(good, "none, a survey of before", [_Former(adopted), *stuffed, CLOSED])
    others = [_Former(fact) for name in NAMES_ODD for fact in (_other(name), _batch("link", name))]
    yield _told(good, "none, surveys of before in the order of their names", others)
    anew = [_Former(adopted), adopted, *stuffed, CLOSED]
    yield _told(good, "none, a survey of before, adopted anew", anew)
    batch = _Former(_batch("mixed"))
    codes = frozenset({*UNBALANCED, BEYOND["mixed"]})
    yield _told(good, "a batch as before in a survey of today", [batch], codes)


def _other(name: str = "other") -> survey.QuestionnaireAdopted:
    return asked.questionnaire(name, [asked.question("q1", "9.1", "54321")])


def _batch(channel: survey.Channel, name: str = NAME, number: int = 2) -> survey.ResponsesCounted:
    agencies = [agency for agency, count in ABOUT.items() for _ in range(count)]
    responses = [asked.response(agency, {"q1": "5"}) for agency in agencies]
    return asked.batch(name, number, responses, channel=channel, hasty=3)


def _told(good: Bundled, name: str, facts: Sequence[object], codes: Codes = NONE) -> Damage:
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    for fact in facts:
        plain = fact.fact if isinstance(fact, _Former) else fact
        stream = f"survey/{CYCLE}/{plain.questionnaire}"  # type: ignore[attr-defined]  # any of them
        teller.tell(stream, plain)
        if plain is not fact:
            teller.told += formerly([teller.told.pop()])
    entries = approved([stored.body for stored in teller.told])
    return Damage(name, packed(told_anew(good.members, entries)), 11 if codes else 3, codes)
