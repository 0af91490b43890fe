"""The questionnaire under schemes/ can be adopted with the sample scheme of departments."""

import json
from pathlib import Path

from services.survey.api.bodies import QuestionnaireBody, adopted
from services.survey.domain import validity
from services.survey.domain.cycle import Cycle
from shared.adapters import scheme_file
from shared.kernel import scheme_reader
from shared.kernel.calendar import Calendar, Window
from tests.support.small_cycle import at

SCHEMES = Path(__file__).parents[3] / "schemes"
SAMPLE = SCHEMES / "an-giang-2021-department-citizens.sample.json"


def test_the_sample_questionnaire_fits_the_sample_scheme() -> None:
    body = QuestionnaireBody.model_validate(json.loads(SAMPLE.read_text(encoding="utf-8")))
    scheme = scheme_file.load((SCHEMES / "an-giang-2021-department.sample.yaml").read_bytes())
    cycle = Cycle(
        name="2021",
        schemes={"department": scheme_reader.read(scheme.document)},
        calendar=Calendar({"survey": Window(at(11, 21), at(12, 22))}),
    )

    assert list(validity.of_questionnaire(adopted("2021", "sipas", body), cycle)) == []


def test_every_item_of_sipas_has_its_question() -> None:
    questions = json.loads(SAMPLE.read_text(encoding="utf-8"))["questions"]

    assert [question["item"] for question in questions if "item" in question] == [
        f"9.{number}" for number in range(1, 6)
    ]
