"""What no committed file may say, whatever its language.

The patterns are written so that they do not match themselves.
"""

import io
import re
import tokenize
from collections.abc import Iterator

from tests.architecture.source import Breach, Module, Tree

LEFT_TO_DO = re.compile(r"\b(?:TO[D]O|FIX[M]E|X{3}|HA[C]K)\b")
MACHINE = re.compile(r"(?:^|[^\w.])/(?:work|root|home|Users)/[\w.-]+|\.{2}/shared\b")
REGISTRY = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:com|org)|docker\.io|ghcr\.io|quay\.io)\b"
    r"|--(?:extra-)?index-url\b|--find-link[s]\b"
)
SILENCE = re.compile(r"#\s*(?:noqa|type:\s*ignore|ruff:|mypy:|fmt:|pragma:)")
REASONED_SILENCE = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*|type:\s*ignore\[[a-z, -]+\])"
    r"\s+(?:-|#)\s+\S+"
)


def nothing_is_left_to_do(tree: Tree) -> Iterator[Breach]:
    """Do it, or say in the issue that it is open; prose may speak of the word, code may not."""
    for path, text in tree.files.items():
        if not path.endswith(".md"):
            yield from _matches(path, text, LEFT_TO_DO, "do it, or say that it is open")


def no_page_is_empty(tree: Tree) -> Iterator[Breach]:
    """What says nothing is left over, or what it said was lost."""
    for path, text in tree.files.items():
        if path.endswith(".md") and not text.strip():
            yield Breach(path, 1, "say something, or delete it")


def no_machine_is_named(tree: Tree) -> Iterator[Breach]:
    """A path of one machine works on no other."""
    for path, text in tree.files.items():
        yield from _matches(path, text, MACHINE, "this path exists on one machine only")


def no_registry_is_named(tree: Tree) -> Iterator[Breach]:
    """Whoever installs says where from; the hashes in the locks say what."""
    for path, text in tree.files.items():
        yield from _matches(path, text, REGISTRY, "no file names a registry")


def silences_give_a_reason(tree: Tree) -> Iterator[Breach]:
    """A linter is silenced on one line, with the code and the reason."""
    for module in tree.modules:
        if not SILENCE.search(module.text):
            continue  # To tell comments from texts takes long.
        for line, comment in _comments(module):
            if SILENCE.match(comment) and not REASONED_SILENCE.match(comment):
                yield module.breach(line, f"add the code and the reason to: {comment}")


def _matches(path: str, text: str, pattern: re.Pattern[str], sentence: str) -> Iterator[Breach]:
    for number, line in enumerate(text.splitlines(), start=1):
        found = pattern.search(line)
        if found:
            yield Breach(path, number, f"{sentence}: {found.group().strip()}")


def _comments(module: Module) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


RULES = (
    nothing_is_left_to_do,
    no_page_is_empty,
    no_machine_is_named,
    no_registry_is_named,
    silences_give_a_reason,
)
