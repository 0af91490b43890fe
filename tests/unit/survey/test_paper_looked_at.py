"""The worker reads what was typed in of a pile only where it may have to do something."""

from services.survey.domain.paper import to_document
from shared.events import survey as events
from shared.ports import Draft
from tests.support.frail import Line
from tests.support.paper_desk import URN_NAME
from tests.support.paper_process import (
    AT,
    FORMS,
    ONE,
    OTHER,
    PILE,
    WRONG,
    context,
    facts,
    opened,
    over,
    paper,
)


def corrected() -> Draft:
    return Draft(OTHER.reference, "another revision", to_document(FORMS))


async def test_what_one_person_typed_in_is_not_read_before_another_did() -> None:
    outside, line = await opened(), Line()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    worker = paper(over(line, outside))

    alone = await worker.finish_all()

    assert alone == 0
    assert "typed" not in line.said
    await outside.drafts.put(URN_NAME, PILE, corrected())
    assert await worker.finish_all() == 1
    assert len(await facts(outside, events.PaperEntered)) == 1


async def test_what_two_typed_differently_is_read_again_once_one_corrected_it() -> None:
    outside, line = await opened(), Line()
    await paper(outside).type_in(ONE, AT, PILE, FORMS, context())
    await paper(outside).type_in(OTHER, AT, PILE, WRONG, context())
    worker = paper(over(line, outside))

    turns = [await worker.finish_all() for _ in range(3)]

    assert turns == [0, 0, 0]
    assert line.said.count("typed") == 1
    await outside.drafts.put(URN_NAME, PILE, corrected())
    assert await worker.finish_all() == 1
    assert len(await facts(outside, events.PaperEntered)) == 1
