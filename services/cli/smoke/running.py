"""A smoke test as a whole: its steps one after the other, and its end in every case."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic

from services.cli.smoke import council, hurry, programs, withdrawal
from services.cli.smoke import play as steps
from services.cli.smoke.deployment import Addresses, Deployment
from services.cli.smoke.people import People
from services.cli.smoke.play import Play, Step
from services.cli.smoke.report import Report, Row
from services.cli.smoke.scratch import Scratch, new_code
from shared.adapters.chance import SecretChance
from shared.adapters.clock import SystemClock
from shared.kernel.errors import Problem, Refused
from shared.verify.fault import Unusable

ALONE = "smoke-a"
"""The first agency, where nobody speaks for it."""

PLAY = (
    Step("reach", ("Tới được bốn dịch vụ", "the services answer"), steps.reach),
    Step("year", ("Năm thử chưa ai dùng", "nobody uses the year"), steps.see_unused),
    Step("open", ("Mở đợt đánh giá thử", "a scratch cycle is opened"), steps.open_cycle),
    Step("declare", ("Tự chấm, minh chứng, chốt", "score, prove, lock"), steps.declare),
    Step("topic", ("Các dịch vụ khác nghe tin", "the others hear of it"), steps.be_heard),
    Step("assign", ("Phân công thẩm định", "criteria are assigned"), council.assign),
    Step("ask", ("Khảo sát và trả lời", "citizens are asked"), steps.ask_people),
    Step("calendar", ("Lịch tự chốt, tự đóng", "the calendar ends it"), steps.await_calendar),
    Step("decide", ("Hai thành viên thẩm định", "two members decide"), council.decide),
    Step("approve", ("Thông qua từng cơ quan", "agencies are approved"), council.approve),
    Step("publish", ("Tính điểm và công bố", "counted and published"), steps.publish),
    Step("verify", ("Kiểm chứng ngoại tuyến", "verified offline"), steps.verify_offline),
)
PROGRAM = (
    Step("reach", ("Tới được bốn dịch vụ", "the services answer"), steps.reach),
    Step("token", ("Nhận mã của nhà cung cấp", "the provider's token"), programs.be_let_in),
    Step("person", ("Chương trình không mở được", "no person, no cycle"), programs.be_refused),
    Step("verify", ("Kiểm chứng kết quả sau cùng", "the last result holds"), programs.verify_last),
)
WITHDRAW = Step("withdraw", ("Hủy đợt đánh giá thử", "it is withdrawn"), withdrawal.withdraw)
GONE = Step(
    "gone", ("Không còn là kết quả ở đâu", "nowhere a result any more"), withdrawal.see_withdrawn
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried; `left` is a scratch cycle that only has to be withdrawn."""

    addresses: Addresses
    people: People
    year: int
    phase_s: float
    patience_s: float
    left: str | None = None


async def play(wanted: Wanted) -> Report:
    """Play the whole cycle, and withdraw it; or withdraw one that was left."""
    report = Report()
    async with Deployment(wanted.addresses, wanted.people, wanted.patience_s) as deployment:
        first = wanted.people.person("officer").agency
        test = _begun(wanted, deployment, first)
        if not test.left:
            await _take(PLAY, test, report)
        if test.opening or test.left:
            await _end((WITHDRAW, GONE), test, report)
    return report


async def without_people(wanted: Wanted) -> Report:
    """Try what a program's account may do, and that it may not do more."""
    report = Report()
    async with Deployment(wanted.addresses, wanted.people, wanted.patience_s) as deployment:
        test = _begun(wanted, deployment, ALONE)
        await _take(PROGRAM, test, report)
        if test.opening:
            await _end((WITHDRAW,), test, report)
    return report


def _begun(wanted: Wanted, deployment: Deployment, first: str) -> Play:
    scratch = Scratch(
        code=wanted.left or new_code(wanted.year, SecretChance()),
        year=wanted.year,
        began=SystemClock().now(),
        phase_s=wanted.phase_s,
        first=first,
    )
    return Play(deployment, scratch, left=wanted.left is not None)


async def _end(ending: Sequence[Step], test: Play, report: Report) -> None:
    """Withdraw what was opened; where that fails, it is told how to do so later."""
    await _take(ending, test, report)
    if test.opening or test.left:
        report.cycle = test.scratch.code
        report.withdrawn = any(each.step == WITHDRAW.name and each.is_done for each in report.rows)


async def _take(steps_: Sequence[Step], test: Play, report: Report) -> None:
    """Take the steps one after the other, up to the first that fails."""
    for place, step in enumerate(steps_):
        began_s = monotonic()
        row = Row(step.name, step.title, "done")
        try:
            row = replace(row, found=await step.run(test))
        except Problem as problem:
            row = replace(row, outcome="failed", problem=hurry.told(test, problem))
        except asyncio.CancelledError:
            _go_on()
            row = replace(row, outcome="failed", problem=Refused("smoke-interrupted"))
        except (LookupError, TypeError, ValueError, OSError, Unusable) as error:
            odd = Refused("smoke-answer-odd", reason=repr(error))
            row = replace(row, outcome="failed", problem=odd)
        calling = test.deployment.calling
        report.rows.append(replace(row, seconds=monotonic() - began_s, calling=calling))
        if row.outcome == "failed":
            left = steps_[place + 1 :]
            report.rows += [Row(each.name, each.title, "not-tried") for each in left]
            return


def _go_on() -> None:
    """Whoever asks for the end is heard once: what was opened has to be withdrawn."""
    task = asyncio.current_task()
    assert task is not None, "a step is taken in a task"
    task.uncancel()
