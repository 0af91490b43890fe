"""What each fact changes in the state of a cycle, of all services.

Streams of different services reach the ledger in any order, so that a decision may stand before
the declaration that it judges, or an answer before the agency that it is about. Each fact is
therefore kept under what it speaks of. The order within a stream is the only one that counts.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, get_args

from shared.count.state import CycleState, Note, Publication
from shared.events import appraisal, ranking, submission, survey
from shared.events.envelope import Recorded, split_id
from shared.kernel import points, scheme_reader
from shared.kernel.errors import Refused
from shared.kernel.index import Decision, Declaration, Imported


def apply(state: CycleState, recorded: Recorded) -> None:
    """Fold one fact; what it says that cannot be kept becomes a note, and never an error."""
    fold = FOLDS.get(type(recorded.data))
    if recorded.data.cycle != state.cycle:
        state.note(Note("cycle-differs", recorded.id))
    elif fold is not None:
        fold(state, recorded.data, recorded.id)


# --- The cycle and its rules


def _adopt_scheme(
    state: CycleState, fact: submission.SchemeAdopted | submission.SchemeAmended, identity: str
) -> None:
    state.assess_anew()
    state.schemes.pop(fact.tier, None)
    state.adopted.pop(fact.tier, None)
    try:
        scheme = scheme_reader.read(fact.scheme)
    except Refused:
        state.note(Note("scheme-unreadable", identity))
        return
    if scheme.tier == fact.tier:
        state.schemes[fact.tier], state.adopted[fact.tier] = scheme, identity
    else:
        state.note(Note("scheme-of-another-tier", identity))


def _open_cycle(state: CycleState, fact: submission.CycleOpened, identity: str) -> None:
    state.assess_anew()
    state.opened = fact
    state.roster = {agency.code: agency for agency in fact.agencies}
    state.admitted = dict.fromkeys(state.roster, identity)


def _withdraw_cycle(state: CycleState, _fact: submission.CycleWithdrawn, _: str) -> None:
    state.withdrawn = True


def _add_agency(state: CycleState, fact: submission.AgencyAdded, identity: str) -> None:
    """One that comes back in another tier has other items: what a table said of the old ones goes.

    What agency and council said stands in other streams, and falls with the tier of the appraisal.
    """
    agency = fact.agency
    state.assess_anew(agency.code)
    state.roster[agency.code] = agency
    state.admitted[agency.code] = identity
    if state.left.pop(agency.code, agency.tier) != agency.tier:
        state.agency(agency.code).imported.clear()


def _withdraw_agency(state: CycleState, fact: submission.AgencyWithdrawn, _: str) -> None:
    agency = state.roster.pop(fact.agency, None)
    state.admitted.pop(fact.agency, None)
    state.left[fact.agency] = agency.tier if agency else state.left.get(fact.agency, "")


def _import_results(state: CycleState, fact: submission.ItemResultsImported, identity: str) -> None:
    for score in fact.scores:
        value = None if score.points is None else points.found(score.points)
        if score.points is not None and value is None:
            state.note(Note("points-malformed", identity, score.agency, score.item))
            continue
        state.agency(score.agency, score.item).imported[score.item] = Imported(value, identity)


# --- What an agency says


def _submit_score(state: CycleState, fact: submission.ScoreSubmitted, identity: str) -> None:
    declaration = Declaration(MappingProxyType(fact.inputs), identity)
    state.agency(fact.agency, fact.item).declarations[fact.item] = declaration


def _withdraw_score(state: CycleState, fact: submission.ScoreWithdrawn, _: str) -> None:
    state.agency(fact.agency, fact.item).declarations.pop(fact.item, None)


def _attach_evidence(state: CycleState, fact: submission.EvidenceAttached, identity: str) -> None:
    said = state.agency(fact.agency, fact.item)
    said.evidence[fact.item] = {**said.evidence.get(fact.item, {}), fact.evidence: identity}
    said.files[identity] = fact.file.sha256


def _withdraw_evidence(state: CycleState, fact: submission.EvidenceWithdrawn, _: str) -> None:
    evidence = state.agency(fact.agency, fact.item).evidence
    before = evidence.get(fact.item, {})
    evidence[fact.item] = {name: each for name, each in before.items() if name != fact.evidence}


def _clear_file(state: CycleState, fact: submission.EvidenceCleared, _: str) -> None:
    state.agency(fact.agency).condemned.pop(fact.sha256, None)


def _condemn_file(state: CycleState, fact: submission.EvidenceCondemned, identity: str) -> None:
    """It changes no number: where what rests on it falls, it is withdrawn by a fact of its own."""
    state.agency(fact.agency).condemned[fact.sha256] = identity


def _lock(state: CycleState, fact: submission.SubmissionLocked, _: str) -> None:
    state.agency(fact.agency).reopened = False


def _reopen(state: CycleState, fact: submission.SubmissionReopened, _: str) -> None:
    state.agency(fact.agency).reopened = True


# --- What the council says


def _open_appraisal(state: CycleState, fact: appraisal.AppraisalOpened, _: str) -> None:
    state.agency(fact.agency).appraised_in = fact.tier


def _decide(
    state: CycleState, fact: appraisal.ScoreRecognised | appraisal.ScoreRejected, identity: str
) -> None:
    """The approval was of the decisions before it, and a later one waits for another approval."""
    awarded = points.found(fact.awarded)
    if awarded is None:
        state.note(Note("points-malformed", identity, fact.agency, fact.item))
        return
    recognised = isinstance(fact, appraisal.ScoreRecognised)
    decision = Decision(awarded, recognised, fact.declaration, fact.evidence, identity)
    agency = state.agency(fact.agency, fact.item)
    agency.decisions[fact.item] = decision
    agency.approved = ""


def _make_due(state: CycleState, fact: appraisal.ReappraisalDue, _: str) -> None:
    agency = state.agency(fact.agency, fact.item.item)
    agency.decisions.pop(fact.item.item, None)
    agency.approved = ""


def _approve_appraisal(state: CycleState, fact: appraisal.AppraisalApproved, identity: str) -> None:
    state.agency(fact.agency).approved = identity


# --- What the respondents say


def _adopt_questionnaire(
    state: CycleState, fact: survey.QuestionnaireAdopted, identity: str
) -> None:
    state.assess_anew()
    state.questionnaire(fact.questionnaire).adopt(fact, identity)


def _open_survey(state: CycleState, fact: survey.SurveyOpened, _: str) -> None:
    state.questionnaire(fact.questionnaire).open = True


def _close_survey(state: CycleState, fact: survey.SurveyClosed, _: str) -> None:
    state.questionnaire(fact.questionnaire).open = False


def _count_responses(state: CycleState, fact: survey.ResponsesCounted, identity: str) -> None:
    questionnaire = state.questionnaire(fact.questionnaire)
    if questionnaire.count(fact, identity):
        state.ask_anew({each.agency for each in fact.responses}, questionnaire.items)
    else:
        state.note(Note("batch-repeated", identity))


def _exclude_answers(state: CycleState, fact: survey.AnswersExcluded, identity: str) -> None:
    questionnaire = state.questionnaire(fact.questionnaire)
    if not questionnaire.exclude(fact, identity):
        state.note(Note("position-unknown", identity))
    batch = questionnaire.batches.get(fact.batch)
    responses = batch.responses if batch else ()
    state.ask_anew({each.agency for each in responses}, questionnaire.items)


def _import_survey(state: CycleState, fact: survey.ResultImported, identity: str) -> None:
    questionnaire = state.questionnaire(fact.questionnaire)
    questionnaire.take_over(fact, identity)
    state.ask_anew({fact.agency}, questionnaire.items)


# --- What became of the count


def _approve_result(state: CycleState, fact: ranking.ResultApproved, identity: str) -> None:
    if _is_of_results(state, identity):
        state.approved = fact.basis


def _publish(
    state: CycleState, fact: ranking.ResultPublished | ranking.ResultCorrected, identity: str
) -> None:
    if _is_of_results(state, identity):
        publication = Publication(fact.revision, fact.basis, fact.decision, identity)
        state.publications = state.publications.with_next(publication)


def _is_of_results(state: CycleState, identity: str) -> bool:
    """Whether a result is told where results are: whoever has another stream could claim any."""
    stream, _ = split_id(identity)
    if stream == ranking.result_of(state.cycle):
        return True
    state.note(Note("result-misplaced", identity))
    return False


Apply = Callable[[CycleState, Any, str], None]

FOLDS: Mapping[type, Apply] = MappingProxyType(
    {
        submission.SchemeAdopted: _adopt_scheme,
        submission.SchemeAmended: _adopt_scheme,
        submission.CycleOpened: _open_cycle,
        submission.CycleWithdrawn: _withdraw_cycle,
        submission.AgencyAdded: _add_agency,
        submission.AgencyWithdrawn: _withdraw_agency,
        submission.ItemResultsImported: _import_results,
        submission.ScoreSubmitted: _submit_score,
        submission.ScoreWithdrawn: _withdraw_score,
        submission.EvidenceAttached: _attach_evidence,
        submission.EvidenceWithdrawn: _withdraw_evidence,
        submission.EvidenceCleared: _clear_file,
        submission.EvidenceCondemned: _condemn_file,
        submission.SubmissionLocked: _lock,
        submission.SubmissionReopened: _reopen,
        appraisal.AppraisalOpened: _open_appraisal,
        appraisal.ScoreRecognised: _decide,
        appraisal.ScoreRejected: _decide,
        appraisal.ReappraisalDue: _make_due,
        appraisal.AppraisalApproved: _approve_appraisal,
        survey.QuestionnaireAdopted: _adopt_questionnaire,
        survey.SurveyOpened: _open_survey,
        survey.SurveyClosed: _close_survey,
        survey.ResponsesCounted: _count_responses,
        survey.AnswersExcluded: _exclude_answers,
        survey.ResultImported: _import_survey,
        ranking.ResultApproved: _approve_result,
        ranking.ResultPublished: _publish,
        ranking.ResultCorrected: _publish,
    }
)
UNCOUNTED: frozenset[type] = frozenset(
    {
        submission.DeadlineExtended,
        submission.EvidenceQuarantined,
        submission.ReadingJustified,
        submission.EvidenceRead,
        submission.ExplanationGiven,
        appraisal.CriterionAssigned,
        appraisal.ExplanationRequested,
        appraisal.ActionProposed,
        appraisal.ActionSeconded,
        survey.SamplePlanned,
        survey.InvitationsIssued,
        survey.LinkOpened,
        survey.LinkClosed,
        survey.BallotKeysAdopted,
        survey.ExclusionProposed,
        survey.ExclusionDropped,
        survey.CommentReleased,
        survey.PaperEntered,
        survey.PaperGivenUp,
        survey.DocumentQuarantined,
        survey.DocumentCleared,
        survey.DocumentCondemned,
        survey.ResultTyped,
        *get_args(ranking.PrivacyFact),
    }
)
"""Facts that change no number; a new fact belongs here or into `FOLDS`."""
