"""What a flag says to people: "look here, because ...", in Vietnamese and in English, by its kind.

The names in braces are parts of the subject, details and thresholds. No sentence says that
anybody did wrong.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shared.count.flags.flag import Subject

VIETNAMESE: Final = 0
ENGLISH: Final = 1

Said = tuple[str, str]

LOOK: Said = ("Nên xem lại {where}, vì {why}.", "Look at {where}, because {why}.")
AGAIN: Said = (
    " Đã xảy ra {count} lần; trên đây là lần gần nhất.",
    " It happened {count} times; this is the last.",
)

_ITEM: Said = ("mục {item} của {agency}", "item {item} of {agency}")
_SHEET: Said = ("phiếu tự chấm của {agency}", "the sheet of {agency}")
_ANSWERS: Said = (
    "khảo sát “{questionnaire}” về {agency}",
    "the survey “{questionnaire}” about {agency}",
)

SENTENCES: Mapping[str, tuple[Said, Said]] = MappingProxyType(
    {
        # --- Time
        "changed-after-deadline": (
            _ITEM,
            (
                "nội dung được thay đổi lúc {at}, sau khi hết hạn tự chấm ({closes})",
                "it was changed at {at}, after self-scoring had ended ({closes})",
            ),
        ),
        "deadline-extended-late": (
            ("thời hạn “{phase}” của {agency}", "the deadline of “{phase}” of {agency}"),
            (
                "việc gia hạn đến {until} được quyết lúc {at}, khi hạn cũ ({closes}) đã qua",
                "it was extended to {until} at {at}, when it had passed ({closes})",
            ),
        ),
        "scheme-amended-late": (
            ("bộ tiêu chí của cấp {tier}", "the scheme of the tier {tier}"),
            (
                "bộ tiêu chí được sửa lúc {at}, sau khi hết hạn tự chấm ({closes})",
                "it was amended at {at}, after self-scoring had ended ({closes})",
            ),
        ),
        # --- Sheets
        "evidence-replaced-after-decision": (
            _ITEM,
            (
                "tài liệu “{evidence}” mà Hội đồng đã xem khi quyết định bị rút hoặc thay lúc {at}",
                "“{evidence}”, on which the council decided, was withdrawn or replaced at {at}",
            ),
        ),
        "score-raised-after-reopening": (
            _ITEM,
            (
                "sau khi mở lại phiếu, điểm tự chấm tăng từ {before} lên {after}",
                "after a reopening more points are claimed: {after} instead of {before}",
            ),
        ),
        "reopened-after-approval": (
            _SHEET,
            (
                "phiếu được mở lại đến {until}, sau khi Hội đồng đã thông qua lúc {approved}",
                "it was reopened until {until}, after the council had approved it at {approved}",
            ),
        ),
        "all-at-maximum": (
            _SHEET,
            (
                "cả {items} mục đều tự chấm điểm tối đa",
                "it claims the maximum for all of its {items} items",
            ),
        ),
        # --- Decisions
        "decision-reversed": (
            _ITEM,
            (
                (
                    "Hội đồng đổi từ {before} ({by_before}) thành {after} điểm ({by_after}), khi có"
                    " giải trình hoặc tài liệu mới"
                ),
                (
                    "the council went from {before} ({by_before}) to {after} points ({by_after}),"
                    " with a new explanation or other evidence"
                ),
            ),
        ),
        "decision-reversed-without-news": (
            _ITEM,
            (
                (
                    "Hội đồng đổi từ {before} ({by_before}) thành {after} điểm ({by_after}) mà"
                    " không có giải trình hay tài liệu nào mới"
                ),
                (
                    "the council went from {before} ({by_before}) to {after} points ({by_after}),"
                    " and no explanation or evidence was new"
                ),
            ),
        ),
        "recognised-without-proof": (
            _ITEM,
            (
                "{awarded} điểm được công nhận mà không có tài liệu hay giải trình; cần: {wanted}",
                "{awarded} points were recognised without any proof; wanted is: {wanted}",
            ),
        ),
        "rests-on-condemned": (
            _ITEM,
            (
                "mục dựa trên tài liệu bị phát hiện có mã độc lúc {at} mà vẫn chưa được rút",
                "it rests on evidence that is attached still, and malware was found in it at {at}",
            ),
        ),
        "awarded-outside-rule": (
            _ITEM,
            (
                "mục được cho {awarded} điểm (tối đa {maximum}), mức mà cách tính không cho ra",
                "{awarded} points (of {maximum}) were awarded, to which its rule never comes",
            ),
        ),
        # --- Members
        "decided-in-seconds": (
            ("các quyết định của {by}", "the decisions of {by}"),
            (
                (
                    "{decisions} quyết định được ghi trong {seconds} giây, mỗi lần cách lần trước"
                    " không quá {pause_s_max} giây"
                ),
                (
                    "{decisions} were recorded within {seconds} seconds, none more than"
                    " {pause_s_max} seconds after the one before"
                ),
            ),
        ),
        "seconded-at-once": (
            ("đề xuất về {item} của {agency}", "the proposal about {item} of {agency}"),
            (
                "{by} đồng ý chỉ {seconds} giây sau khi người thứ nhất đề xuất",
                "{by} agreed only {seconds} seconds after the first person had made it",
            ),
        ),
        "acted-on-own-agency": (
            ("việc {by} thẩm định {agency}", "what {by} did about {agency} for the council"),
            (
                "người này được đăng ký là thuộc chính cơ quan đó",
                "the member is registered with that very agency",
            ),
        ),
        "decided-by-one": (
            ("kết quả thẩm định của {agency}", "the appraisal of {agency}"),
            (
                "cả {items} mục đều do {by} quyết định, và cũng chính người này thông qua",
                "all of its {items} items were decided by {by}, who approved the whole as well",
            ),
        ),
        # --- Explanations
        "explanation-unanswered": (
            _ITEM,
            (
                "yêu cầu giải trình (của {by_asked}, hạn {until}) không được trả lời",
                "a question (of {by_asked}, to be answered by {until}) was never answered",
            ),
        ),
        "decided-before-answer": (
            _ITEM,
            (
                "Hội đồng quyết định lúc {at}, khi cơ quan chưa trả lời và còn hạn đến {until}",
                "the council decided at {at}, when the agency still had until {until} to answer",
            ),
        ),
        "explanation-never-heard": (
            _ITEM,
            (
                "cơ quan giải trình hoặc bổ sung sau khi bị từ chối, mà Hội đồng không quyết lại",
                "the agency explained after a rejection, and nobody decided on it again",
            ),
        ),
        # --- Answers
        "answers-in-burst": (
            _ANSWERS,
            (
                (
                    "trong một giờ từ {begins} có {answers} phiếu được đếm, trước đó trung bình"
                    " {usual} phiếu mỗi giờ; cũng có thể do việc đếm bị gián đoạn"
                ),
                (
                    "{answers} answers were counted in the hour from {begins}, and {usual} in an"
                    " hour before; it may also be that the counting had stood still"
                ),
            ),
        ),
        "answers-alike": (
            _ANSWERS,
            (
                "{alike} trong {answers} phiếu của một đợt đếm giống hệt nhau cả {questions} câu",
                "{alike} of {answers} answers in one batch agree in all of {questions} questions",
            ),
        ),
        "answers-straight": (
            _ANSWERS,
            (
                (
                    "{straight} trong {answers} phiếu của một đợt đếm chọn cùng một mức cho cả"
                    " {questions} câu, mỗi phiếu một mức khác nhau"
                ),
                (
                    "{straight} of {answers} answers in one batch give one option to all of"
                    " {questions} questions, and not all of them the same"
                ),
            ),
        ),
        "answers-hasty": (
            _ANSWERS,
            (
                "{hasty} trong {answers} phiếu của một đợt đếm được gửi nhanh hơn thời gian đọc",
                "{hasty} of {answers} answers in one batch came sooner than anybody reads it",
            ),
        ),
        "answers-excluded-after-closing": (
            ("khảo sát “{questionnaire}”", "the survey “{questionnaire}”"),
            (
                "{responses} phiếu bị loại sau khi khảo sát đã đóng",
                "it lost {responses} of its responses by exclusion after it was closed",
            ),
        ),
        "survey-result-replaced": (
            _ANSWERS,
            (
                "kết quả của nguồn “{source}” được thay bằng kết quả khác",
                "what the source “{source}” said was replaced by something else",
            ),
        ),
        "survey-result-condemned": (
            _ANSWERS,
            (
                "kết quả của nguồn “{sources}” vẫn được tính, văn bản có mã độc (từ lúc {at})",
                "what “{sources}” certified counts, and malware was found in it from {at} on",
            ),
        ),
    }
)

NOBODY_NAMED: Mapping[str, Said] = MappingProxyType(
    {
        "agency": ("mọi cơ quan", "all agencies"),
        "item": ("toàn bộ phiếu", "the whole sheet"),
        "by": ("(không nêu)", "(not named)"),
    }
)
"""How a sentence calls a part of the subject that is empty."""


def sentence(
    kind: str, subject: Subject, spoken_of: Mapping[str, object], count: int, language: int
) -> str:
    """What a flag says in one of the two languages."""
    named = {
        name: value or NOBODY_NAMED.get(name, ("", ""))[language]
        for name, value in subject.named.items()
    }
    where, why = (part[language].format_map({**named, **spoken_of}) for part in SENTENCES[kind])
    said = LOOK[language].format(where=where, why=why)
    return said if count == 1 else said + AGAIN[language].format(count=count)
