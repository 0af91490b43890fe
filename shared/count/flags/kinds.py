"""All kinds of flags: which facts each looks at, how, and by which thresholds."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.count.flags import (
    answers,
    condemned,
    deadlines,
    decisions,
    explanations,
    limits,
    members,
    sheets,
)
from shared.count.flags.flag import Kind
from shared.count.flags.told import ACTS
from shared.events import appraisal, submission, survey

_DECISIONS = (appraisal.ScoreRecognised, appraisal.ScoreRejected)
_SETTLING = (*_DECISIONS, appraisal.ExplanationRequested, appraisal.AppraisalApproved)
_EVIDENCE = (submission.EvidenceAttached, submission.EvidenceWithdrawn)


def _thresholds(*names: str) -> Mapping[str, int]:
    """The limits of these names, as an answer states them."""
    return MappingProxyType({name.lower(): getattr(limits, name) for name in names})


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            # --- Time
            Kind("changed-after-deadline", deadlines.SAID, deadlines.changed_after_deadline),
            Kind("deadline-extended-late", (submission.DeadlineExtended,), deadlines.extended_late),
            Kind("scheme-amended-late", (submission.SchemeAmended,), deadlines.amended_late),
            # --- Sheets
            Kind("evidence-replaced-after-decision", _EVIDENCE, sheets.evidence_replaced),
            Kind(
                "score-raised-after-reopening",
                (submission.SubmissionLocked,),
                sheets.raised_after_reopening,
            ),
            Kind(
                "reopened-after-approval",
                (submission.SubmissionReopened,),
                sheets.reopened_after_approval,
            ),
            Kind(
                "all-at-maximum",
                (submission.SubmissionLocked,),
                sheets.all_at_maximum,
                parameters=_thresholds("MAXIMUM_ITEMS_MIN"),
            ),
            # --- Decisions
            Kind("decision-reversed", _DECISIONS, decisions.reversed_on_news),
            Kind("decision-reversed-without-news", _DECISIONS, decisions.reversed_without_news),
            Kind(
                "recognised-without-proof",
                (appraisal.ScoreRecognised,),
                decisions.recognised_without_proof,
            ),
            Kind(
                "rests-on-condemned",
                (appraisal.AppraisalApproved,),
                condemned.approved_all_the_same,
                standing=condemned.rests_on_condemned,
            ),
            Kind(
                "awarded-outside-rule", (appraisal.ScoreRejected,), decisions.awarded_outside_rule
            ),
            # --- Members
            Kind(
                "decided-in-seconds",
                ACTS,
                members.decided_in_seconds,
                parameters=_thresholds("PAUSE_S_MAX", "RUN_DECISIONS_MIN"),
            ),
            Kind(
                "seconded-at-once",
                (appraisal.ActionSeconded,),
                members.seconded_at_once,
                parameters=_thresholds("SECONDED_S_MIN"),
            ),
            Kind(
                "acted-on-own-agency",
                (*ACTS, appraisal.CriterionAssigned),
                members.acted_on_own_agency,
            ),
            Kind(
                "decided-by-one",
                (appraisal.AppraisalApproved,),
                members.decided_by_one,
                parameters=_thresholds("ONE_HAND_ITEMS_MIN"),
            ),
            # --- Explanations
            Kind(
                "explanation-unanswered",
                _SETTLING,
                explanations.unanswered,
                standing=explanations.still_unanswered,
            ),
            Kind("decided-before-answer", _SETTLING, explanations.decided_before_answer),
            Kind(
                "explanation-never-heard",
                (appraisal.AppraisalApproved,),
                explanations.never_heard,
            ),
            # --- Answers
            Kind(
                "answers-in-burst",
                (survey.ResponsesCounted,),
                answers.answered_in_burst,
                parameters=_thresholds(
                    "WINDOW_S", "BURST_ANSWERS_MIN", "BURST_FACTOR_MIN", "BASELINE_S_MIN"
                ),
            ),
            Kind(
                "answers-alike",
                (survey.ResponsesCounted,),
                answers.answered_alike,
                parameters=_thresholds(
                    "ALIKE_ANSWERS_MIN", "ALIKE_PERCENT_MIN", "ALIKE_QUESTIONS_MIN"
                ),
            ),
            Kind(
                "answers-straight",
                (survey.ResponsesCounted,),
                answers.answered_straight,
                parameters=_thresholds(
                    "ALIKE_ANSWERS_MIN", "ALIKE_PERCENT_MIN", "ALIKE_QUESTIONS_MIN"
                ),
            ),
            Kind(
                "answers-hasty",
                (survey.ResponsesCounted,),
                answers.answered_hastily,
                parameters=_thresholds("HASTY_ANSWERS_MIN", "HASTY_PERCENT_MIN"),
            ),
            Kind(
                "answers-excluded-after-closing",
                (survey.AnswersExcluded,),
                answers.excluded_after_closing,
            ),
            Kind("survey-result-replaced", (survey.ResultImported,), answers.import_replaced),
            Kind(
                "survey-result-condemned",
                (survey.SurveyClosed,),
                condemned.closed_all_the_same,
                standing=condemned.counts_condemned,
            ),
        )
    }
)
