"""Chapter three: citizens, organisations and officials answer, each once and by nobody's name."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from demo.world import CYCLE, SURVEY_OFFICER, Json, World

PAGE = 50

ASKED = {"citizens": 90, "organisations": 30}
ASKED_OF_OFFICIALS = 44
RECEIPT_BYTES = 16
SCALE_TITLES = {
    "5": "Rất hài lòng",
    "4": "Hài lòng",
    "3": "Bình thường",
    "2": "Không hài lòng",
    "1": "Rất không hài lòng",
    "a": "Tốt",
    "b": "Khá",
    "c": "Trung bình",
    "d": "Kém",
    "e": "Không có ý kiến",
}


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one respondent group is asked about the agencies of one tier."""

    name: str
    tier: str
    group: str
    options: Sequence[str]
    items: Sequence[str]


async def survey(world: World) -> None:
    """November and December: about 6,000 people answer."""
    await world.api.set_clock("2021-11-22T08:00:00+07:00")
    world.show.chapter("22/11/2021", "Điều tra xã hội học", "the survey is open")
    questionnaires = list(_questionnaires(world))
    for questionnaire in questionnaires:
        await _open(world, questionnaire)
    tasks = [
        partial(_ask, world, questionnaire, agency)
        for questionnaire in questionnaires
        for agency in world.agencies
        if agency["tier"] == questionnaire.tier
    ]
    await world.each("phát phiếu và trả lời · invite and answer", tasks, at_once=4)


async def close_survey(world: World) -> None:
    """The calendar closes it: nobody has to remember."""
    await world.api.set_clock("2021-12-21T00:00:01+07:00")
    await world.until("the closing of the survey", lambda: _all_closed(world))
    shown = await _shown(world)
    counted = sum(questionnaire["counted"] for questionnaire in shown)
    world.show.chapter("21/12/2021", "Đóng khảo sát theo lịch", "the calendar closes the survey")
    world.show.say(f"  {counted} phiếu đã kiểm · answers counted, in {len(shown)} questionnaires")


async def _shown(world: World) -> Sequence[Json]:
    """All questionnaires of the cycle, page after page."""
    path = f"/survey/cycles/{CYCLE}/questionnaires?limit={PAGE}"
    page = await world.api.get(SURVEY_OFFICER, path)
    found: list[Json] = list(page["items"])
    while page["next"]:
        page = await world.api.get(SURVEY_OFFICER, f"{path}&cursor={page['next']}")
        found += page["items"]
    return found


async def _all_closed(world: World) -> bool:
    shown = await _shown(world)
    return all(questionnaire["status"] == "closed" for questionnaire in shown)


def _questionnaires(world: World) -> Iterator[Questionnaire]:
    for tier, scheme in world.opening["schemes"].items():
        rules = [(item.code, item.document["rule"]) for item in world.items(tier) if item.surveyed]
        for group in sorted({group for _, rule in rules for group in rule["groups"]}):
            asked = [(code, rule) for code, rule in rules if group in rule["groups"]]
            scale = scheme["scales"][asked[0][1]["scale"]]
            items = [code for code, _ in asked]
            yield Questionnaire(f"{tier}-{group}", tier, group, _best_first(scale), items)


def _best_first(scale: Json) -> Sequence[str]:
    """By what an option is worth; "no opinion" last."""
    worth = {
        option: float(per_cent) for option, per_cent in scale.items() if per_cent != "no-opinion"
    }
    scored = sorted(worth, key=lambda option: (-worth[option], -ord(option)))
    return (*scored, *(option for option in scale if option not in worth))


async def _open(world: World, questionnaire: Questionnaire) -> None:
    titles = {item.code: item.document["title"] for item in world.items(questionnaire.tier)}
    options = [
        {"code": option, "title": SCALE_TITLES.get(option, option)}
        for option in questionnaire.options
    ]
    body = {
        "tier": questionnaire.tier,
        "group": questionnaire.group,
        "title": f"Phiếu khảo sát năm 2021: {questionnaire.group}",
        "questions": [
            {"code": f"q{code}", "text": titles[code], "item": code, "options": options}
            for code in questionnaire.items
        ],
        "opens": "2021-11-22T00:00:00+07:00",
        "closes": "2021-12-21T00:00:00+07:00",
    }
    path = f"/survey/cycles/{CYCLE}/questionnaires/{questionnaire.name}"
    await world.api.put(SURVEY_OFFICER, path, body)
    await world.api.post(SURVEY_OFFICER, f"{path}/opening", f"open-{questionnaire.name}")


async def _ask(world: World, questionnaire: Questionnaire, agency: Json) -> None:
    path = f"/survey/cycles/{CYCLE}/questionnaires/{questionnaire.name}"
    count = ASKED.get(questionnaire.group, ASKED_OF_OFFICIALS)
    key = f"invite-{questionnaire.name}-{agency['code']}"
    invited = await world.api.post(
        SURVEY_OFFICER, f"{path}/invitations", key, {"agency": agency["code"], "count": count}
    )
    for place, token in enumerate(invited.json()["tokens"]):
        respondent = f"{questionnaire.name}/{place}"
        answers = {
            f"q{code}": world.choices.answer(
                agency["code"], f"{respondent}/{code}", questionnaire.options
            )
            for code in questionnaire.items
        }
        receipt = secrets.token_urlsafe(RECEIPT_BYTES)
        body = {"token": token, "answers": answers, "receipt": receipt}
        await world.api.answer(f"{path}/responses", body)
