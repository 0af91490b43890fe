"""What others counted, and certify: it counts once two people typed it in alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.survey.domain import validity
from services.survey.domain.questionnaire.checks import (
    adopted_in,
    require_agency,
    require_running,
)
from services.survey.domain.questionnaire.commands import ImportResult
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.kernel.actor import same_person
from shared.kernel.errors import Refused

Certified = events.ResultTyped | events.ResultImported


@dataclass(frozen=True, slots=True)
class Waiting:
    """A certified result that was typed in and does not count yet, and by whom.

    `differs` points to where others typed something else than one person, who typed it in too.
    """

    agency: str
    source: str
    persons: tuple[str, ...]
    differs: tuple[str, ...]


def import_result(command: ImportResult, state: Questionnaire) -> Sequence[events.Fact]:
    """What a source certifies about an agency, in place of what it said before.

    Who says so first has typed it in, and the second who says the same imports it.
    """
    adopted = adopted_in(state)
    result, place = command.result, (command.result.agency, command.result.source)
    typed, before = state.typed.get(place, {}), state.imported.get(place)
    if _says_the_same(typed.get(command.by, before), result):
        return ()
    require_running(command.cycle)
    require_agency(adopted, result.agency, command.cycle)
    flaws = tuple(validity.of_counts(adopted, result.counts, command.forms))
    if flaws:
        raise Refused("result-invalid", flaws=flaws)
    _require_others_asked(command, state)
    alike = (person for person, other in typed.items() if _says_the_same(other, result))
    is_seconded = not all(same_person(person, command.by) for person in alike)
    # Who typed a correction and says again what counts has taken the correction back.
    return (result if is_seconded and not _says_the_same(before, result) else _typed(result),)


def waiting(state: Questionnaire, by: str) -> Sequence[Waiting]:
    """What was typed in and does not count yet, as one person may see it."""
    found = []
    for place, typed in sorted(state.typed.items()):
        before = state.imported.get(place)
        news = {who: each for who, each in typed.items() if not _says_the_same(before, each)}
        if news:
            found.append(Waiting(*place, tuple(sorted(news)), tuple(sorted(_differing(news, by)))))
    return found


def _differing(typed: Mapping[str, events.ResultTyped], by: str) -> set[str]:
    """Where what others typed differs from a person's own; what they typed is not told."""
    if by not in typed:
        return set()
    return {pointer for other in typed.values() for pointer in _differences(typed[by], other)}


def _differences(one: Certified, other: Certified) -> Iterator[str]:
    """An option that is left out was chosen by nobody."""
    for name in ("document", "sha256"):
        if getattr(one, name) != getattr(other, name):
            yield f"/{name}"
    for question in one.counts.keys() | other.counts.keys():
        here, there = one.counts.get(question, {}), other.counts.get(question, {})
        for option in here.keys() | there.keys():
            if here.get(option, 0) != there.get(option, 0):
                yield f"/counts/{question}/{option}"


def _says_the_same(one: Certified | None, other: Certified) -> bool:
    """Whether two say the same of an agency, by one source."""
    return one is not None and not any(_differences(one, other))


def _typed(result: events.ResultImported) -> events.ResultTyped:
    return events.ResultTyped(
        cycle=result.cycle,
        questionnaire=result.questionnaire,
        agency=result.agency,
        counts=result.counts,
        source=result.source,
        document=result.document,
        sha256=result.sha256,
    )


def _require_others_asked(command: ImportResult, state: Questionnaire) -> None:
    """Nobody's answers count twice because a source was spelled in another way.

    A source that took everything back, with counts of nothing, stands in nobody's way.
    """
    result = command.result
    beside = {
        source: each
        for (agency, source), each in state.imported.items()
        if agency == result.agency and source != result.source and _says_anything(each)
    }
    for source, each in beside.items():
        if result.sha256 is not None and each.sha256 == result.sha256:
            raise Refused("result-of-same-document", source=source)
    is_new = (result.agency, result.source) not in state.imported
    if beside and is_new and not command.beside:
        raise Refused("result-beside-others", agency=result.agency, sources="; ".join(beside))


def _says_anything(result: events.ResultImported) -> bool:
    return any(any(counts.values()) for counts in result.counts.values())
