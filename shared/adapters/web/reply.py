"""What handlers answer: what a command wrote, and pages of a list with opaque cursors."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Query, Response

from shared.adapters.web.problem import Malformed
from shared.adapters.web.values import Body
from shared.ports import Document

PAGE_DEFAULT = 50
PAGE_MAX = 200
CURSOR_CHARACTERS_MAX = 400


class Outcome(Protocol):
    """What a command led to, as `shared.runtime.handle` says it."""

    @property
    def facts(self) -> tuple[str, ...]: ...

    @property
    def version(self) -> int: ...


class Written(Body):
    """The ids of the facts that a command led to, none if it was no news.

    `version` is that of their stream now.
    """

    facts: list[str]
    version: int


class Page(Body):
    """One page of a list; `next` is the cursor of the page behind it, null on the last."""

    items: list[dict[str, Any]]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Paging:
    """Where a page begins: behind the id `after`. Read `wanted` documents for `page`."""

    after: str
    limit: int

    @property
    def wanted(self) -> int:
        """One more than the page holds, to see whether another follows."""
        return self.limit + 1


async def _paging(
    cursor: Annotated[str, Query(max_length=CURSOR_CHARACTERS_MAX)] = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_DEFAULT,
) -> _Paging:
    return _Paging(_after(cursor) if cursor else "", limit)


Paging = Annotated[_Paging, Depends(_paging)]


def written(response: Response, outcome: Outcome, *, etag: int | None = None) -> Written:
    """The answer to a command; `etag` is the version to change next by `If-Match`."""
    if etag is not None:
        tag(response, etag)
    return Written(facts=list(outcome.facts), version=outcome.version)


def tag(response: Response, version: int) -> None:
    """Set the `ETag` of what a handler answers."""
    response.headers["ETag"] = f'"{version}"'


def page(documents: Sequence[Document], paging: _Paging) -> Page:
    """A page of up to `paging.wanted` documents, as `Documents.page` gives them."""
    shown = documents[: paging.limit]
    more = len(documents) > paging.limit
    items = [_item(document.body) for document in shown]
    return Page(items=items, next=_cursor(shown[-1].id) if more else None)


def _item(body: Mapping[str, Any] | None) -> dict[str, Any]:
    assert body is not None, "a page holds living documents"
    return dict(body)


def _cursor(identity: str) -> str:
    return base64.urlsafe_b64encode(identity.encode()).decode().rstrip("=")


def _after(cursor: str) -> str:
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        identity = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise Malformed("cursor-malformed") from error
    if _cursor(identity) != cursor or not identity.isprintable():
        raise Malformed("cursor-malformed")
    return identity
