"""Sums of money as a row of a list tells them."""

import pytest
from django.utils import translation

from projects.models import Challenge
from projects.web.rows import money


@pytest.mark.parametrize(
    ("language", "low", "high", "said"),
    [
        ("zh-hans", 1_200_000, 3_000_000, "人民币 120–300 万元"),
        ("zh-hant", 1_200_000, 3_000_000, "人民幣 120–300 萬元"),
        ("en", 1_200_000, 3_000_000, "CNY 1.2–3 million"),
        ("en", 300_000, 900_000, "CNY 300,000–900,000"),
        ("en", None, None, ""),
    ],
)
def test_large_sums_are_counted_as_the_readers_language_counts_them(
    language: str, low: int | None, high: int | None, said: str
) -> None:
    with translation.override(language):
        assert money(Challenge(budget_min=low, budget_max=high, currency="CNY")) == said
