"""Declaring items (tự đánh giá): by the inputs of their rules, one by one or a whole sheet."""

from collections.abc import Mapping, Sequence

from services.submission.domain.submission import guards
from services.submission.domain.submission.commands import (
    Situation,
    SubmitScore,
    SubmitScores,
    WithdrawScore,
)
from services.submission.domain.submission.state import Score, Submission
from shared.events import submission as events
from shared.kernel import points, rules
from shared.kernel.errors import Flaw, Refused, Stale


def submit_score(command: SubmitScore, submission: Submission) -> Sequence[events.Fact]:
    """Declare one item; saying the same again is no news, whatever was read before."""
    submitted = _scored(command.situation, command.item, command.inputs)
    score = submission.entry(command.item).score
    if _says(score, submitted):
        return ()
    guards.require(guards.against_drafting(command.situation, submission))
    guards.require_read(command.item, score.version if score else None, command.based_on)
    return (submitted,)


def submit_scores(command: SubmitScores, submission: Submission) -> Sequence[events.Fact]:
    """Declare all items or none, and name everything that is wrong with each."""
    guards.require(guards.against_taking_part(command.situation))
    submitted: list[events.ScoreSubmitted] = []
    flaws: list[Flaw] = []
    for item, inputs in command.scores.items():
        try:
            submitted.append(_scored(command.situation, item, inputs))
        except Refused as refusal:
            flaws.extend(_placed(item, refusal))
    if flaws:
        raise Refused("sheet-invalid", flaws=flaws)
    news = [fact for fact in submitted if not _says(submission.entry(fact.item).score, fact)]
    if news:
        guards.require(guards.against_drafting(command.situation, submission))
    changed = [score for fact in news if (score := submission.entry(fact.item).score)]
    _require_sheet_read(changed, submission, command.based_on)
    return news


def withdraw_score(command: WithdrawScore, submission: Submission) -> Sequence[events.Fact]:
    """Take a declaration back; where there is none, nothing happens."""
    guards.declared_item(command.situation, command.item)
    score = submission.entry(command.item).score
    if score is None:
        return ()
    guards.require(guards.against_drafting(command.situation, submission))
    guards.require_read(command.item, score.version, command.based_on)
    withdrawn = events.ScoreWithdrawn(
        cycle=command.situation.cycle.name, agency=command.situation.agency, item=command.item
    )
    return (withdrawn,)


def _scored(situation: Situation, code: str, inputs: Mapping[str, str]) -> events.ScoreSubmitted:
    item = guards.declared_item(situation, code)
    evaluation = rules.evaluate(item, inputs)
    return events.ScoreSubmitted(
        cycle=situation.cycle.name,
        agency=situation.agency,
        item=code,
        inputs=dict(inputs),
        points=points.exact(evaluation.points),
    )


def _says(score: Score | None, fact: events.ScoreSubmitted) -> bool:
    return score is not None and (score.inputs, score.points) == (fact.inputs, fact.points)


def _placed(item: str, refusal: Refused) -> Sequence[Flaw]:
    pointer = f"/scores/{item}"
    if not refusal.flaws:
        return (Flaw(pointer, refusal.code, refusal.details),)
    return tuple(
        Flaw(f"{pointer}{flaw.pointer}", flaw.code, flaw.details) for flaw in refusal.flaws
    )


def _require_sheet_read(
    changed: Sequence[Score], submission: Submission, based_on: int | None
) -> None:
    """A sheet that was read at a version was read with every score up to it."""
    if not changed:
        return
    if based_on is None:
        raise Stale("version-required", current=str(submission.version))
    if based_on < max(score.version for score in changed):
        raise Stale("version-stale", current=str(submission.version))
