"""Somebody who opens the pages of the survey, and sees to it that each is what it has to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from tests.support.seen_page import SeenPage, assert_sound
from tests.support.survey_office import Office

FORM = "/form/2021/citizens"


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser that keeps no cookie by itself, and with an address."""

    office: Office
    path: str

    async def get(self, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open the form."""
        return await self.office.client.get(self.path, headers=headers)

    async def post(
        self,
        fields: Mapping[str, str | Sequence[str]],
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Press a button."""
        return await self.office.client.post(self.path, data=dict(fields), headers=headers)

    async def opened(self) -> SeenPage:
        """The form, as it is when it is opened."""
        return seen(await self.get())

    async def checked(self, **answers: str | Sequence[str]) -> SeenPage:
        """The check page for these answers."""
        form = await self.opened()
        return seen(await self.post(form.filled(do="check", **answers)))


def seen(answer: httpx.Response, status: int = 200, *, scripted: bool = False) -> SeenPage:
    """A page that is what every page has to be; none but a scripted one lets scripts in."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src ")
    assert "form-action 'self'; frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert ("script-src 'self'" in policy) is scripted
    page = SeenPage(answer.text)
    assert_sound(page, scripted=scripted)
    return page
