"""Which action of the table of permissions an operation is: rights come before flaws.

Whoever may not do something hears of that alone, however wrong it is what they have sent. What is
well-formed the use cases hold against the same table: `tests/api/test_roles.py` has both agree.
"""

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import Request, Response

from shared.adapters.web.problem import answer_flaws, response_to
from shared.adapters.web.turnstile import CALLER, Caller
from shared.kernel.authority import permit
from shared.kernel.errors import Forbidden

ACTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "submission": {
            "list_cycles": "read-cycle",
            "read_cycle": "read-cycle",
            "read_scheme": "read-cycle",
            "read_progress": "read-cycle",
            "open_cycle": "open-cycle",
            "amend_scheme": "amend-scheme",
            "withdraw_cycle": "withdraw-cycle",
            "extend_deadline": "extend-deadline",
            "add_agency": "change-agencies",
            "withdraw_agency": "change-agencies",
            "import_results": "import-results",
            "read_sheet": "read-submission",
            "read_score": "read-submission",
            "read_missing": "read-submission",
            "read_history": "read-submission",
            "read_file": "read-evidence",
            "justify_reading": "justify-reading",
            "read_accesses": "read-accesses",
            "submit_score": "submit-score",
            "submit_scores": "submit-score",
            "withdraw_score": "submit-score",
            "store_file": "attach-evidence",
            "attach_evidence": "attach-evidence",
            "withdraw_evidence": "attach-evidence",
            "give_explanation": "give-explanation",
            "lock_submission": "lock-submission",
            "reopen_submission": "reopen-submission",
            "look_up_person": "read-directory",
        },
        "appraisal": {
            "assign_criterion": "assign-criterion",
            "read_assignment": "read-progress",
            "read_assignments": "read-progress",
            "read_progress": "read-progress",
            "read_queue": "read-queue",
            "read_appraisal": "read-appraisal",
            "read_item": "read-appraisal",
            "read_history": "read-appraisal",
            "decide_score": "decide-score",
            "decide_scores": "decide-score",
            "request_explanation": "request-explanation",
            "propose_action": "propose-action",
            "second_action": "second-action",
            "approve_appraisal": "approve-appraisal",
            "look_up_person": "read-directory",
        },
        "survey": {
            "adopt_questionnaire": "adopt-questionnaire",
            "copy_questionnaire": "adopt-questionnaire",
            "preview_questionnaire": "adopt-questionnaire",
            "offer_ballots": "run-survey",
            "open_survey": "run-survey",
            "close_survey": "close-survey",
            "invite_respondents": "invite-respondents",
            "plan_sample": "invite-respondents",
            "list_invitations": "invite-respondents",
            "list_reminders": "invite-respondents",
            "open_link": "invite-respondents",
            "list_links": "invite-respondents",
            "close_link": "invite-respondents",
            "list_piles": "enter-responses",
            "type_in_pile": "enter-responses",
            "type_in_table": "enter-responses",
            "read_pile": "enter-responses",
            "give_up_pile": "enter-responses",
            "read_template": "enter-responses",
            "store_result_document": "import-survey-result",
            "read_result_document": "read-result-document",
            "list_exclusions": "read-turnout",
            "read_batch": "read-turnout",
            "propose_exclusion": "propose-exclusion",
            "second_exclusion": "second-exclusion",
            "drop_exclusion": "propose-exclusion",
            "list_comments": "moderate-comments",
            "release_comment": "moderate-comments",
            "remove_comment": "moderate-comments",
            "type_result": "import-survey-result",
            "list_typed_results": "read-turnout",
            "read_results": "read-turnout",
            "read_turnout": "read-turnout",
            "look_up_person": "read-directory",
        },
        "ranking": {
            "read_hindrances": "read-provisional",
            "suppose": "read-provisional",
            "approve_result": "approve-result",
            "publish_result": "publish-result",
            "read_difference": "read-provisional",
            "read_flags": "read-log",
            "acknowledge_alarm": "acknowledge-alarm",
            "order_rebuild": "rebuild-views",
            "forget_person": "forget-person",
            "propose_shredding": "propose-shredding",
            "second_shredding": "second-shredding",
            "list_shreddings": "read-shreddings",
            "read_rebuild": "read-log",
            "read_ledger": "read-log",
            "export_facts": "read-log",
            "read_bundle": "read-log",
            "follow_facts": "read-log",
            "look_up_person": "read-directory",
        },
    }
)
"""By service and operation; what is not here is for everybody."""


class Rights:
    """Answers what the models of a service do not take."""

    def __init__(self, service: str) -> None:
        self._actions = ACTIONS.get(service, {})

    async def answer(self, request: Request, invalid: Exception) -> Response:
        """The flaws, to whoever may do what was asked for."""
        action = self._actions.get(request.scope["route"].name)
        if action is not None:
            caller: Caller = request.scope[CALLER]
            try:
                permit(caller.actor, action, agency=request.path_params.get("agency", ""))
            except Forbidden as refusal:
                return response_to(request.scope, refusal)
        return await answer_flaws(request, invalid)
