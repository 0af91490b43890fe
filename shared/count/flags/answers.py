"""Flags about surveys. Of an answer nothing is known but what it says, and when it was counted.

A batch has no more of its own than a date. So the ledger's time is taken, at which it came in; and
where counting stood still for a while, what had waited comes in together.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from shared.count.flags import paces
from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import Known
from shared.count.flags.limits import (
    ALIKE_ANSWERS_MIN,
    ALIKE_PERCENT_MIN,
    ALIKE_QUESTIONS_MIN,
    BASELINE_S_MIN,
    BURST_ANSWERS_MIN,
    BURST_FACTOR_MIN,
    HASTY_ANSWERS_MIN,
    HASTY_PERCENT_MIN,
)
from shared.count.flags.paces import Pace
from shared.count.flags.told import Told
from shared.events import survey
from shared.kernel.calendar import local
from shared.kernel.points import shown

WHOLE_PERCENT = 100

assert 2 * ALIKE_PERCENT_MIN > WHOLE_PERCENT, "what is looked for is a majority"


def answered_in_burst(known: Known, told: Told) -> Iterator[Raised]:
    """An hour brought many times the answers about an agency that an hour brought before.

    By ledger times; hours are those of the clock, so that a burst over the turn of an hour counts
    as two halves. A survey that has just been opened has no usual hour yet.
    """
    survey_known = known.questionnaire(told.data.questionnaire)
    if survey_known.opened_at is None:
        return
    for agency, answers in paces.by_agency(told.data.responses).items():
        pace = paces.after(survey_known.paces.get(agency), told, answers)
        if _is_burst(pace, survey_known.opened_at):
            yield Raised(
                subject=Subject(agency=agency, questionnaire=told.data.questionnaire),
                facts=(*pace.facts, told.ref),
                since=pace.since,
                details={
                    "answers": str(pace.answers),
                    "usual": shown(pace.usual(survey_known.opened_at)),
                    "begins": local(pace.begins),
                },
            )


def answered_alike(_: Known, told: Told) -> Iterator[Raised]:
    """Nearly all responses of a batch about an agency give the same answer to every question."""
    for agency, answers in paces.by_agency(told.data.responses).items():
        if answers < ALIKE_ANSWERS_MIN:
            continue
        sheet, alike = _most_common(told.data.responses, agency)
        enough = alike >= ALIKE_ANSWERS_MIN and len(sheet) >= ALIKE_QUESTIONS_MIN
        if enough and alike * WHOLE_PERCENT >= answers * ALIKE_PERCENT_MIN:
            yield Raised(
                subject=Subject(agency=agency, questionnaire=told.data.questionnaire),
                facts=(told.ref,),
                since=told.number,
                details={
                    "alike": str(alike),
                    "answers": str(answers),
                    "questions": str(len(sheet)),
                },
            )


def answered_straight(known: Known, told: Told) -> Iterator[Raised]:
    """Nearly all responses of a batch about an agency give one option to every scale.

    They do not give the same as each other, as `answered_alike` has it: whoever fills in sheets by
    the dozen may vary them, and people who are asked about many things are hardly ever of one mind.
    """
    fact, scales = told.data, known.questionnaire(told.data.questionnaire).scales
    if len(scales) < ALIKE_QUESTIONS_MIN:
        return
    for agency, answers in paces.by_agency(fact.responses).items():
        sheets = (each.answers for each in fact.responses if each.agency == agency)
        options = [option for sheet in sheets if (option := _only_option(sheet, scales))]
        enough = len(options) >= ALIKE_ANSWERS_MIN and len(set(options)) > 1
        if enough and len(options) * WHOLE_PERCENT >= answers * ALIKE_PERCENT_MIN:
            yield Raised(
                subject=Subject(agency=agency, questionnaire=fact.questionnaire),
                facts=(told.ref,),
                since=told.number,
                details={
                    "straight": str(len(options)),
                    "answers": str(answers),
                    "questions": str(len(scales)),
                },
            )


def answered_hastily(_: Known, told: Told) -> Iterator[Raised]:
    """Much of a batch was sent sooner than anybody reads the questions.

    Which responses that are nobody knows. A batch of several agencies is told of none of them.
    """
    fact = told.data
    answers, agencies = len(fact.responses), {each.agency for each in fact.responses}
    enough = answers >= HASTY_ANSWERS_MIN
    if enough and fact.hasty * WHOLE_PERCENT >= answers * HASTY_PERCENT_MIN:
        agency = agencies.pop() if len(agencies) == 1 else ""
        yield Raised(
            subject=Subject(agency=agency, questionnaire=fact.questionnaire),
            facts=(told.ref,),
            since=told.number,
            details={"hasty": str(fact.hasty), "answers": str(answers)},
        )


def excluded_after_closing(known: Known, told: Told) -> Iterator[Raised]:
    """Counted responses were taken out again when the survey was closed.

    Both stand in the survey's own stream, so that their order is certain.
    """
    closed = known.questionnaire(told.data.questionnaire).closed
    if closed is not None:
        yield Raised(
            subject=Subject(questionnaire=told.data.questionnaire, by=told.by),
            facts=(closed, told.ref),
            since=told.number,
            details={"responses": str(len(set(told.data.positions)))},
        )


def import_replaced(known: Known, told: Told) -> Iterator[Raised]:
    """The certified result of a source was replaced by another of the same source."""
    fact = told.data
    before = known.questionnaire(fact.questionnaire).imported.get((fact.agency, fact.source))
    if before is not None:
        yield Raised(
            subject=Subject(agency=fact.agency, questionnaire=fact.questionnaire, by=told.by),
            facts=(before.ref, told.ref),
            since=told.number,
            details={"source": fact.source},
        )


def _is_burst(pace: Pace, opened_at: datetime) -> bool:
    if pace.answers < BURST_ANSWERS_MIN or pace.seconds_before(opened_at) < BASELINE_S_MIN:
        return False
    return pace.answers >= BURST_FACTOR_MIN * pace.usual(opened_at)


def _only_option(sheet: Mapping[str, str], questions: frozenset[str]) -> str:
    """The option that a sheet gives to all of some questions; empty where there is none."""
    options = {sheet.get(question, "") for question in questions}
    return options.pop() if len(options) == 1 else ""


def _most_common(
    responses: Sequence[survey.Response], agency: str
) -> tuple[Mapping[str, str], int]:
    """The answers that more than half of the responses about an agency give, and how often.

    The majority vote of Boyer and Moore: each other sheet cancels one that agrees. Where there is
    no majority, it is some sheet, which comes less often.
    """
    sheets = [response.answers for response in responses if response.agency == agency]
    candidate, votes = sheets[0], 0
    for sheet in sheets:
        if votes == 0:
            candidate = sheet
        votes += 1 if sheet == candidate else -1
    return candidate, sheets.count(candidate)
