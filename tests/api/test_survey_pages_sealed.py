"""What the pages offer to scripts: who gets them, what they are told, and what needs no token."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.support.asked_in_full import ASKED
from tests.support.seen_page import SeenPage
from tests.support.survey_office import AGENCY, CITIZENS, NOBODY, Office, open_office
from tests.support.visitor import FORM, Visitor, seen

SEALED = f"{FORM}/sealed/{AGENCY}"
LINK = {"agency": AGENCY, "answers_max": 5, "answers_per_day_max": 5}


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked everything that can be asked, and may answer by ballots."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        offered = await office.post(f"{CITIZENS}/ballot-keys", key="keys")
        assert offered.status_code == 200, offered.text
        yield office


@pytest.fixture
async def visitor(office: Office) -> Visitor:
    """Somebody who was invited."""
    [token] = await office.invite(1)
    return Visitor(office, f"{FORM}/{token}")


def told(page: SeenPage) -> dict[str, object]:
    """What a page tells its scripts."""
    read: dict[str, object] = json.loads(page.one("script", id="told").text)
    return read


async def sealed(visitor: Visitor, **answers: str | list[str]) -> SeenPage:
    """The check page that has no token."""
    form = seen(await visitor.get(), scripted=True)
    fields = form.filled(**{"do": "check", **answers})
    del fields["begun"], fields["kind"]
    return seen(await visitor.office.client.post(SEALED, data=fields), scripted=True)


async def test_a_form_with_a_ballot_brings_scripts_that_are_let_in_by_their_hash(
    visitor: Visitor,
) -> None:
    answer = await visitor.get()
    page = seen(answer, scripted=True)

    policy = answer.headers["content-security-policy"]
    assert policy.endswith("; script-src 'self'; connect-src 'self'")
    loaded = [each.attributes for each in page.all("script", type="module")]
    assert [each["src"].split("-")[0] for each in loaded] == ["/ballot", "/sealed"]
    texts = [await visitor.office.client.get(each["src"]) for each in loaded]
    assert {each.headers["content-type"] for each in texts} == {"text/javascript; charset=utf-8"}
    assert f'"./{loaded[0]["src"].strip("/")}"' in texts[1].text
    assert told(page) == {"sealed": SEALED, "home": visitor.path, "hasDraft": False}


async def test_where_no_keys_are_published_there_are_no_scripts() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        [token] = await office.invite(1)

        seen(await office.client.get(f"{FORM}/{token}"))
        refused = await office.client.post(SEALED, data={"do": "check"})

    assert refused.status_code == 409
    assert refused.headers["content-type"] == "text/html; charset=utf-8"


async def test_once_an_officer_has_ended_the_giving_of_ballots_forms_are_plain(
    visitor: Visitor,
) -> None:
    await visitor.office.outside.urn.end_exchange("2021/citizens")

    seen(await visitor.get())


async def test_whoever_answers_by_a_link_gets_no_scripts(office: Office) -> None:
    opened = await office.put(f"{CITIZENS}/links/portal", LINK)

    seen(await office.client.get(f"{FORM}/{opened.json()['token']}"))


async def test_the_plain_check_page_has_no_scripts(visitor: Visitor) -> None:
    form = seen(await visitor.get(), scripted=True)

    page = seen(await visitor.post(form.filled(do="check", q1="5")))

    assert page.one("button", value="send").text == "Gửi câu trả lời"


async def test_the_sealed_check_page_tells_what_is_sent_and_by_which_key(visitor: Visitor) -> None:
    written = "</script><b>&'\""
    page = await sealed(visitor, q1="3", q2=["far", "slow"], q4=written)
    keys = (await visitor.office.as_(NOBODY).get(f"{CITIZENS}/ballot-keys")).json()

    [key] = [each for each in keys if each["agency"] == AGENCY]
    about = told(page)
    assert (about["agency"], about["key"], about["base"]) == (AGENCY, key["key"], CITIZENS)
    assert about["slip"] == {
        "answers": {"q1": "3"},
        "choices": {"q2": ["far", "slow"]},
        "comments": {"q4": written},
    }
    assert page.one("p", class_="digest").text.replace(" ", "") == key["sha256"]
    assert "hidden" in page.one("button", value="send").attributes
    assert {name for name, _ in page.fields()} == {"language", "q.q1", "q.q2", "q.q4"}


async def test_what_is_left_out_is_not_told(visitor: Visitor) -> None:
    page = await sealed(visitor, q1="5", q2=["slow"])

    assert told(page)["slip"] == {"answers": {"q1": "5"}, "choices": {}, "comments": {}}
    assert page.one("s").text == "Chậm"


async def test_what_is_wrong_is_said_without_a_token_too(visitor: Visitor) -> None:
    answer = await visitor.office.client.post(SEALED, data={"do": "check", "q.q4": "Xin chào"})

    page = seen(answer, 422, scripted=True)
    assert page.one("title").text == "Lỗi: Phiếu khảo sát người dân"
    assert page.filled()["q.q4"] == ["Xin chào"]
    assert told(page) == {"sealed": SEALED}


@pytest.mark.parametrize(("do", "language"), [("edit", "vi"), ("switch", "en")])
async def test_the_form_goes_on_without_a_token(do: str, language: str, visitor: Visitor) -> None:
    page = await sealed(visitor, q1="5")

    answer = await visitor.office.client.post(SEALED, data=page.filled(do=do))

    form = seen(answer, scripted=True)
    assert form.one("html").attributes["lang"] == language
    assert form.filled()["q.q1"] == ["5"]
    assert "hidden" in form.one("button", value="save").attributes


async def test_nothing_is_put_in_by_a_page_without_a_token(visitor: Visitor) -> None:
    page = await sealed(visitor, q1="5")

    again = await visitor.office.client.post(SEALED, data=page.filled(do="send"))

    assert seen(again, scripted=True).one("title").text == "Xem lại câu trả lời"
    assert await visitor.office.waiting() == 0


async def test_whoever_opens_the_page_without_a_token_types_it(office: Office) -> None:
    answer = await office.client.get(SEALED)

    assert (answer.status_code, answer.headers["location"]) == (303, FORM)


async def test_an_agency_that_is_not_asked_about_has_no_ballots(office: Office) -> None:
    answer = await office.client.post(f"{FORM}/sealed/so-gia", data={"do": "check"})

    assert "phiếu kín" in seen(answer, 409).text


async def test_a_draft_is_forgotten_whether_the_token_is_used_or_not(visitor: Visitor) -> None:
    answer = await visitor.office.client.delete(visitor.path)

    assert answer.status_code == 204
    assert answer.headers["set-cookie"].startswith(f"draft=; Path={visitor.path}; Max-Age=0;")


async def test_everybody_may_read_the_keys_and_before_there_are_any_none() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)

        answer = await office.as_(NOBODY).get(f"{CITIZENS}/ballot-keys")

    assert (answer.status_code, answer.json()) == (200, [])
