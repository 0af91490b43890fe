"""`permissions`: who may do what, printed from the table by which every service decides."""

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from services.cli.command import Command
from shared.adapters.messages import LANGUAGES, Language, sentence
from shared.kernel.actor import Role
from shared.kernel.authority import PERMISSIONS, Condition, Permission, Proviso

ROLES: Sequence[Role] = [role for role in get_args(Role) if role != "public"]
CELLS: Mapping[Condition | None, str] = {
    "anyone's": "all",
    "own": "own",
    "not-own": "others",
    None: "-",
}
GAP = "  "


def _add_options(parser: ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument("--json", action="store_true", help="for programs, in both languages")
    parser.add_argument("--language", choices=LANGUAGES, help="one language; without it both")


def _run(options: Namespace) -> int:
    languages = (options.language,) if options.language else LANGUAGES
    sys.stdout.write(document() if options.json else table(languages))
    return 0


def document() -> str:
    """The table as JSON: for each action its sentences, its roles and its provisos."""
    actions = [
        {
            "action": action,
            **_sentences(action),
            "roles": {role: permission.roles[role] for role in ROLES if role in permission.roles},
            "provisos": _provisos(permission),
        }
        for action, permission in PERMISSIONS.items()
    ]
    whole: Mapping[str, Any] = {
        "actions": actions,
        "conditions": {each: _sentences(CELLS[each]) for each in get_args(Condition)},
        "provisos": {each: _sentences(each) for each in get_args(Proviso)},
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def table(languages: Sequence[Language]) -> str:
    """The table for people: a line for each action, and below it what the action is."""
    rows = [
        [
            action,
            *(CELLS[permission.roles.get(role)] for role in ROLES),
            ", ".join(_provisos(permission)),
        ]
        for action, permission in PERMISSIONS.items()
    ]
    head = [_both("action", languages), *ROLES, _both("besides", languages)]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [_both("title", languages), "", _line(head, widths)]
    for row in rows:
        lines += [_line(row, widths), f"{GAP}{_both(row[0], languages)}"]
    lines += ["", *_legend(languages), "", *(_say("public", each) for each in languages)]
    return "".join(f"{line}\n" for line in lines)


def _legend(languages: Sequence[Language]) -> Iterator[str]:
    """What cells and provisos mean."""
    words = (*CELLS.values(), *get_args(Proviso))
    width = max(map(len, words))
    for word in words:
        for place, language in enumerate(languages):
            code = "never" if word == CELLS[None] else word
            yield f"{'' if place else word:{width}}{GAP}{_say(code, language)}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()


def _provisos(permission: Permission) -> Sequence[Proviso]:
    return [proviso for proviso in get_args(Proviso) if proviso in permission.provisos]


def _sentences(code: str) -> Mapping[str, str]:
    return {language: _say(code, language) for language in LANGUAGES}


def _both(code: str, languages: Sequence[Language]) -> str:
    return " · ".join(_say(code, language) for language in languages)


def _say(code: str, language: Language) -> str:
    return sentence(f"may-{code}", language, {})


COMMAND = Command(
    name="permissions",
    summary="say who may do what",
    description="Prints the table by which every service decides who may do what: a line for each\n"
    "action, a column for each role, and what has to hold besides. Nothing else gives rights:\n"
    "a token says who somebody is (its role, and its agency), this table what they may do.\n"
    "\n"
    "What takes two people has second-person. When something may be done (deadlines, locks,\n"
    "approvals) is no right, and not told here: each resource lists its actions, and why not.\n"
    "Routes and their refusals stand in the OpenAPI documents: /submission/docs and so on.",
    examples="""examples:
  python -m services permissions
  python -m services permissions --language en | grep -A1 approve
  python -m services permissions --json > permissions.json
""",
    add_options=_add_options,
    run=_run,
)
