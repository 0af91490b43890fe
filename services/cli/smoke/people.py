"""Who acts in a smoke test, and who vouches for them.

In a trial its own issuer does, for anybody: from the folder of the trial, or over HTTP for callers
on its machine. In production people do who have signed in: their tokens are given in a file. An
account of a program may read, and may not do what the rights table asks a person for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, get_args

from shared.adapters.client import Client
from shared.adapters.clock import SystemClock
from shared.adapters.front import Trial
from shared.adapters.identity import HOURS_DEFAULT, Program, Site, granted
from shared.kernel.actor import Actor, Role
from shared.kernel.code import is_code
from shared.kernel.errors import Forbidden, Missing, Refused

Part = Literal["administrator", "officer", "survey-officer", "member", "second-member"]
PARTS: tuple[Part, ...] = get_args(Part)

_ROLES: Mapping[Part, Role] = {
    "administrator": "administrator",
    "officer": "agency",
    "survey-officer": "survey-officer",
    "member": "council",
    "second-member": "council",
}
_TRIAL: Mapping[Part, tuple[str, str]] = {
    "administrator": ("smoke-administrator", ""),
    "officer": ("smoke-officer", "smoke-a"),
    "survey-officer": ("smoke-survey-officer", ""),
    "member": ("smoke-member", "smoke-home"),
    "second-member": ("smoke-second-member", "smoke-home"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a part; `id` is what the provider calls them, the agency that of their claim.

    Only of members of the council the id is needed: criteria are assigned to them by it.
    """

    id: str = ""
    agency: str = ""


class People(Protocol):
    """Those who act, and the time by which the system goes."""

    def person(self, part: Part) -> Person:
        """Who has a part."""
        ...

    async def token(self, part: Part) -> str:
        """Their access token; raises a `Problem` where there is none."""
        ...

    async def now(self) -> datetime:
        """The time by the clock of the system; in production that of this machine."""
        ...


class _OfATrial:
    """Made-up people."""

    def person(self, part: Part) -> Person:
        """Who has a part."""
        return Person(*_TRIAL[part])


class TrialFolder(_OfATrial):
    """The issuer and the clock of a trial, from the folder that all its processes share."""

    def __init__(self, trial: Trial) -> None:
        self._trial = trial

    async def token(self, part: Part) -> str:
        """A token of the trial."""
        person = self.person(part)
        actor = Actor(person.id, _ROLES[part], person.agency)
        return self._trial.issuer.issue(actor, hours=HOURS_DEFAULT)

    async def now(self) -> datetime:
        """The clock of the trial, which somebody may have set."""
        return self._trial.clock.now()


class TrialDoor(_OfATrial):
    """The same by HTTP, which a trial answers to callers on its own machine."""

    def __init__(self, anybody: Client) -> None:
        self._anybody = anybody

    async def token(self, part: Part) -> str:
        """A token of the trial."""
        person = self.person(part)
        wanted = {"role": _ROLES[part], "subject": person.id, "agency": person.agency or None}
        try:
            token: str = (await self._anybody.post("/trial/tokens", wanted, key=part))["token"]
        except (Forbidden, Missing) as refusal:
            raise Refused("smoke-people-missing") from refusal
        return token

    async def now(self) -> datetime:
        """The clock of the trial, which somebody may have set."""
        return datetime.fromisoformat((await self._anybody.get("/trial/clock"))["now"])


class SignedIn:
    """People who have signed in at the provider, by a file of their tokens."""

    def __init__(self, people: Mapping[Part, tuple[Person, str]]) -> None:
        self._people = people

    def person(self, part: Part) -> Person:
        """Who has a part."""
        return self._people[part][0]

    async def token(self, part: Part) -> str:
        """The token that they brought."""
        return self._people[part][1]

    async def now(self) -> datetime:
        """The time of this machine."""
        return SystemClock().now()


class OneProgram:
    """A program's account of the provider, in the part of the administrator."""

    def __init__(self, site: Site, program: Program) -> None:
        self._site = site
        self._program = program

    def person(self, part: Part) -> Person:
        """Nobody."""
        assert part == "administrator", "a program has one account"
        return Person(self._program.id)

    async def token(self, part: Part) -> str:
        """The token that the provider grants."""
        assert part == "administrator", "a program has one account"
        return await granted(self._site, self._program)

    async def now(self) -> datetime:
        """The time of this machine."""
        return SystemClock().now()


def signed_in(path: Path) -> SignedIn:
    """The people of a file: `{"administrator": {"token": "..."}, "officer": {...}, ...}`.

    An officer comes with `agency`, members with `agency` and `id`. Raises `Refused` with
    `smoke-people-malformed`.
    """
    try:
        told = json.loads(path.read_text("utf-8"))
        people = {part: (_person(part, told[part]), str(told[part]["token"])) for part in PARTS}
    except KeyError as error:
        raise _malformed(path, f"{error.args[0]}") from error
    except (TypeError, ValueError) as error:
        raise _malformed(path, str(error)) from error
    if people["member"][0].id == people["second-member"][0].id:
        raise _malformed(path, "member = second-member")
    homes = {people[part][0].agency for part in ("member", "second-member")}
    if people["officer"][0].agency in homes:
        raise _malformed(path, "officer.agency = member.agency")
    return SignedIn(people)


def _person(part: Part, told: Mapping[str, str]) -> Person:
    needs_agency = _ROLES[part] in {"agency", "council"}
    agency = told["agency"] if needs_agency else ""
    if needs_agency and not is_code(agency):
        raise ValueError(f"{part}.agency")
    return Person(told["id"] if _ROLES[part] == "council" else "", agency)


def _malformed(path: Path, what: str) -> Refused:
    return Refused("smoke-people-malformed", file=str(path), what=what)
