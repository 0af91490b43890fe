"""Old versions of facts are read as the newest."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from shared.events import codec, survey
from shared.events.envelope import Sealed
from shared.events.former import FORMER
from shared.events.upcast import UPCASTERS, Upcaster, upcast
from tests.golden.examples import path_of

ASKED: Mapping[str, Any] = {"cycle": "2021", "questionnaire": "sipas-nguoi-dan"}
SEALED = Sealed(key="vX3k9m2Q", text="bsOqbSBwaG9uZw==")
READ_AS = {
    "survey.QuestionnaireAdopted.v1": survey.QuestionnaireAdopted(
        **ASKED,
        edition=1,
        tier="department",
        group="citizens",
        agencies=(),
        title=survey.Wording(vi="Phiếu hỏi người dân", second=""),
        introduction=survey.Wording(vi="", second=""),
        second_language=None,
        questions=(
            survey.Question(
                code="q1",
                text=survey.Wording(
                    vi="Ông/Bà có hài lòng về thời gian giải quyết không?", second=""
                ),
                kind="single-choice",
                required=True,
                item="9.1",
                options=(
                    survey.AnswerOption(
                        code="5",
                        title=survey.Wording(vi="Rất hài lòng", second=""),
                        no_opinion=False,
                    ),
                    survey.AnswerOption(
                        code="1",
                        title=survey.Wording(vi="Rất không hài lòng", second=""),
                        no_opinion=False,
                    ),
                ),
                asked_if=None,
            ),
        ),
        service_question=None,
        copied_from=None,
        opens=datetime(2021, 11, 15, 1, 30, tzinfo=UTC),
        closes=datetime(2021, 12, 24, 17, tzinfo=timezone(timedelta(hours=7))),
    ),
    "survey.ResponsesCounted.v1": survey.ResponsesCounted(
        **ASKED,
        batch=1,
        channel="mixed",
        responses=(
            survey.Response(agency="so-y-te", answers={"q1": "5"}, choices={}),
            survey.Response(agency="so-y-te", answers={"q1": "1"}, choices={}),
        ),
        receipts=(),
        hasty=0,
    ),
    "survey.AnswersExcluded.v1": survey.AnswersExcluded(
        **ASKED, exclusion="", batch=1, positions=(1,), because=SEALED
    ),
    "survey.ResultImported.v1": survey.ResultImported(
        **ASKED,
        agency="so-y-te",
        counts={"q1": {"1": 4, "5": 96}},
        source="Bưu điện tỉnh",
        document="15/BC-BĐ",
        sha256=None,
    ),
}


@pytest.mark.parametrize("name", sorted(FORMER))
def test_a_fact_in_a_former_shape_is_read_as_the_whole_of_the_newest(name: str) -> None:
    recorded = codec.decode(path_of(name).read_bytes())

    assert (recorded.type, recorded.data) == (name, READ_AS[name])


def test_every_former_shape_has_its_upcaster() -> None:
    assert set(UPCASTERS) == set(FORMER.values())


class First(msgspec.Struct, frozen=True):
    """A fact in its first shape."""

    first: int


class Second(msgspec.Struct, frozen=True):
    """The same in its second."""

    second: int


class Third(msgspec.Struct, frozen=True):
    """The same in its newest."""

    third: int


def test_an_old_fact_passes_every_version_up_to_the_newest() -> None:
    upcasters: Mapping[type, Upcaster] = {
        First: lambda fact: Second(fact.first + 1),
        Second: lambda fact: Third(fact.second),
    }

    assert upcast(First(1), upcasters) == Third(2)
    assert upcast(Second(5), upcasters) == Third(5)


def test_the_newest_version_stays_as_it_is() -> None:
    newest = Third(1)

    assert upcast(newest, {First: lambda fact: Second(fact.first)}) is newest
