"""What is asked in a cycle, as a list that is read page by page."""

from tests.support.survey_office import (
    ASKED_OF_CITIZENS,
    ASKED_OF_LEADERS,
    CITIZENS,
    LEADERS,
    LISTED,
    open_office,
)


async def test_what_is_asked_is_read_page_by_page() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        await office.ask(LEADERS, ASKED_OF_LEADERS)

        first = (await office.get(f"{LISTED}?limit=1")).json()
        second = (await office.get(f"{LISTED}?limit=1&cursor={first['next']}")).json()

    pages = [[each["questionnaire"] for each in page["items"]] for page in (first, second)]
    assert pages == [["citizens"], ["leaders"]]
    assert second["next"] is None
