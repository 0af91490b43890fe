"""What the running system refuses by its rules: with a code, in two languages, and no change."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.survey_office import answer_body
from tests.support.town import (
    ASKED,
    CYCLE,
    DECISION,
    EVIDENCE,
    EXTENSION,
    FOREIGN,
    KEYED,
    OWN,
    PDF,
    SCORE,
    SHEET,
    Request,
    Town,
    cycle_body,
    evidence_of,
    stored_at,
)

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quiet")]

POINTS = {"inputs": {"points": "2"}}
READ = {"If-Match": '"1"'}
FILE_BYTES_MAX = 20 * 1024 * 1024
FOREIGN_SHEET = f"{CYCLE}/agencies/{FOREIGN}"


@pytest.mark.parametrize(
    ("inputs", "code", "pointer"),
    [
        ({"points": "4.25"}, "points-above-maximum", "/inputs/points"),
        ({"points": "3.1"}, "points-off-step", "/inputs/points"),
        ({"points": "-1"}, "points-negative", "/inputs/points"),
        ({"points": "NaN"}, "number-malformed", "/inputs/points"),
        ({"points": "Infinity"}, "number-malformed", "/inputs/points"),
        ({"points": "1e3"}, "number-malformed", "/inputs/points"),
        ({"points": "3,5"}, "number-malformed", "/inputs/points"),
        ({"points": "٣"}, "number-malformed", "/inputs/points"),
        ({"points": " 3"}, "number-malformed", "/inputs/points"),
        ({"points": ""}, "number-malformed", "/inputs/points"),
        ({"points": "9" * 30}, "number-too-large", "/inputs/points"),
        ({}, "input-missing", "/inputs/points"),
        ({"points": "3", "more": "1"}, "input-unknown", "/inputs/more"),
    ],
)
def test_points_that_the_rule_cannot_give(
    inputs: dict[str, str], code: str, pointer: str, quiet: Town
) -> None:
    request = Request("PUT", SCORE, {"inputs": inputs}, headers=READ)

    problem = quiet.refused(request, 409, code)

    assert [(flaw["pointer"], flaw["code"]) for flaw in problem["errors"]] == [(pointer, code)]


def test_a_sheet_with_one_wrong_item_is_refused_whole(quiet: Town) -> None:
    scores = {"1.1": POINTS, "7.7": POINTS}
    request = Request("PUT", f"{SHEET}/scores", {"scores": scores}, headers=READ)

    problem = quiet.refused(request, 409, "sheet-invalid")

    assert [flaw["pointer"] for flaw in problem["errors"]] == ["/scores/7.7"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{SHEET}/items/7.7/score", 409, "item-unknown"),
        (f"{SHEET}/items/9.1/score", 409, "item-is-surveyed"),
        (f"/submission/cycles/2020/agencies/{OWN}/items/1.1/score", 409, "agency-not-in-cycle"),
        (f"/submission/cycles/1999/agencies/{OWN}/items/1.1/score", 404, "cycle-unknown"),
    ],
)
def test_what_does_not_exist_is_not_declared(
    path: str, status: int, code: str, quiet: Town
) -> None:
    quiet.refused(Request("PUT", path, POINTS), status, code)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "items/1.1/score", POINTS),
        ("PUT", "scores", {"scores": {"1.1": POINTS}}),
        ("PUT", "items/1.1/evidence/ke-hoach", evidence_of(PDF)),
        ("PUT", "items/1.1/explanation", {"text": "Vì sao"}),
    ],
)
def test_nothing_is_changed_after_the_lock(
    method: str, path: str, body: object, quiet: Town
) -> None:
    request = Request(method, f"{FOREIGN_SHEET}/{path}", body, who="foreign")

    quiet.refused(request, 409, "submission-locked")


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("tag", "status", "code"),
    [
        ('"9"', 412, "version-stale"),
        ("", 428, "version-required"),
        ("1", 400, "if-match-malformed"),
        ('W/"1"', 400, "if-match-malformed"),
        ("*", 428, "version-unnamed"),
        ('"-1"', 400, "if-match-malformed"),
        ('"99999999999999999999"', 400, "if-match-malformed"),
    ],
)
def test_nobody_changes_what_they_have_not_read(
    method: str, tag: str, status: int, code: str, quiet: Town
) -> None:
    body = POINTS if method == "PUT" else None

    problem = quiet.refused(Request(method, SCORE, body, headers={"If-Match": tag}), status, code)

    assert code != "version-stale" or problem["details"]["current"] == "1"


@pytest.mark.parametrize(
    ("path", "content", "status", "code"),
    [
        (stored_at(bytes(FILE_BYTES_MAX + 1)), bytes(FILE_BYTES_MAX + 1), 413, "file-too-large"),
        (stored_at(b"another"), PDF, 409, "file-hash-differs"),
        (f"{SHEET}/files/{'A' * 64}", PDF, 422, "request-invalid"),
        (f"/submission/cycles/1999/agencies/{OWN}/files/{'0' * 64}", PDF, 404, "cycle-unknown"),
    ],
    ids=["too-large", "wrong-hash", "no-hash", "no-cycle"],
)
def test_a_file_that_is_not_what_it_should_be(
    path: str, content: bytes, status: int, code: str, quiet: Town
) -> None:
    quiet.refused(Request("PUT", path, content=content), status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (evidence_of(PDF, "application/x-msdownload"), "file-type-forbidden"),
        (evidence_of(PDF, "text/html"), "file-type-forbidden"),
        (evidence_of(PDF, ""), "file-type-forbidden"),
        (evidence_of(b"never stored"), "file-not-stored"),
    ],
)
def test_evidence_that_cannot_be_taken(body: object, code: str, quiet: Town) -> None:
    quiet.refused(Request("PUT", EVIDENCE, body), 409, code)


@pytest.mark.parametrize(
    ("survey", "token_of", "place", "status", "code"),
    [
        ("citizens", "citizens", 0, 409, "token-spent"),
        ("citizens", "leaders", 1, 409, "token-of-another-survey"),
        ("organisations", "organisations", 1, 409, "survey-closed"),
        ("nothing", "citizens", 1, 404, "questionnaire-unknown"),
    ],
)
def test_an_invitation_is_good_for_one_answer_to_its_own_survey(
    survey: str, token_of: str, place: int, status: int, code: str, quiet: Town
) -> None:
    body = answer_body(quiet.tokens[token_of][place], {"q1": "5"})

    quiet.refused(Request("POST", f"{ASKED}/{survey}/responses", body, who=""), status, code)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "answer-missing"),
        ({"q1": "9"}, "option-unknown"),
        ({"q1": "5", "q2": "5"}, "question-unknown"),
    ],
)
def test_an_answer_that_was_not_asked_for(answers: dict[str, str], code: str, quiet: Town) -> None:
    body = answer_body(quiet.tokens["citizens"][1], answers)

    problem = quiet.refused(
        Request("POST", f"{ASKED}/citizens/responses", body, who=""), 409, "answers-invalid"
    )

    assert [flaw["code"] for flaw in problem["errors"]] == [code]


def test_a_token_that_nobody_made(quiet: Town) -> None:
    body = answer_body("a" * 40, {"q1": "5"})

    quiet.refused(
        Request("POST", f"{ASKED}/citizens/responses", body, who=""), 404, "token-unknown"
    )


def test_of_two_answers_at_once_one_is_taken(quiet: Town) -> None:
    body = answer_body(quiet.tokens["leaders"][4], {"q1": "a"})
    request = Request("POST", f"{ASKED}/leaders/responses", body, who="")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(quiet.send, [request] * 8))
    quiet.settle()

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    quiet.refused(request, 409, "token-spent")


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("", 400, "idempotency-key-required"),
        ("k" * 129, 400, "idempotency-key-malformed"),
        ("two words", 400, "idempotency-key-malformed"),
        (KEYED["Idempotency-Key"], 409, "idempotency-key-reused"),
    ],
)
def test_a_command_comes_with_a_key_of_its_own(
    key: str, status: int, code: str, quiet: Town
) -> None:
    other = {**EXTENSION, "until": "2022-01-05T11:00:00+07:00"}
    headers = {"Idempotency-Key": key}

    quiet.refused(
        Request("POST", f"{CYCLE}/deadlines", other, None, "administrator", headers), status, code
    )


def test_a_key_is_not_taken_from_one_command_to_another(quiet: Town) -> None:
    body = {"decision": DECISION, "reason": "Theo đề nghị."}
    request = Request("POST", f"{CYCLE}/withdrawal", body, None, "administrator", KEYED)

    quiet.refused(request, 409, "idempotency-key-reused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"calendar": []}, "cycle-invalid"),
        ({"agencies": cycle_body(2022, ["so-y-te", "so-y-te"])["agencies"]}, "cycle-invalid"),
        ({"schemes": {"department": {"scheme": {"not": [1.5, None]}}}}, "cycle-invalid"),
        ({"schemes": {}}, "cycle-invalid"),
    ],
    ids=["no-phases", "an-agency-twice", "a-broken-scheme", "no-scheme"],
)
def test_a_cycle_that_cannot_be_opened(change: dict[str, Any], code: str, quiet: Town) -> None:
    body = {**cycle_body(2022, ["so-y-te"]), **change}

    quiet.refused(Request("PUT", "/submission/cycles/2022", body, who="administrator"), 409, code)


def test_a_cycle_is_not_opened_twice_in_two_ways(quiet: Town) -> None:
    body = cycle_body(2021, ["so-khac"])

    quiet.refused(Request("PUT", CYCLE, body, who="administrator"), 409, "cycle-exists")


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2022-01-06T00:00:00", "now", 5]
)
def test_a_time_that_is_none(until: object, quiet: Town) -> None:
    body = {**EXTENSION, "until": until}

    problem = quiet.refused(
        Request("POST", f"{CYCLE}/deadlines", body, who="administrator"), 422, "request-invalid"
    )

    assert [flaw["pointer"] for flaw in problem["errors"]] == ["/until"]
