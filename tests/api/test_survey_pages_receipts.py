"""The page of all receipts: in which people look for their own, and tell nobody which it is."""

from services.survey.pages.receipts import grouped
from tests.support.survey_office import ASKED_OF_CITIZENS, CITIZENS, open_office
from tests.support.visitor import FORM, Visitor, seen


async def test_the_page_has_all_receipts_also_when_the_survey_is_over() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        await office.answer_all("5" * 40)
        await office.post(f"{CITIZENS}/closing", key="close")
        known = (await office.get(f"{CITIZENS}/receipts")).json()["receipts"]

        page = seen(await office.client.get(f"{FORM}/receipts"))

    assert (
        sorted("\n".join(each.text for each in page.all("p", class_="receipts")).split()) == known
    )
    assert "40 phiếu" in page.text
    assert len(page.all("section")) == len(page.all("li")) == len({each[0] for each in known})


async def test_the_page_is_there_before_anything_was_counted() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)

        page = seen(await office.client.get(f"{FORM}/receipts", headers={"Accept-Language": "en"}))

    assert "0 answers were counted so far" in page.text
    assert page.all("section") == []


async def test_whoever_has_sent_is_led_to_the_receipts() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        [token] = await office.invite(1)
        visitor = Visitor(office, f"{FORM}/{token}")
        page = await visitor.checked(q1="5")

        first = seen(await visitor.post(page.filled(do="send")))
        again = seen(await visitor.post(page.filled(do="send")), 409)
        led = [each.one("a", href=f"{FORM}/receipts?language=vi").text for each in (first, again)]

    assert led == ["Danh sách mã biên nhận đã kiểm đếm"] * 2


def test_receipts_stand_under_what_they_begin_with_in_small_letters_or_large() -> None:
    groups = grouped(["b2", "B1", "-x", "a"])

    assert [(each.first, each.count, each.text) for each in groups] == [
        ("-", 1, "-x"),
        ("A", 1, "a"),
        ("B", 2, "B1\nb2"),
    ]


async def test_what_is_counted_later_is_found_at_once_among_what_was_there() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        await office.answer_all("5" * 40)
        await office.step("count")
        before = (await office.get(f"{CITIZENS}/receipts")).json()
        page_before = seen(await office.client.get(f"{FORM}/receipts"))

        await office.post(f"{CITIZENS}/closing", key="close")

        after = (await office.get(f"{CITIZENS}/receipts")).json()
        page = seen(await office.client.get(f"{FORM}/receipts"))
    assert (before["counted"], after["counted"]) == (20, 40)
    assert set(before["receipts"]) < set(after["receipts"])
    assert after["receipts"] == sorted(after["receipts"])
    assert "20 phiếu" in page_before.text
    shown = "\n".join(each.text for each in page.all("p", class_="receipts")).split()
    assert sorted(shown) == after["receipts"]
