"""What each fact changes in what the flags know."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from shared.count.flags import paces, runs
from shared.count.flags.known import (
    Decided,
    Imported,
    Known,
    Locked,
    Moment,
    Proposed,
    Requested,
)
from shared.count.flags.told import ACTS, COUNCIL, Ref, Told, is_decision, zoned
from shared.events import appraisal, submission, survey
from shared.kernel import points, scheme_reader
from shared.kernel.calendar import Calendar, Window
from shared.kernel.errors import Refused
from shared.kernel.rules import NO_TASK

FIRST_ROUND = 1


def follow(known: Known, told: Told) -> None:
    """Take a fact in."""
    known.reached = max(known.reached, told.at)
    change = CHANGES.get(type(told.data))
    if change is not None:
        change(known, told, told.data)
    if isinstance(told.data, ACTS):
        _act(known, told)


# --- The cycle


def _adopt_scheme(
    known: Known, _: Told, fact: submission.SchemeAdopted | submission.SchemeAmended
) -> None:
    """A scheme that cannot be read is none: what it says of items is not guessed."""
    known.schemes.pop(fact.tier, None)
    try:
        scheme = scheme_reader.read(fact.scheme)
    except Refused:
        return
    if scheme.tier == fact.tier:
        known.schemes[fact.tier] = scheme


def _open_cycle(known: Known, _: Told, fact: submission.CycleOpened) -> None:
    known.tiers = {agency.code: agency.tier for agency in fact.agencies}
    known.calendar = Calendar(
        {phase.name: Window(zoned(phase.opens), zoned(phase.closes)) for phase in fact.calendar}
    )


def _extend(known: Known, _: Told, fact: submission.DeadlineExtended) -> None:
    if known.calendar is not None:
        whose = fact.agency or ""
        known.calendar = known.calendar.extended(fact.phase, zoned(fact.until), whose)


def _add_agency(known: Known, _: Told, fact: submission.AgencyAdded) -> None:
    known.tiers[fact.agency.code] = fact.agency.tier


def _withdraw_agency(known: Known, _: Told, fact: submission.AgencyWithdrawn) -> None:
    """Nobody waits for an answer of an agency that has left."""
    known.tiers.pop(fact.agency, None)
    _ask_no_more(known, fact.agency)


def _withdraw_cycle(known: Known, _: Told, __: submission.CycleWithdrawn) -> None:
    """No agency is left in it."""
    known.tiers = {}
    for agency in list(known.agencies):
        _ask_no_more(known, agency)


def _ask_no_more(known: Known, agency: str) -> None:
    for code, item in list(known.agency(agency).items.items()):
        if item.requested is not None:
            known.change_item(agency, code).requested = None


# --- What an agency says


def _declare(known: Known, told: Told, fact: submission.ScoreSubmitted) -> None:
    item = known.change_item(fact.agency, fact.item)
    item.declaration, item.no_task = told.ref, NO_TASK in fact.inputs
    item.requested = None


def _withdraw_score(known: Known, _: Told, fact: submission.ScoreWithdrawn) -> None:
    item = known.change_item(fact.agency, fact.item)
    item.declaration, item.no_task, item.requested = None, False, None


def _attach(known: Known, told: Told, fact: submission.EvidenceAttached) -> None:
    item = known.change_item(fact.agency, fact.item)
    item.evidence = {**item.evidence, fact.evidence: told.ref}
    item.spoken, item.requested = Moment(told.ref, told.at), None
    known.change_agency(fact.agency).files[told.ref.id] = fact.file.sha256


def _detach(known: Known, _: Told, fact: submission.EvidenceWithdrawn) -> None:
    item = known.change_item(fact.agency, fact.item)
    item.evidence = {name: ref for name, ref in item.evidence.items() if name != fact.evidence}


def _clear(known: Known, _: Told, fact: submission.EvidenceCleared) -> None:
    known.change_agency(fact.agency).condemned.pop(fact.sha256, None)


def _condemn(known: Known, told: Told, fact: submission.EvidenceCondemned) -> None:
    known.change_agency(fact.agency).condemned[fact.sha256] = Moment(told.ref, told.at)


def _explain(known: Known, told: Told, fact: submission.ExplanationGiven) -> None:
    item = known.change_item(fact.agency, fact.item)
    item.explained, item.spoken, item.requested = True, Moment(told.ref, told.at), None


def _lock(known: Known, told: Told, fact: submission.SubmissionLocked) -> None:
    agency = known.change_agency(fact.agency)
    claimed = {given.item: points.found(given.points) for given in fact.items}
    agency.locked = Locked(
        told.ref, {code: value for code, value in claimed.items() if value is not None}
    )
    agency.reopened = None


def _reopen(known: Known, told: Told, fact: submission.SubmissionReopened) -> None:
    known.change_agency(fact.agency).reopened = Moment(told.ref, told.at)


# --- What the council says


def _assign(known: Known, told: Told, fact: appraisal.CriterionAssigned) -> None:
    for member in fact.members:
        _first(known.registered, COUNCIL + member.id, member.agency, told.ref)


def _decide(
    known: Known, told: Told, fact: appraisal.ScoreRecognised | appraisal.ScoreRejected
) -> None:
    """The approval was of the decisions before it."""
    known.change_agency(fact.agency).approved = None
    item = known.change_item(fact.agency, fact.item)
    recognised = isinstance(fact, appraisal.ScoreRecognised)
    item.decided = Decided(
        ref=told.ref,
        at=told.at,
        by=told.by,
        recognised=recognised,
        awarded=fact.awarded,
        declaration=fact.declaration,
        evidence=fact.evidence,
        together=item.proposed is not None and item.proposed.seconded,
    )
    item.requested, item.proposed = None, None
    item.rejected = item.rejected or (not recognised and fact.round == FIRST_ROUND)


def _ask(known: Known, told: Told, fact: appraisal.ExplanationRequested) -> None:
    item, until = known.change_item(fact.agency, fact.item), zoned(fact.until)
    item.requested = Requested(told.ref, told.by, until)
    item.answer_until = max(item.answer_until, until)


def _make_due(known: Known, _: Told, fact: appraisal.ReappraisalDue) -> None:
    known.change_agency(fact.agency).approved = None
    known.change_item(fact.agency, fact.item.item).proposed = None


def _propose(known: Known, told: Told, fact: appraisal.ActionProposed) -> None:
    """What concerns the agency as a whole is kept under the item "" of it."""
    proposed = Proposed(fact.action, fact.item, told.ref, told.at)
    known.change_item(fact.agency, fact.item).proposed = proposed


def _second(known: Known, _: Told, fact: appraisal.ActionSeconded) -> None:
    proposed = known.proposed(fact.agency, fact.action)
    if proposed is not None:
        known.change_item(fact.agency, proposed.item).proposed = replace(proposed, seconded=True)


def _approve(known: Known, told: Told, fact: appraisal.AppraisalApproved) -> None:
    agency = known.change_agency(fact.agency)
    agency.approved = Moment(told.ref, told.at)
    for code, item in list(agency.items.items()):
        if item.requested is not None or item.proposed is not None:
            change = known.change_item(fact.agency, code)
            change.requested, change.proposed = None, None


# --- What the respondents say


def _ask_people(known: Known, _: Told, fact: survey.QuestionnaireAdopted) -> None:
    scales = frozenset(question.code for question in fact.questions if question.kind == "scale")
    known.change_questionnaire(fact.questionnaire).scales = scales


def _open_survey(known: Known, told: Told, fact: survey.SurveyOpened) -> None:
    known.change_questionnaire(fact.questionnaire).opened_at = told.taken_at


def _count(known: Known, told: Told, fact: survey.ResponsesCounted) -> None:
    pace = known.change_questionnaire(fact.questionnaire).paces
    for agency, answers in paces.by_agency(fact.responses).items():
        pace[agency] = paces.after(pace.get(agency), told, answers)


def _close_survey(known: Known, told: Told, fact: survey.SurveyClosed) -> None:
    known.change_questionnaire(fact.questionnaire).closed = told.ref


def _import_survey(known: Known, told: Told, fact: survey.ResultImported) -> None:
    imported = known.change_questionnaire(fact.questionnaire).imported
    imported[fact.agency, fact.source] = Imported(told.ref, fact.sha256)


def _condemn_document(known: Known, told: Told, fact: survey.DocumentCondemned) -> None:
    condemned = known.change_questionnaire(fact.questionnaire).condemned
    condemned[fact.sha256] = Moment(told.ref, told.at)


def _clear_document(known: Known, _: Told, fact: survey.DocumentCleared) -> None:
    known.change_questionnaire(fact.questionnaire).condemned.pop(fact.sha256, None)


def _act(known: Known, told: Told) -> None:
    """Who acted for the council, on which agency, and how fast one decision followed another."""
    if told.by:
        _first(known.hands, told.by, told.data.agency, told.ref)
        if is_decision(told.data):
            known.runs[told.by] = runs.after(known.runs.get(told.by), told)


def _first(known: dict[str, Mapping[str, Ref]], who: str, agency: str, ref: Ref) -> None:
    """Remember the first fact that connects somebody with an agency."""
    if agency not in known.get(who, {}):
        known[who] = {**known.get(who, {}), agency: ref}


Change = Callable[[Known, Told, Any], None]

CHANGES: Mapping[type, Change] = MappingProxyType(
    {
        submission.SchemeAdopted: _adopt_scheme,
        submission.SchemeAmended: _adopt_scheme,
        submission.CycleOpened: _open_cycle,
        submission.DeadlineExtended: _extend,
        submission.AgencyAdded: _add_agency,
        submission.AgencyWithdrawn: _withdraw_agency,
        submission.CycleWithdrawn: _withdraw_cycle,
        submission.ScoreSubmitted: _declare,
        submission.ScoreWithdrawn: _withdraw_score,
        submission.EvidenceAttached: _attach,
        submission.EvidenceWithdrawn: _detach,
        submission.EvidenceCleared: _clear,
        submission.EvidenceCondemned: _condemn,
        submission.ExplanationGiven: _explain,
        submission.SubmissionLocked: _lock,
        submission.SubmissionReopened: _reopen,
        appraisal.CriterionAssigned: _assign,
        appraisal.ScoreRecognised: _decide,
        appraisal.ScoreRejected: _decide,
        appraisal.ExplanationRequested: _ask,
        appraisal.ReappraisalDue: _make_due,
        appraisal.ActionProposed: _propose,
        appraisal.ActionSeconded: _second,
        appraisal.AppraisalApproved: _approve,
        survey.QuestionnaireAdopted: _ask_people,
        survey.SurveyOpened: _open_survey,
        survey.ResponsesCounted: _count,
        survey.SurveyClosed: _close_survey,
        survey.ResultImported: _import_survey,
        survey.DocumentCondemned: _condemn_document,
        survey.DocumentCleared: _clear_document,
    }
)
