"""The fixed lists read as answers to the questions that they stand under."""

import pytest
from django.utils.translation import override

from projects.choices import Rating, Urgency


def test_both_questions_have_the_same_five_values() -> None:
    assert Urgency.values == Rating.values == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("language", "soonest", "latest"),
    [
        ("en", "Within a year", "In five years or later"),
        ("zh-hans", "一年内", "五年以后"),
        ("zh-hant", "一年內", "五年以後"),
    ],
)
def test_how_soon_is_answered_with_a_time(language: str, soonest: str, latest: str) -> None:
    with override(language):
        assert (str(Urgency.FIVE.label), str(Urgency.TWO.label)) == (f"5 · {soonest}", f"2 · {latest}")
