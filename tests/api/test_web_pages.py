"""The pages of the API, which stand in networks that are closed."""

import re

from tests.support import echo


async def test_the_pages_of_the_api_need_no_other_server() -> None:
    async with echo.caller() as caller:
        page = await caller.get("/docs")
        files = re.findall(r'(?:src|href)="([^"]+)"', page.text)

        answers = [await caller.get(file) for file in files]

    assert files
    assert all(file.startswith("/docs-files/") for file in files), files
    assert all(answer.is_success for answer in answers)
