"""In which of our languages a caller is answered (RFC 9110, 12.5.4)."""

import pytest

from shared.adapters.web.language import language_of


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("fr", "vi"),
        ("en", "en"),
        ("EN-us", "en"),
        ("vi,en;q=0.9", "vi"),
        ("en;q=0.8, vi;q=0.7", "en"),
        ("en;q=0, fr", "vi"),
        ("en;q=x", "vi"),
        (";;q=,,en;q", "en"),
        ("en;q=0.5," * 1_000, "en"),
        ("*", "vi"),
        ("en, *;q=0.5", "en"),
        ("en, *", "en"),
        ("en;q=0.3, *;q=0.9", "vi"),
        ("vi;q=0, *", "en"),
        ("vi;q=0", "vi"),
        ("en;q=0, vi;q=0, *", "vi"),
    ],
)
def test_the_language_is_vietnamese_unless_english_is_liked_better(
    accepted: str | None, language: str
) -> None:
    assert language_of(accepted) == language
