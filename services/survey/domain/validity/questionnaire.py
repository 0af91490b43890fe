"""What is wrong with a questionnaire: in itself, and for the scheme of its tier."""

from collections.abc import Collection, Iterator

from services.survey.domain.cycle import Cycle
from services.survey.domain.limits import RESPONSE_BYTES_MAX
from services.survey.domain.validity.answers import response_bytes_max
from shared.events import survey as events
from shared.kernel.calendar import Calendar, local
from shared.kernel.errors import Flaw
from shared.kernel.scheme import Scheme
from shared.kernel.scheme import Survey as SurveyRule

FIRST_LANGUAGE = "vi"
SCORED_KINDS = ("single-choice", "scale")
OPTIONS_MIN = 2
TEXT_TOLD_MAX = 60
"""So many characters of a question are told to say which one it is."""


def of_questionnaire(adopted: events.QuestionnaireAdopted, cycle: Cycle) -> Iterator[Flaw]:
    """Where a questionnaire cannot be asked like this: all of it at once.

    Of a tier that is not there nobody knows what is scored, and whose agencies they are.
    """
    scheme = cycle.schemes.get(adopted.tier)
    if scheme is None:
        yield Flaw("/tier", "tier-unknown", {"tier": adopted.tier})
    elif adopted.group not in _groups(scheme):
        yield Flaw("/group", "group-not-in-scheme", {"group": adopted.group, "tier": adopted.tier})
    yield from _languages(adopted)
    yield from _times(adopted, cycle.calendar)
    yield from _agencies(adopted, cycle.agencies_of(adopted.tier) if scheme else None)
    yield from _wordings("", adopted.title, adopted, "title")
    if adopted.introduction.vi or adopted.introduction.second:
        yield from _wordings("", adopted.introduction, adopted, "introduction")
    yield from _service_question(adopted)
    yield from _questions(adopted, scheme)


def languages_of(adopted: events.QuestionnaireAdopted) -> tuple[str, ...]:
    """The languages that a questionnaire is written in, the first one first."""
    return (FIRST_LANGUAGE, *filter(None, [adopted.second_language]))


def _groups(scheme: Scheme) -> frozenset[str]:
    """The respondent groups whose answers give points to anything."""
    return frozenset(
        group.code
        for item in scheme.items.values()
        if isinstance(item.rule, SurveyRule)
        for group in item.rule.groups
    )


def _languages(adopted: events.QuestionnaireAdopted) -> Iterator[Flaw]:
    if adopted.second_language == FIRST_LANGUAGE:
        yield Flaw("/second_language", "language-first", {"language": FIRST_LANGUAGE})


def _times(adopted: events.QuestionnaireAdopted, calendar: Calendar | None) -> Iterator[Flaw]:
    if adopted.opens >= adopted.closes:
        yield Flaw("/closes", "closes-before-opening")
    if calendar is None:
        return
    opens, closes = calendar.opens("survey"), calendar.closes("survey")
    if not (opens <= adopted.opens and adopted.closes <= closes):
        ends = {"opens": local(opens), "closes": local(closes)}
        yield Flaw("/opens", "outside-survey-phase", ends)


def _agencies(
    adopted: events.QuestionnaireAdopted, known: Collection[str] | None
) -> Iterator[Flaw]:
    for place, agency in enumerate(adopted.agencies):
        details = {"agency": agency, "tier": adopted.tier}
        if known is not None and agency not in known:
            yield Flaw(f"/agencies/{place}", "agency-of-another-tier", details)
        if agency in adopted.agencies[:place]:
            yield Flaw(f"/agencies/{place}", "agency-twice", details)


def _service_question(adopted: events.QuestionnaireAdopted) -> Iterator[Flaw]:
    code = adopted.service_question
    if code is None:
        return
    named = [question for question in adopted.questions if question.code == code]
    if not named:
        yield Flaw("/service_question", "question-unknown", {"question": code})
    elif named[0].kind != "single-choice" or named[0].item or named[0].asked_if:
        yield Flaw("/service_question", "service-question-unfit", {"question": code})


def _questions(adopted: events.QuestionnaireAdopted, scheme: Scheme | None) -> Iterator[Flaw]:
    earlier: dict[str, events.Question] = {}
    for place, question in enumerate(adopted.questions):
        pointer = f"/questions/{place}"
        if question.code in earlier:
            yield Flaw(f"{pointer}/code", "question-twice", {"question": question.code})
        yield from _wordings(pointer, question.text, adopted, question.code)
        yield from _options(pointer, question, adopted)
        yield from _condition(pointer, question, earlier, adopted)
        if question.item is not None and scheme is not None:
            yield from _scoring(pointer, question, adopted, scheme)
        earlier[question.code] = question
    if response_bytes_max(adopted) > RESPONSE_BYTES_MAX:
        yield Flaw("/questions", "questionnaire-too-long", {"maximum": str(RESPONSE_BYTES_MAX)})


def _options(
    pointer: str, question: events.Question, adopted: events.QuestionnaireAdopted
) -> Iterator[Flaw]:
    details = {"question": question.code}
    if question.kind == "free-text":
        if question.options:
            yield Flaw(f"{pointer}/options", "options-of-free-text", details)
        return
    if len(question.options) < OPTIONS_MIN:
        yield Flaw(f"{pointer}/options", "options-too-few", details)
    if len({option.code for option in question.options}) != len(question.options):
        yield Flaw(f"{pointer}/options", "option-twice", details)
    if sum(option.no_opinion for option in question.options) > 1:
        yield Flaw(f"{pointer}/options", "no-opinion-twice", details)
    for place, option in enumerate(question.options):
        yield from _wordings(f"{pointer}/options/{place}", option.title, adopted, question.code)


def _condition(
    pointer: str,
    question: events.Question,
    earlier: dict[str, events.Question],
    adopted: events.QuestionnaireAdopted,
) -> Iterator[Flaw]:
    """Whether a question depends on one before it; both are named as whoever reads knows them."""
    condition = question.asked_if
    if condition is None:
        return
    details = {
        "question": question.code,
        "condition": condition.question,
        "asked": _called(adopted, question.code),
        "earlier": _called(adopted, condition.question),
    }
    before = earlier.get(condition.question)
    if before is None or before.kind == "free-text":
        yield Flaw(f"{pointer}/asked_if/question", "condition-not-earlier", details)
        return
    known = {option.code for option in before.options}
    for option in condition.options:
        if option not in known:
            yield Flaw(
                f"{pointer}/asked_if/options", "condition-unknown", {**details, "option": option}
            )


def _called(adopted: events.QuestionnaireAdopted, code: str) -> str:
    """A question by its number and its text; what nobody asks goes by its code."""
    for number, question in enumerate(adopted.questions, start=1):
        if question.code == code:
            text = question.text.vi
            is_long = len(text) > TEXT_TOLD_MAX
            return (
                f"{number} (“{text[: TEXT_TOLD_MAX - 1]}…”)" if is_long else f"{number} (“{text}”)"
            )
    return f"“{code}”"


def _scoring(
    pointer: str,
    question: events.Question,
    adopted: events.QuestionnaireAdopted,
    scheme: Scheme,
) -> Iterator[Flaw]:
    """Points come by the scale of the item: every option has its share there, and none is left out.

    A scale without its lower end has everybody satisfied. "No opinion" gives no points, and is
    offered or not.
    """
    details = {"question": question.code, "item": question.item or ""}
    item = scheme.items.get(question.item or "")
    if item is None or not isinstance(item.rule, SurveyRule):
        yield Flaw(f"{pointer}/item", "item-not-surveyed", details)
        return
    if question.kind not in SCORED_KINDS:
        yield Flaw(f"{pointer}/kind", "kind-not-scored", {**details, "kind": question.kind})
    if adopted.group not in {group.code for group in item.rule.groups}:
        yield Flaw(f"{pointer}/item", "group-not-asked", {**details, "group": adopted.group})
    offered = {option.code for option in question.options}
    for option in sorted(offered - set(item.rule.shares)):
        yield Flaw(f"{pointer}/options", "option-not-scored", {**details, "option": option})
    scored = {option for option, share in item.rule.shares.items() if share is not None}
    left_out = ", ".join(sorted(scored - offered))
    if left_out:
        yield Flaw(f"{pointer}/options", "options-left-out", {**details, "options": left_out})


def _wordings(
    pointer: str, wording: events.Wording, adopted: events.QuestionnaireAdopted, what: str
) -> Iterator[Flaw]:
    """Whether a text is in all languages of the questionnaire, and in no other."""
    if not wording.vi:
        yield Flaw(f"{pointer}/{_named(pointer, what)}", "text-missing", {"question": what})
    if adopted.second_language is None and wording.second:
        code = "translation-unexpected"
    elif adopted.second_language is not None and not wording.second:
        code = "translation-missing"
    else:
        return
    details = {"question": what, "language": adopted.second_language or ""}
    yield Flaw(f"{pointer}/{_named(pointer, what)}", code, details)


def _named(pointer: str, what: str) -> str:
    if not pointer:
        return what
    return "title" if "/options/" in pointer else "text"
