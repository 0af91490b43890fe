"""Who and what is in the play: the people, the agencies, the schemes, and the running system."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demo.choices import Choices
from demo.client import Api, Person
from demo.show import Show

CYCLE = "2021"
POLL_S = 0.1
WAIT_S_MAX = 60.0

ADMINISTRATOR = Person("administrator", "so-noi-vu-1")
SURVEY_OFFICER = Person("survey-officer", "so-noi-vu-2")
AUDITOR = Person("auditor", "thanh-tra-1")
CHAIR = Person("council", "member-0", "van-phong-ubnd")
MEMBERS = tuple(
    Person("council", f"member-{place}", agency)
    for place, agency in enumerate(
        (
            "so-noi-vu",
            "so-tu-phap",
            "so-tai-chinh",
            "so-thong-tin-va-truyen-thong",
            "so-ke-hoach-va-dau-tu",
            "so-khoa-hoc-va-cong-nghe",
        ),
        start=1,
    )
)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item of a scheme's document, and the criterion that it belongs to."""

    code: str
    criterion: str
    document: Json

    @property
    def surveyed(self) -> bool:
        """Whether people are asked about it, instead of the agency."""
        return bool(self.document["rule"]["type"] == "survey")

    def concerns(self, agency: str) -> bool:
        """Whether it applies to an agency."""
        return agency not in self.document.get("except_for", ())


@dataclass(frozen=True, slots=True)
class World:
    """The play's state is the system's: here is only what was known before it began."""

    api: Api
    choices: Choices
    show: Show
    opening: Json

    @property
    def agencies(self) -> Sequence[Json]:
        """All agencies, departments and districts."""
        agencies: Sequence[Json] = self.opening["agencies"]
        return agencies

    def items(self, tier: str) -> Sequence[Item]:
        """Every item in a tier's tree."""
        return tuple(_items(self.opening["schemes"][tier]))

    def self_scored(self, agency: Json) -> Sequence[Item]:
        """The items that an agency declares."""
        items = self.items(agency["tier"])
        return [item for item in items if not item.surveyed and item.concerns(agency["code"])]

    async def until(self, what: str, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait until something that the services tell one another has arrived."""
        for _ in range(int(WAIT_S_MAX / POLL_S)):
            if await holds():
                return
            await asyncio.sleep(POLL_S)
        raise TimeoutError(f"{what} did not happen within {WAIT_S_MAX:.0f} s")

    async def each(
        self, title: str, tasks: Sequence[Callable[[], Awaitable[object]]], *, at_once: int
    ) -> None:
        """Do all of it, some at once, with a bar that says how far it is."""
        gate = asyncio.Semaphore(at_once)
        with self.show.bar(title, len(tasks)) as step:

            async def run(task: Callable[[], Awaitable[object]]) -> None:
                async with gate:
                    await task()
                step()

            async with asyncio.TaskGroup() as group:
                for task in tasks:
                    group.create_task(run(task))


def officer(agency: Json) -> Person:
    """Who declares for an agency."""
    return Person("agency", f"{agency['code']}-1", agency["code"])


def _items(scheme: Json) -> Iterator[Item]:
    for area in scheme["areas"]:
        for criterion in area["criteria"]:
            for item in criterion.get("components", (criterion,)):
                yield Item(item["code"], criterion["code"], item)
