"""An explanation, read from a running system, or from a data directory that none is using."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from services.cli import embedded, settings
from services.cli.inside import Caller
from shared.adapters import client
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.scheme_reader import field

READER = Actor(id="explain", role="auditor")
"""Whoever has the data directory may see all of it."""

_RANKING = "ranking"


async def read(chosen: Namespace) -> Mapping[str, Any]:
    """What ranking answers; it reads, and nothing else."""
    for code in (chosen.cycle, chosen.agency):
        settings.check_code(code)
    if chosen.item and not field.is_code(chosen.item):
        raise Refused("code-malformed", value=chosen.item, maximum=str(field.CODE_LENGTH_MAX))
    path = f"/{_RANKING}/cycles/{chosen.cycle}/agencies/{chosen.agency}/explain"
    if chosen.item:
        path = f"{path}/{chosen.item}"
    query = {"at": chosen.at, "revision": chosen.revision, "format": "prov" if chosen.prov else ""}
    asked = {name: value for name, value in query.items() if value}
    if chosen.url:
        async with client.connect(chosen.url, chosen.token) as system:
            return _mapping(await system.get(path, **asked))
    return await _read_inside(chosen, path, asked)


async def _read_inside(chosen: Namespace, path: str, asked: Mapping[str, str]) -> Mapping[str, Any]:
    if not settings.is_used(chosen.data):
        raise Refused("data-directory-without-ledger", directory=str(chosen.data))
    settings.check(chosen.data, chosen.mode)
    try:
        with lock_directory(chosen.data):
            async with embedded.opened_for(chosen.data, chosen.mode, READER) as system:
                return _mapping(await Caller(system.app).get(path, **asked))
    except Unavailable as error:
        if error.code == "data-directory-in-use":
            process, directory = error.details["process"], error.details["directory"]
            raise Refused("data-directory-served", process=process, directory=directory) from error
        raise


def _mapping(answer: object) -> Mapping[str, Any]:
    if not isinstance(answer, dict):
        raise Refused("answer-not-understood", status="200")
    return answer
