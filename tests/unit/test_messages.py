"""Whatever the code refuses has a sentence in both languages, and no sentence is left over."""

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from shared.adapters import messages
from shared.kernel import errors

PROJECT = Path(__file__).parents[2]
MESSAGES = PROJECT / "shared/adapters/messages"
PROBLEMS = {kind.__name__ for kind in errors.Problem.__subclasses__()} | {"Problem"}
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Said:
    """A place in the code that names a code; `details` is None where they are made elsewhere."""

    place: str
    code: str
    details: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Code:
    """What the code says; it is read once, and what was parsed is forgotten file by file."""

    said: list[Said] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    prefixes: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)


def _read() -> Code:
    code = Code()
    for room in ("services", "shared"):
        for path in sorted((PROJECT / room).rglob("*.py")):
            if not path.is_relative_to(MESSAGES):
                place = path.relative_to(PROJECT).as_posix()
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    _take(code, place, node)
    return code


def _take(code: Code, path: str, node: ast.AST) -> None:
    match node:
        case ast.Call():
            code.said.extend(_said_in(f"{path}:{node.lineno}", node))
        case ast.Constant(value=str(text)):
            code.texts.add(text)
        case ast.JoinedStr():
            code.prefixes.update(_prefix(node))
            code.endings.update(_ending(node))
        case _:
            pass


def _said_in(place: str, call: ast.Call) -> Iterator[Said]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    match name, call.args:
        case "Flaw", [_, ast.Constant(value=str(code)), *details]:
            yield Said(place, code, _keys(details))
        case problem, [ast.Constant(value=str(code))] if problem in PROBLEMS:
            names = {keyword.arg for keyword in call.keywords} - {"flaws"}
            known = frozenset(name for name in names if name)
            yield Said(place, code, None if None in names else known)
        case _:
            pass


def _keys(details: list[ast.expr]) -> frozenset[str] | None:
    match details:
        case []:
            return frozenset()
        case [ast.Dict(keys=keys)] if all(isinstance(key, ast.Constant) for key in keys):
            return frozenset(str(key.value) for key in keys if isinstance(key, ast.Constant))
        case _:
            return None


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def _prefix(node: ast.JoinedStr) -> Iterator[str]:
    """`f"formula-{reason}"` names codes by their beginning."""
    match node:
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), ast.FormattedValue()]):
            if prefix.endswith("-"):
                yield prefix
        case _:
            pass


def _ending(node: ast.JoinedStr) -> Iterator[str]:
    """`f"{column}-differs"` names codes by their end."""
    match node:
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(ending))]):
            if ending.startswith("-"):
                yield ending
        case _:
            pass


@pytest.fixture(scope="module")
def code() -> Code:
    """What the code says, for one worker of a run: to read it takes a second."""
    return _read()


reading = pytest.mark.xdist_group("the code")


@reading
def test_the_code_is_read(code: Code) -> None:
    assert len(code.said) > 100


@reading
def test_every_code_has_a_sentence(code: Code) -> None:
    without = [
        f"{said.place}: {said.code}" for said in code.said if said.code not in messages.MESSAGES
    ]

    assert not without, "\n".join(without)


@reading
def test_every_sentence_speaks_only_of_details_that_are_given(code: Code) -> None:
    left_open = [
        f"{said.place}: {said.code} lacks {sorted(missing)}"
        for said in code.said
        if said.details is not None and said.code in messages.MESSAGES
        for missing in [_placeholders(messages.MESSAGES[said.code][0]) - said.details]
        if missing
    ]

    assert not left_open, "\n".join(left_open)


@reading
def test_no_sentence_is_left_over(code: Code) -> None:
    composed = {f"{prefix}{text}" for prefix in code.prefixes for text in code.texts}
    composed |= {f"{text}{ending}" for ending in code.endings for text in code.texts}
    left_over = messages.MESSAGES.keys() - code.texts - composed

    assert not left_over, sorted(left_over)


def test_no_code_is_said_by_two_rooms() -> None:
    rooms = Counter(code for room in messages.ROOMS.values() for code in room)

    twice = [code for code, count in rooms.items() if count > 1]

    assert twice == []


@pytest.mark.parametrize("code", messages.MESSAGES)
def test_both_languages_say_the_same(code: str) -> None:
    vietnamese, english = messages.MESSAGES[code]

    assert KEBAB.fullmatch(code)
    assert _placeholders(vietnamese) == _placeholders(english)
    assert vietnamese.endswith((".", ")")) == english.endswith((".", ")"))
    assert vietnamese != english


def test_a_sentence_is_filled_with_its_details() -> None:
    said = messages.sentence("body-too-large", "en", {"maximum": "10"})

    assert said == "The body is larger than 10 bytes; send it in smaller parts."


def test_a_sentence_without_its_details_is_still_said() -> None:
    said = messages.sentence("body-too-large", "en", {})

    assert said == "The body is larger than {maximum} bytes; send it in smaller parts."


def test_braces_in_a_detail_are_only_text() -> None:
    said = messages.sentence("type-wrong", "en", {"expected": "{0.__class__}"})

    assert said == "The value has to be of the JSON type {0.__class__}."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "Giá trị phải là một mã SHA-256: 64 chữ số từ 0 đến 9 và chữ từ a đến f."),
        ("en", "The value has to be a SHA-256: 64 digits from 0 to 9 and letters from a to f."),
    ],
)
def test_a_pattern_is_said_in_words(language: messages.Language, said: str) -> None:
    assert messages.sentence("pattern-differs", language, {"pattern": "^[0-9a-f]{64}$"}) == said


@pytest.mark.parametrize(
    ("least", "said"),
    [
        ("1", "The list needs at least 1 element."),
        ("2", "The list needs at least 2 elements."),
    ],
)
def test_one_is_not_said_as_several_are(least: str, said: str) -> None:
    assert messages.sentence("array-too-short", "en", {"minimum": least}) == said


def test_an_unknown_code_stands_for_itself() -> None:
    assert messages.sentence("never-heard-of", "vi", {}) == "never-heard-of"
