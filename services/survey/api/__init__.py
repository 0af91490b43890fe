"""The survey over HTTP. Answering needs a token and no name; everything else needs a role."""

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter

from services.survey.api import (
    certified,
    counting,
    paper,
    preview,
    questionnaires,
    respondents,
    results,
    rights,
    turnout,
)
from services.survey.api.rights import Printer
from services.survey.application import (
    About,
    Answering,
    Certified,
    Exclusions,
    Moderation,
    Paper,
    PaperTables,
    Results,
    Rights,
    Surveys,
)
from shared.adapters import web


@dataclass(frozen=True, slots=True)
class Desks:
    """The use cases of the survey, and what draws on paper or as a page what they give."""

    surveys: Surveys
    rights: Rights
    answering: Answering
    paper: Paper
    tables: PaperTables
    certified: Certified
    exclusions: Exclusions
    moderation: Moderation
    results: Results
    printer: Printer
    previewed: Callable[[About, str], web.Html]


def routes(desks: Desks) -> APIRouter:
    """The routes of the survey service."""
    router = web.new_router()
    # Routes are looked through in their order: what is called most often comes first.
    respondents.add_respondents(router, desks.answering)
    questionnaires.add_officers(router, desks.surveys)
    preview.add_preview(router, desks.surveys, desks.previewed)
    rights.add_rights(router, desks.rights, desks.printer)
    rights.add_links(router, desks.rights)
    paper.add_piles(router, desks.paper)
    paper.add_tables(router, desks.tables)
    certified.add_certified(router, desks.certified)
    counting.add_exclusions(router, desks.exclusions)
    results.add_results(router, desks.results)
    turnout.add_turnout(router, desks.results)
    questionnaires.add_readings(router, desks.surveys)
    respondents.add_receipts(router, desks.answering)
    respondents.add_ballots(router, desks.answering)
    respondents.add_moderators(router, desks.moderation)
    return router
