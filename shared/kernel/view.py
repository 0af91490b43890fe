"""A view: documents that are a fold of facts, and can be thrown away and made again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Fact = TypeVar("Fact")
Body = Mapping[str, Any]


@dataclass(frozen=True)
class View(Generic[Fact]):
    """One collection of documents.

    `keys` names the documents that a fact concerns. `apply` folds the fact into one of them: it
    gets the document so far (None where there is none) and returns the next; None deletes.
    Raising `version` makes a rebuild fill a new collection beside the old one.
    """

    name: str
    version: int
    keys: Callable[[Fact], Sequence[str]]
    apply: Callable[[str, Body | None, Fact], Body | None]

    @property
    def collection(self) -> str:
        return f"{self.name}.v{self.version}"
