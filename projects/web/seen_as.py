"""Shows a firm the page of its own challenge as others will see it, before or after it is published."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.models import User
from accounts.rules import Viewer, can_act_for
from projects.choices import ConfidentialityTier
from projects.models import Challenge

VISITOR = "visitor"
CLEARED_BY = {ConfidentialityTier.REGISTERED: "member", ConfidentialityTier.INVITED: "invited"}
"""Whom, beside a visitor, a page can be shown as: the one that the challenge's tier lets read the confidential text."""


@dataclass(frozen=True)
class SeenAs:
    """A stand-in who has the rights of their kind and no others."""

    name: str
    viewer: Viewer
    cleared: bool
    words: str
    others: tuple[tuple[str, str], ...]
    """The other kinds the same page can be shown as, each with its words."""


def seen_as(request: HttpRequest, challenge: Challenge) -> SeenAs | None:
    """Whose page is asked for with ``?as=``; a visitor's for any other word, and None for all but those who act for the firm."""
    if "as" not in request.GET or not can_act_for(request.user, challenge.organisation_id):
        return None
    second = CLEARED_BY.get(challenge.confidentiality_tier)  # type: ignore[call-overload]  # an empty tier has none
    kinds = {kind: _words(kind) for kind in (VISITOR, second) if kind}
    name = request.GET["as"] if request.GET["as"] in kinds else VISITOR
    return SeenAs(
        name=name,
        viewer=AnonymousUser() if name == VISITOR else User(),
        cleared=name != VISITOR,
        words=kinds[name],
        others=tuple((kind, words) for kind, words in kinds.items() if kind != name),
    )


def _words(kind: str) -> str:
    """Who that is."""
    words = {
        VISITOR: gettext("a visitor without an account"),
        "member": gettext("a registered person with a confirmed address"),
        "invited": gettext("a person you invited"),
    }
    return words[kind]
