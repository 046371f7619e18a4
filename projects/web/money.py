"""Writes sums of money as the readers of each language write them."""

from decimal import Decimal
from functools import cache

from django.utils.translation import get_language, gettext, pgettext

MILLION, WAN, YI = 10**6, 10**4, 10**8
WORDS = {"zh-hans": ("万", "亿"), "zh-hant": ("萬", "億")}
"""What Chinese calls ten thousand and a hundred million."""


def budget(least: Decimal | None, most: Decimal | None, currency: str) -> str:
    """A budget as it was typed, in words: a range, an upper or a lower end; empty when neither is given."""
    if least is None and most is None:
        return ""
    if most is None:
        return gettext("from %(money)s") % {"money": _named(currency, _amounts(least))}
    if least is None:
        return gettext("up to %(money)s") % {"money": _named(currency, _amounts(most))}
    return _named(currency, _amounts(least, most) if least != most else _amounts(most))


def sum_of(amount: Decimal | float, currency: str) -> str:
    """One sum with its currency."""
    return _named(currency, _amounts(Decimal(str(amount))))


def _amounts(*amounts: Decimal | None) -> str:
    """One sum or the two ends of a range, counted in the steps of the reader's language. English names the step once."""
    given = [Decimal(amount) for amount in amounts if amount is not None]
    if words := WORDS.get(get_language() or ""):
        return "–".join(_chinese(amount, *words) for amount in given)
    if max(given) >= MILLION:
        return "–".join(_plain(amount / MILLION) for amount in given) + " million"
    return "–".join(f"{amount:,.12g}" for amount in map(float, given))


def _chinese(amount: Decimal, wan: str, yi: str) -> str:
    """80万, 1.2亿, 5000."""
    if amount >= YI:
        return _plain(amount / YI) + yi
    return _plain(amount / WAN) + wan if amount >= WAN else _plain(amount)


def _plain(amount: Decimal) -> str:
    """A number without needless figures after the point."""
    return f"{float(amount):.12g}"


def _named(currency: str, amount: str) -> str:
    """The amount with its currency, on the side where the language puts it."""
    return _patterns(get_language() or "")[currency] % {"amount": amount}


@cache
def _patterns(_language: str) -> dict[str, str]:
    """How the language in force writes each currency; looked up once, for a list has many rows."""
    return {
        "CNY": pgettext("a sum of money", "CNY %(amount)s"),
        "HKD": pgettext("a sum of money", "HKD %(amount)s"),
        "MOP": pgettext("a sum of money", "MOP %(amount)s"),
        "USD": pgettext("a sum of money", "USD %(amount)s"),
        "EUR": pgettext("a sum of money", "EUR %(amount)s"),
    }
