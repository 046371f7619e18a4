"""Sums of money as the readers of each language write them."""

from decimal import Decimal

import pytest
from django.utils import translation

from projects.models import Challenge
from projects.web.money import sum_of
from projects.web.rows import money


@pytest.mark.parametrize(
    ("low", "high", "currency", "hans", "hant", "english"),
    [
        (None, None, "CNY", "", "", ""),
        (None, 800_000, "CNY", "人民币80万元以内", "人民幣80萬元以內", "up to CNY 800,000"),
        (5_000, None, "CNY", "人民币5000元起", "人民幣5000元起", "from CNY 5,000"),
        (None, 120_000_000, "CNY", "人民币1.2亿元以内", "人民幣1.2億元以內", "up to CNY 120 million"),
        (300_000, 800_000, "CNY", "人民币30万–80万元", "人民幣30萬–80萬元", "CNY 300,000–800,000"),
        (1_200_000, 3_000_000, "CNY", "人民币120万–300万元", "人民幣120萬–300萬元", "CNY 1.2–3 million"),
        (8_000, 20_000, "CNY", "人民币8000–2万元", "人民幣8000–2萬元", "CNY 8,000–20,000"),
        (99_990_000, 100_000_000, "CNY", "人民币9999万–1亿元", "人民幣9999萬–1億元", "CNY 99.99–100 million"),
        (50_000, 50_000, "CNY", "人民币5万元", "人民幣5萬元", "CNY 50,000"),
        (None, 800_000, "HKD", "80万港元以内", "80萬港元以內", "up to HKD 800,000"),
        (5_000, None, "MOP", "5000澳门元起", "5000澳門元起", "from MOP 5,000"),
        (300_000, 2_000_000, "USD", "30万–200万美元", "30萬–200萬美元", "USD 0.3–2 million"),
        (None, 0.5, "EUR", "0.5欧元以内", "0.5歐元以內", "up to EUR 0.5"),
    ],
)
def test_a_budget_is_written_as_people_write_it(
    low: float | None, high: float | None, currency: str, hans: str, hant: str, english: str
) -> None:
    ends = {
        name: None if end is None else Decimal(str(end)) for name, end in (("budget_min", low), ("budget_max", high))
    }
    challenge = Challenge(currency=currency, **ends)

    for language, said in (("zh-hans", hans), ("zh-hant", hant), ("en", english)):
        with translation.override(language):
            assert money(challenge) == said


def test_one_sum_stands_with_its_currency() -> None:
    with translation.override("zh-hans"):
        assert sum_of(1_000_000.0, "CNY") == "人民币100万元"
    with translation.override("en"):
        assert sum_of(50_000, "CNY") == "CNY 50,000"
