"""Questionnaires that cannot be read whole: everything is told that can be seen to be wrong.

Whoever writes one makes mistakes of form and of meaning. What has the right form is judged by its
meaning although the rest is not: each question by itself, since nobody knows what stands in those
that cannot be read. Whatever hangs on something unread is told once that is mended.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from services.survey.api import bodies
from services.survey.api.bodies import QuestionnaireBody
from services.survey.application import Surveys
from shared.adapters import web
from shared.events import survey as events
from shared.kernel.actor import Actor
from shared.kernel.errors import Flaw, Refused

QUESTIONS = "questions"
STAND_INS: Mapping[str, str] = {
    "tier": "unread",
    "group": "unread",
    "title": "?",
    "opens": "2000-01-01T00:00:00Z",
    "closes": "2000-01-02T00:00:00Z",
}
"""What stands for a member that cannot be read; nothing is said of it."""
TRANSLATED = frozenset({"translation-missing", "translation-unexpected"})
TIMED = frozenset({"closes-before-opening", "outside-survey-phase"})
HANGING: Mapping[str, Collection[str]] = {
    "second_language": TRANSLATED,
    "group": {"group-not-asked"},
    "opens": TIMED,
    "closes": TIMED,
}
"""What is not told of anything while a member cannot be read, on which it hangs."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A body that is no questionnaire, why not, and where: members, and of lists the places.

    Of very many flaws only the first are told; `broken` is everything that cannot be read.
    """

    body: object
    flaws: Sequence[Flaw]
    broken: Collection[tuple[str, ...]]


def _read(body: object, read: ValidatorFunctionWrapHandler) -> object:
    try:
        return read(body)
    except ValidationError as error:
        broken = {tuple(map(str, each["loc"][:2])) for each in error.errors()}
        return Unread(body, web.flaws_of(error, body), broken)


Written = Annotated[QuestionnaireBody, WrapValidator(_read)]
"""A questionnaire as it was sent, or what is `Unread` of it: `adopted` tells them apart."""


async def adopted(
    surveys: Surveys, by: Actor, at: tuple[str, str], written: object
) -> events.QuestionnaireAdopted:
    """The questionnaire `at` (cycle, name); raises `Invalid` with all that is wrong with it."""
    if isinstance(written, Unread):
        meant = await _meant(surveys, by, at, written)
        raise web.Invalid("request-invalid", flaws=(*written.flaws, *meant))
    assert isinstance(written, QuestionnaireBody), "it is one, or is not read"
    return bodies.adopted(*at, written)


async def _meant(
    surveys: Surveys, by: Actor, at: tuple[str, str], unread: Unread
) -> Sequence[Flaw]:
    """What is wrong with the meaning of all that can be read."""
    members = {place[0] for place in unread.broken if place} - {QUESTIONS}
    numbers = {place[1] for place in unread.broken if place[:1] == (QUESTIONS,) and place[1:]}
    rest = _rest(unread.body, members, numbers)
    if rest is None:
        return ()
    sound, places = rest
    try:
        await surveys.preview(by, bodies.adopted(*at, sound))
    except Refused as refusal:
        untold = {code for member in members for code in HANGING.get(member, ())}
        return [
            replace(flaw, pointer=_pointer(flaw.pointer, places))
            for flaw in refusal.flaws
            if flaw.code not in untold and flaw.pointer.split("/")[1] not in members
        ]
    return ()


def _rest(
    body: object, members: Collection[str], numbers: Collection[str]
) -> tuple[QuestionnaireBody, Sequence[int]] | None:
    """A questionnaire of what can be read, and which places its questions have in the body."""
    questions = body.get(QUESTIONS) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(questions, list):
        return None
    places = [
        place
        for place, question in enumerate(questions)
        if str(place) not in numbers and isinstance(question, dict)
    ]
    known = QuestionnaireBody.model_fields.keys() - members - {"service_question"}
    alone = [{**questions[place], "asked_if": None} for place in places]
    said = {name: value for name, value in body.items() if name in known}
    try:
        return QuestionnaireBody.model_validate({**STAND_INS, **said, QUESTIONS: alone}), places
    except ValidationError:
        return None


def _pointer(told: str, places: Sequence[int]) -> str:
    """Where something is in the body that was sent, of which some questions were left out."""
    match told.split("/"):
        case ["", name, place, *steps] if name == QUESTIONS:
            return "/".join(["", name, str(places[int(place)]), *steps])
        case _:
            return told
