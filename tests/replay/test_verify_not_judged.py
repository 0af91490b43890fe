"""Who reads a report sees which surveys could not be judged."""

from shared import verify
from shared.adapters import signature
from shared.events import codec
from shared.verify import Given
from shared.verify.words import as_json, in_words
from tests.support.bundled import approved
from tests.support.formerly import formerly
from tests.support.told import whole_cycle

GIVEN = Given(signature.verify)
NAMES = ["citizens", "leaders", "organisations"]


def test_surveys_that_are_judged_are_not_told_of() -> None:
    report = verify.verify_entries(approved([fact.body for fact in whole_cycle()]), GIVEN)

    assert as_json(report)["not_judged"] == []
    assert "former shape" not in "\n".join(in_words(report))


def test_surveys_of_a_former_shape_are_named() -> None:
    told = formerly([codec.head(fact.body) for fact in whole_cycle()])

    report = verify.verify_entries(approved([stored.body for stored in told]), GIVEN)

    assert as_json(report)["not_judged"] == NAMES
    [line] = [line for line in in_words(report) if "former shape" in line]
    assert line.endswith(f"held against nothing: {', '.join(NAMES)}.")
