"""Piles of paper forms: that one went into the urn, and that one came to nothing."""

from collections.abc import Sequence

from services.survey.domain.questionnaire.checks import adopted_in
from services.survey.domain.questionnaire.commands import EnterPile, GiveUpPile
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.kernel.errors import Missing, Refused


def enter_pile(command: EnterPile, state: Questionnaire) -> Sequence[events.Fact]:
    """The pile lies in the urn; that may be said after the closing, and is said once."""
    adopted = adopted_in(state)
    if command.pile in state.piles:
        return ()
    require_undecided(state, command.pile)
    return (
        events.PaperEntered(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            pile=command.pile,
            forms=dict(command.forms),
            by=command.by,
        ),
    )


def require_undecided(state: Questionnaire, pile: str) -> None:
    """Refuse a pile that went in or came to nothing: its name stands for that one for ever."""
    if pile in state.piles:
        raise Refused("pile-entered", pile=pile)
    if pile in state.given_up:
        raise Refused("pile-given-up", pile=pile)


def require_known(state: Questionnaire, pile: str, *, typed: bool) -> None:
    """Refuse a pile of which nobody has typed in anything, ever."""
    if not typed and pile not in {*state.piles, *state.given_up}:
        raise Missing("pile-unknown", pile=pile)


def give_up_pile(command: GiveUpPile, state: Questionnaire) -> Sequence[events.Fact]:
    """What was typed in of a pile is forgotten, for a reason."""
    adopted = adopted_in(state)
    require_undecided(state, command.pile)
    require_known(state, command.pile, typed=command.typed)
    return (
        events.PaperGivenUp(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            pile=command.pile,
            because=command.because,
        ),
    )
