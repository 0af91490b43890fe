"""What stands over a refusal on a page is plain, and says nothing of rules and statuses."""

import pytest

from shared.adapters import messages
from shared.adapters.messages import Language, headlines
from shared.adapters.web.headlines import headline


def test_every_headline_stands_over_something_and_ends_without_a_point() -> None:
    statuses = [*range(400, 432), 500, 503]
    said = {headline(code, 409, "vi") for code in messages.MESSAGES}
    said |= {headline("unheard-of", status, "vi") for status in statuses}

    assert said == {vietnamese for vietnamese, _ in headlines.MESSAGES.values()}
    assert not any(line.endswith(".") for pair in headlines.MESSAGES.values() for line in pair)


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "Chưa thực hiện được"), ("en", "This could not be done")]
)
def test_whatever_a_rule_refuses_was_not_done(language: Language, said: str) -> None:
    assert headline("result-invalid", 409, language) == said
