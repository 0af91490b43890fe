"""Facts for the suites of event stores."""

from shared.events.codec import Stored

SHEET = "submission/2021/so-y-te"


def fact(version: int, stream: str = SHEET, body: bytes = b"{}") -> Stored:
    return Stored(stream, version, "submission.ScoreSubmitted.v1", body)


def facts(*versions: int, stream: str = SHEET) -> list[Stored]:
    return [fact(version, stream) for version in versions]
