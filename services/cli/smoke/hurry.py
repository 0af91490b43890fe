"""Where people were refused because a phase of the scratch cycle was over before they had done."""

from collections.abc import Mapping

from services.cli.smoke.play import Play
from shared.kernel.errors import Problem, Refused

ENDED: Mapping[str, str] = {
    "self-scoring-closed": "self-scoring",
    "submission-locked": "self-scoring",
    "survey-closed": "survey",
}
"""The refusals that the end of a phase brings, and the phase."""


def told(play: Play, problem: Problem) -> Problem:
    """The problem of a step, or that its phase was too short: then nothing else need be wrong."""
    phase, passed_s, phase_s = ENDED.get(problem.code), play.passed_s, play.scratch.phase_s
    if phase is None or not play.opening or passed_s < phase_s:
        return problem
    given, took = f"{phase_s:g}", f"{passed_s:.1f}"
    return Refused("smoke-phase-short", phase=phase, given=given, took=took, because=problem.code)
