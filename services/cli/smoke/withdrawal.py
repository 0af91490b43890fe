"""The end of a smoke test, in every case: what it opened is withdrawn, and shown as no result."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from services.cli.smoke.play import Play, require
from services.cli.smoke.scratch import TIER
from shared.kernel.errors import Missing, Refused

Ask = Callable[[], Awaitable[object]]


async def withdraw(play: Play) -> str:
    """Withdraw the scratch cycle, if it is there and ours; saying it again is no news."""
    scratch = play.scratch
    if await play.cycle() is None:
        if play.left:
            raise Missing("cycle-unknown", cycle=scratch.code)
        play.opening = False
        return "không có gì được mở / nothing was opened"
    body = {"decision": scratch.decision, "reason": "Kết thúc kiểm tra hệ thống."}
    path = f"/submission/cycles/{scratch.code}/withdrawal"
    await play.deployment.post("administrator", path, body, key=f"withdraw-{scratch.code}")
    found = await play.cycle()
    require("cycle", expected="withdrawn", found=found and found["status"])
    return scratch.code


async def see_withdrawn(play: Play) -> str:
    """Every service knows: nothing more is taken, and nothing of it is shown as a result."""
    deployment, scratch = play.deployment, play.scratch
    place = scratch.appraisal(f"agencies/{scratch.first}/approval")
    asked: Mapping[str, tuple[str, Ask]] = {
        "appraisal": (
            "cycle-withdrawn",
            lambda: deployment.post("member", place, scratch.decision, key="too-late"),
        ),
        "survey": (
            "cycle-withdrawn",
            lambda: deployment.get(None, scratch.survey("/results/public")),
        ),
        "ranking": (
            "result-withdrawn",
            lambda: deployment.get(None, scratch.ranking("table"), tier=TIER),
        ),
    }
    for service, (code, ask) in asked.items():
        await deployment.until(f"{service}: {code}", partial(_is_refused, play, code, ask))
    return ", ".join(asked)


async def _is_refused(play: Play, code: str, ask: Ask) -> bool:
    """Where it never came to a publication there may be nothing yet that could be refused so."""
    try:
        await ask()
    except Missing:
        return play.published is None
    except Refused as refusal:
        return refusal.code == code
    return False
