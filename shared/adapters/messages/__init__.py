"""What the system says to people, in Vietnamese and in English, by stable code.

Each room keeps its sentences in a module of its own here: `MESSAGES` maps a code to the Vietnamese
and the English sentence, and no code is said by two rooms. A sentence says what happened and what
to do; `{names}` are details of the problem that it speaks of. `{name:until}` is a time, as
`shared.kernel.calendar.local` writes it, that is the end of something, `{name:words}` a pattern,
and `{name:fact|facts}` a number with its noun: one fact, or several.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import import_module
from types import MappingProxyType
from typing import Literal

from shared.adapters.patterns import PATTERNS
from shared.kernel.calendar import LOCAL, VIETNAM, in_zone, local
from shared.kernel.errors import Problem

Language = Literal["vi", "en"]
Sentences = tuple[str, str]

DEFAULT: Language = "vi"
UNTIL = "until"
WORDS = "words"
ONE_OR_SEVERAL = "|"
LANGUAGES: tuple[Language, ...] = ("vi", "en")


def sentence(code: str, language: Language, details: Mapping[str, str]) -> str:
    """What a code says with these details; the bare code where nobody wrote a sentence for it.

    A detail that is not there leaves its name in braces: an incomplete sentence helps more than
    an error in its place.
    """
    quoted = {name: _Detail(value, language) for name, value in details.items()}
    return _said(MESSAGES.get(code, (code, code)), language).format_map(_Details(quoted))


def until(end: datetime, language: Language) -> str:
    """An end as everybody here reads it; at midnight it is the end of the day before, if any."""
    here = in_zone(end, VIETNAM)
    if here.time() != time() or here.date() == date.min:
        return local(here)
    last = here - timedelta(days=1)
    return _said((f"hết ngày {last:%d/%m/%Y}", f"the end of {last.day} {last:%B %Y}"), language)


def explained(problem: Problem) -> str:
    """What a command or a process that was refused says: both languages, and flaw by flaw."""
    lines = [sentence(problem.code, language, problem.details) for language in LANGUAGES]
    for flaw in problem.flaws:
        said = [sentence(flaw.code, language, flaw.details) for language in LANGUAGES]
        lines.append(f"  {flaw.pointer or '/'}: {said[0]}")
        lines.append(f"  {' ' * len(flaw.pointer or '/')}  {said[1]}")
    return "".join(f"{line}\n" for line in lines)


def title(status: int, language: Language) -> str:
    """What an HTTP status says, in a few words."""
    return _said(_TITLES[status], language)


@dataclass(frozen=True, slots=True)
class _Detail:
    """A detail as a sentence quotes it."""

    text: str
    language: Language

    def __str__(self) -> str:
        return self.text

    def __format__(self, how: str) -> str:
        if how == WORDS:
            return _said(PATTERNS.get(self.text, (self.text, self.text)), self.language)
        if ONE_OR_SEVERAL in how:
            one, several = how.split(ONE_OR_SEVERAL)
            return f"{self.text} {one if self.text == '1' else several}"
        if how != UNTIL:
            return format(self.text, how)
        try:
            end = datetime.strptime(self.text, LOCAL).replace(tzinfo=VIETNAM)
        except ValueError:
            return self.text  # Whatever it is, it helps more than an error in its place.
        return until(end, self.language)


class _Details(dict[str, _Detail]):
    def __missing__(self, name: str) -> "_Missing":
        return _Missing(name)


@dataclass(frozen=True, slots=True)
class _Missing:
    """A detail that is not there."""

    name: str

    def __format__(self, _: str) -> str:
        return f"{{{self.name}}}"


def _said(sentences: Sentences, language: Language) -> str:
    match language:
        case "vi":
            return sentences[0]
        case "en":
            return sentences[1]


def _rooms() -> Iterator[tuple[str, Mapping[str, Sentences]]]:
    for module in pkgutil.iter_modules(__path__):
        yield module.name, import_module(f"{__name__}.{module.name}").MESSAGES


_TITLES: Mapping[int, Sentences] = MappingProxyType(
    {
        400: ("Yêu cầu không đúng quy cách", "Malformed request"),
        401: ("Chưa xác thực người gọi", "Not authenticated"),
        403: ("Không được phép", "Forbidden"),
        404: ("Không tìm thấy", "Not found"),
        405: ("Phương thức không được hỗ trợ", "Method not allowed"),
        406: ("Không có dạng trả lời này", "No such form of answer"),
        409: ("Bị từ chối theo quy tắc", "Refused by a rule"),
        412: ("Đã có thay đổi mới hơn", "Changed since you read it"),
        413: ("Dữ liệu quá lớn", "Too large"),
        422: ("Dữ liệu không hợp lệ", "Invalid content"),
        428: ("Thiếu điều kiện của thay đổi", "Precondition required"),
        429: ("Quá nhiều yêu cầu", "Too many requests"),
        431: ("Phần đầu yêu cầu quá lớn", "Headers too large"),
        500: ("Lỗi của hệ thống", "A fault of the system"),
        503: ("Tạm thời không phục vụ được", "Unavailable for now"),
    }
)
ROOMS: Mapping[str, Mapping[str, Sentences]] = MappingProxyType(dict(_rooms()))
MESSAGES: Mapping[str, Sentences] = MappingProxyType(
    {code: sentences for room in ROOMS.values() for code, sentences in room.items()}
)
