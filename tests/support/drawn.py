"""What a board has drawn."""

from typing import Any

from shared.ports import Documents

LISTED_MAX = 99


async def shown(documents: Documents, collection: str, key: str) -> Any:  # noqa: ANN401 - JSON
    """The body of a document; None where there is none."""
    document = await documents.get(collection, key)
    return document.body if document else None


async def bodies(documents: Documents, collection: str) -> dict[str, Any]:
    """All bodies of a collection, by id."""
    listed = await documents.page(collection, prefix="", limit=LISTED_MAX)
    return {each.id: each.body for each in listed}
