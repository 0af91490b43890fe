"""A page as a program sees it: its elements, its form, its words. Parsed as browsers parse it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "input", "link", "meta", "wbr"})


@dataclass
class Element:
    """One element, with the words in it."""

    tag: str
    attributes: Mapping[str, str]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, with single spaces."""
        return " ".join("".join(self.words).split())


class SeenPage(HTMLParser):
    """All elements of a page; every element that is opened has to be closed, in its order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"{tag} says an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a kind that have these attributes (`class_` is `class`)."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            each
            for each in self.elements
            if each.tag == tag and wanted.items() <= each.attributes.items()
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The one that there is."""
        [found] = self.all(tag, **attributes)
        return found

    @property
    def text(self) -> str:
        """What the page says in all."""
        return self.one("body").text

    def fields(self) -> list[tuple[str, str]]:
        """What its form sends as it stands, without a button."""
        return list(self._fields())

    def filled(self, **changes: str | Sequence[str]) -> dict[str, list[str]]:
        """The fields as they stand, and with questions answered: `q1="5"`."""
        sent: dict[str, list[str]] = {}
        for name, value in self.fields():
            sent.setdefault(name, []).append(value)
        for question, chosen in changes.items():
            name = question if question == "do" else f"q.{question}"
            sent[name] = [chosen] if isinstance(chosen, str) else list(chosen)
        return sent

    def _fields(self) -> Iterator[tuple[str, str]]:
        for element in self.elements:
            told = element.attributes
            if element.tag == "textarea":
                yield told["name"], "".join(element.words).removeprefix("\n")
            elif element.tag == "input" and _is_sent(told):
                yield told["name"], told.get("value", "")


def _is_sent(told: Mapping[str, str]) -> bool:
    return told["type"] in {"hidden", "text"} or "checked" in told


def assert_sound(page: SeenPage, *, scripted: bool = False) -> None:
    """What holds for every page: no style beside the sheet, names for everything.

    No script stands in it, and none but a scripted one loads any.
    """
    ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    loaded = [each for each in page.all("script") if each.attributes["type"] == "module"]
    assert len(page.all("script")) == len(loaded) + scripted
    assert all(each.text == "" and each.attributes["integrity"] for each in loaded)
    assert bool(loaded) is scripted
    assert [each for each in page.elements if "style" in each.attributes] == []
    assert not any(name.startswith("on") for each in page.elements for name in each.attributes)
    assert page.one("html").attributes["lang"] in {"vi", "en"}
    assert len(page.all("h1")) == len(page.all("main")) == 1
    labelled = {each.attributes["for"] for each in page.all("label")}
    for tag in ("input", "textarea"):
        for each in page.all(tag):
            assert (
                each.attributes["type"] == "hidden"
                if tag == "input" and ("id" not in each.attributes)
                else each.attributes["id"] in labelled
            )
    for each in page.elements:
        for name in ("aria-describedby", "aria-labelledby"):
            assert set(each.attributes.get(name, "").split()) <= set(ids)
        target = each.attributes.get("href", "")
        assert not target.startswith("#") or target[1:] in ids
        assert "://" not in target
