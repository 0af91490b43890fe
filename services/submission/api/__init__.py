"""Submission over HTTP: cycles for Sở Nội vụ, sheets for agencies and those who read them."""

from fastapi import APIRouter

from services.submission.api import accesses, cycles, proofs, sheets
from services.submission.application import Accesses, Cycles, Sheets, Submissions
from shared.adapters import web


def routes(
    use_cases: Cycles, submissions: Submissions, readings: Sheets, read: Accesses
) -> APIRouter:
    """The routes of the submission service."""
    router = web.new_router()
    cycles.add_readings(router, use_cases)
    cycles.add_changes(router, use_cases)
    sheets.add_readings(router, readings)
    sheets.add_declarations(router, submissions)
    sheets.add_locks(router, submissions)
    proofs.add_files(router, submissions, readings)
    proofs.add_proofs(router, submissions)
    accesses.add_accesses(router, read)
    return router
