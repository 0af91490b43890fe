"""What can be tried where a program calls alone: it may read, and is refused what takes people."""

import tempfile
from pathlib import Path

from services.cli.smoke.play import Play, cycles, require
from shared.adapters import signature
from shared.kernel.errors import Forbidden, Refused
from shared.verify.checkpoints import Given
from shared.verify.fault import HOLDS
from shared.verify.verifier import verify

PERSON_REQUIRED = "person-required"


async def be_let_in(play: Play) -> str:
    """The token that the provider granted is taken, by a service that asks who calls."""
    return f"{len(await cycles(play.deployment))} đợt đánh giá / cycles"


async def be_refused(play: Play) -> str:
    """A program opens no cycle. Whoever opens one is taken for a person, and it is withdrawn."""
    await play.begin()
    scratch = play.scratch
    path = f"/submission/cycles/{scratch.code}"
    try:
        await play.deployment.put("administrator", path, scratch.opening)
    except Forbidden as refusal:
        play.opening = False
        require("PUT", expected=PERSON_REQUIRED, found=refusal.code)
        return refusal.code
    raise Refused("smoke-program-is-person", cycle=scratch.code)


async def verify_last(play: Play) -> str:
    """The bundle of the last cycle that has a result holds; where there is none, none can."""
    page = await play.deployment.get(None, "/ranking/cycles")
    published = [each["cycle"] for each in page["items"]]
    if not published:
        return "chưa có kết quả nào / no result yet"
    path = f"/ranking/cycles/{published[-1]}/bundle"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bundle.zip"
        file.write_bytes(await play.deployment.content("administrator", path))
        report = verify(file, Given(signature.verify))
    require("shared.verify", expected=HOLDS, found=report.exit_code)
    return f"{published[-1]}, {report.replay.size} dữ kiện / facts"
