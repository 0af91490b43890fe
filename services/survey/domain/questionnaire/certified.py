"""What others counted, and certify: it counts once two people typed it in alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.survey.domain import validity
from services.survey.domain.questionnaire import scans
from services.survey.domain.questionnaire.checks import (
    adopted_in,
    require_agency,
    require_running,
)
from services.survey.domain.questionnaire.commands import TypeResult
from services.survey.domain.questionnaire.state import Questionnaire
from services.survey.domain.questionnaire.totals import (
    alike,
    counts_already,
    differences,
    is_same_document,
    says_anything,
)
from shared.events import survey as events
from shared.kernel.actor import same_person
from shared.kernel.errors import Refused

WAITING_MAX = 1_000
"""So many results of a questionnaire wait at once for a second person."""

Place = tuple[str, str]
"""An agency, and the source that says something of it."""

ResultStatus = Literal["typed-once", "different", "counts"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A certified result that was typed in and does not count yet, and by whom.

    `differs` points to where others typed something else than one person, who typed it in too.
    """

    agency: str
    source: str
    persons: tuple[str, ...]
    differs: tuple[str, ...]


def type_result(command: TypeResult, state: Questionnaire) -> Sequence[events.Fact]:
    """What a source certifies about an agency, in place of what it said before.

    Who says so first has typed it in, and the second who says the same imports it. Who typed one in
    and says again what counts has taken it back, be it nothing that counts.
    """
    adopted = adopted_in(state)
    result, place = command.result, (command.result.agency, command.result.source)
    typed, before = state.typed.get(place, {}), state.imported.get(place)
    own = typed.get(command.by)
    if alike(own, result) if own else counts_already(before, result):
        return ()
    require_running(command.cycle)
    require_agency(adopted, result.agency, command.cycle)
    flaws = tuple(validity.of_counts(adopted, result.counts, result.forms))
    if flaws:
        raise Refused("result-invalid", flaws=flaws)
    _require_others_asked(command, state)
    if not typed and len(_news(state)) >= WAITING_MAX:
        raise Refused("results-waiting-full", maximum=str(WAITING_MAX))
    seconds = [person for person, other in typed.items() if alike(other, result)]
    is_seconded = not all(same_person(person, command.by) for person in seconds)
    if not is_seconded or counts_already(before, result):
        return (*scans.quarantine(command, state), _typed(result))
    scans.require_scanned(command, state)
    return (result,)


def waiting(state: Questionnaire, by: str) -> Sequence[Waiting]:
    """What was typed in and does not count yet, as one person may see it."""
    return [
        Waiting(*place, tuple(sorted(news)), tuple(sorted(_differing(news, by))))
        for place, news in sorted(_news(state).items())
    ]


def result_status(
    state: Questionnaire, place: Place, by: str
) -> tuple[ResultStatus, Sequence[str]]:
    """What has become of a result that a person typed in, and where others typed another."""
    news = _news(state).get(place, {})
    if by not in news:
        return "counts", ()
    differs = sorted(_differing(news, by))
    return ("different" if differs else "typed-once"), differs


def _news(state: Questionnaire) -> Mapping[Place, Mapping[str, events.ResultTyped]]:
    """What each typed in that does not count already, by place and person."""
    found = {}
    for place, typed in state.typed.items():
        before = state.imported.get(place)
        news = {who: each for who, each in typed.items() if not counts_already(before, each)}
        if news:
            found[place] = news
    return found


def _differing(typed: Mapping[str, events.ResultTyped], by: str) -> set[str]:
    """Where what others typed differs from a person's own; what they typed is not told."""
    if by not in typed:
        return set()
    return {pointer for other in typed.values() for pointer in differences(typed[by], other)}


def _typed(result: events.ResultImported) -> events.ResultTyped:
    return events.ResultTyped(
        cycle=result.cycle,
        questionnaire=result.questionnaire,
        agency=result.agency,
        counts=result.counts,
        source=result.source,
        document=result.document,
        sha256=result.sha256,
        forms=result.forms,
    )


def _require_others_asked(command: TypeResult, state: Questionnaire) -> None:
    """Nobody's answers count twice because a source was spelled in another way.

    A source that took everything back, with counts of nothing, stands in nobody's way.
    """
    result = command.result
    beside = {
        source: each
        for (agency, source), each in state.imported.items()
        if agency == result.agency and source != result.source and says_anything(each)
    }
    for source, each in beside.items():
        if is_same_document(result, each):
            raise Refused("result-of-same-document", source=source)
    is_new = (result.agency, result.source) not in state.imported
    if beside and is_new and says_anything(result) and not command.beside:
        raise Refused("result-beside-others", agency=result.agency, sources="; ".join(beside))
