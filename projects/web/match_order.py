"""How a list of matches is ordered and narrowed by its address: kinds of pair, the first order, parts left out of the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from projects.choices import PairKind
from projects.selectors.matches import LEFT_OUT, PARTS, Card
from projects.templatetags.look import part_word

ORDERS = ("pasteur", "score", *PARTS)
"""What a list can be ordered by; a researcher's list has no first one."""


def kinds_of(request: HttpRequest) -> list[str]:
    """The kinds of pair asked for; an unknown one is an error that the address shows."""
    asked = request.GET.getlist("kind")
    if set(asked) - set(PairKind.values):
        raise Http404
    return asked


@dataclass(frozen=True)
class Wish:
    """How a reader wants a list: its first order, and the parts left out of the score."""

    first: str
    without: tuple[str, ...]

    @property
    def pasteur_first(self) -> bool:
        """The declared aim of the site, off where a part is left out."""
        return self.first == "pasteur" and not self.without

    @property
    def banded(self) -> bool:
        """False where the list no longer falls by band."""
        return self.first in ("pasteur", "score") and not self.without


def wish_of(request: HttpRequest, *, pasteur_first: bool = False) -> Wish:
    """The order that the address asks for; without a wish the list's own. An unknown one is an error that the address shows."""
    first, without = request.GET.get("first", ""), request.GET.getlist("without")
    if (first and first not in ORDERS) or set(without) - set(LEFT_OUT):
        raise Http404
    return Wish(first or ("pasteur" if pasteur_first and not without else "score"), tuple(dict.fromkeys(without)))


def orders(request: HttpRequest, wish: Wish, names: Sequence[str]) -> list[dict[str, Any]]:
    """The orders of a list as links."""
    labels = {"pasteur": _("Pasteur partnerships first"), "score": _("By fit alone")}
    return [
        {
            "label": labels.get(name) or part_word(name),
            "href": _with(request, first=name, **({"without": []} if name == "pasteur" else {})),
            "current": name == wish.first,
        }
        for name in names
    ]


def switches(request: HttpRequest, wish: Wish, made: Sequence[Card]) -> list[dict[str, Any]]:
    """The parts that can be left out of the score, with the weight of each, as links; none for an empty list."""
    weights = made[0].weights if made else {}
    return [
        {
            "name": name,
            "weight": weights[name],
            "href": _with(request, first="score", without=_toggled(wish.without, name)),
            "counted": name not in wish.without,
        }
        for name in LEFT_OUT
        if weights.get(name)
    ]


def _toggled(chosen: Sequence[str], name: str) -> list[str]:
    """A choice with one name put in, or taken out."""
    return [item for item in chosen if item != name] if name in chosen else [*chosen, name]


def _with(request: HttpRequest, **changed: str | list[str]) -> str:
    """This address with some of its choices changed, from the first page on."""
    kept = {name: request.GET.getlist(name) for name in request.GET if name not in ("page", "look")}
    kept.update({name: value if isinstance(value, list) else [value] for name, value in changed.items()})
    query = urlencode(kept, doseq=True)
    return f"{request.path}?{query}" if query else request.path


def kind_filters(request: HttpRequest, active: list[str]) -> dict[str, Any]:
    """The choice of kinds of pair as links."""
    options = [
        {
            "label": label,
            "href": _with(request, kind=_toggled(active, value)),
            "active": value in active,
            "count": "",
        }
        for value, label in PairKind.choices
    ]
    return {"groups": [{"label": _("Kind of pair"), "options": options}]}
