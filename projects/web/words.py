"""Turns codes and values of a match into sentences in the reader's language. The one place for these words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext, ngettext, pgettext

from accounts.choices import Industry, Language
from projects.choices import CooperationMode, Currency, IpPreference, PairKind, PublicationNeed
from projects.web.money import sum_of

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """One compared fact in words: its name, how good it is, and the sentence."""

    label: str
    level: str
    text: str


def blocker(code: str, values: Values) -> str:
    """What stands in the way, in a short sentence for a chip."""
    if code == "trl_gap":
        return gettext("TRL gap %(gap)s: needs a pilot line") % {"gap": values.get("gap", "")}
    if code == "ip_conflict":
        return gettext("IP wishes differ: %(challenge)s / %(capability)s") % _ip_sides(values)
    if code == "no_common_language":
        return gettext("No common working language")
    if code == "budget_below":
        return gettext("Budget below what is needed")
    if code == "publication_delay":
        return gettext("Must publish; the firm waits %(days)s days") % {"days": values.get("days", "")}
    return gate(code, values)


def advice(code: str, values: Values) -> str:
    """What the two sides can do about a blocker."""
    if code == "trl_gap":
        return gettext(
            "The firm needs TRL %(wanted)s, this work is at TRL %(has)s. Plan a pilot stage, share a test line, or bring in a "
            "partner who scales up."
        ) % {"wanted": values.get("wanted", ""), "has": values.get("has", "")}
    if code == "ip_conflict":
        return gettext(
            "Talk about ownership before anything else. A field-of-use licence or joint ownership often suits both sides."
        )
    if code == "no_common_language":
        return gettext("Agree on a language for meetings and papers, or ask a bridge to translate.")
    if code == "budget_below":
        return gettext("Start with a smaller first experiment, or look for an innovation voucher.")
    if code == "publication_delay":
        return gettext(
            "Agree on what may be published at once, such as the method without the firm's data, and what waits."
        )
    return ""


def gate(code: str, values: Values) -> str:
    """Why a pair is left out of the list, in a sentence."""
    if code == "conflict_of_interest":
        if values.get("why") == "same_owner":
            return gettext("Both sides belong to the same organisation.")
        if values.get("why") == "shared_person":
            return gettext("The same person stands on both sides.")
        return gettext("One side has ruled this pairing out.")
    if code == "closed":
        if values.get("side") == "challenge":
            return gettext("The challenge is not open.")
        return gettext("The capability is not offered at present.")
    if code == "no_capacity":
        return gettext("All their places are taken.")
    if code == "ip_incompatible":
        return gettext("The wishes for IP exclude each other: %(challenge)s / %(capability)s.") % _ip_sides(values)
    return gettext("Not possible at present.")


FACT_NAMES = ("trl_gap", "budget", "languages", "ip", "place", "modes", "industry", "publication", "freshness")


def fact(code: str, level: str, values: Values) -> Fact:
    """One row of the comparison in words."""
    text = gettext("Not said by both sides.") if level == "unknown" else _fact_text(code, level, values)
    return Fact(_fact_name(code), level, text)


def facts(rows: Iterable[Values]) -> list[Fact]:
    """The compared facts in words, those that are known first, each group in the engine's order."""
    made = [fact(row["code"], row["level"], row["values"]) for row in rows]
    return sorted(made, key=lambda item: item.level == "unknown")


def _fact_name(code: str) -> str:
    """The name of a compared fact."""
    names = {
        "trl_gap": gettext("Readiness"),
        "budget": gettext("Budget"),
        "languages": gettext("Languages"),
        "ip": gettext("IP"),
        "place": gettext("Place"),
        "modes": gettext("Way to work together"),
        "industry": gettext("Industry"),
        "publication": gettext("Publication"),
        "freshness": gettext("Last confirmed"),
    }
    return names.get(code, code)


def _fact_text(code: str, level: str, values: Values) -> str:
    """What both sides said, compared."""
    if code == "trl_gap":
        return gettext("Wanted TRL %(wanted)s, there is TRL %(has)s; gap %(gap)s.") % {
            "wanted": values.get("wanted", ""), "has": values.get("has", ""), "gap": values.get("gap", ""),
        }  # fmt: skip
    if code == "budget":
        return gettext("Offered %(offered)s, needed %(needed)s.") % {
            side: sum_of(values.get(side) or 0, Currency.CNY) for side in ("offered", "needed")
        }
    if code == "languages":
        if common := values.get("common"):
            return gettext("Both work in %(languages)s.") % {"languages": _listed(Language, common)}
        return gettext("Challenge: %(challenge)s. Capability: %(capability)s.") % {
            "challenge": _listed(Language, values.get("challenge", ())),
            "capability": _listed(Language, values.get("capability", ())),
        }
    if code == "ip":
        return gettext("Challenge: %(challenge)s. Capability: %(capability)s.") % _ip_sides(values)
    if code == "place":
        return _place_text(values.get("shared", ""))
    if code == "modes":
        if common := values.get("common"):
            return gettext("Both want: %(modes)s.") % {"modes": _listed(CooperationMode, common)}
        return gettext("The two sides named different ways.")
    if code == "industry":
        if level == "good":
            return gettext("Both name %(industry)s.") % {"industry": _listed(Industry, [values.get("challenge", "")])}
        return gettext("Challenge: %(challenge)s. Capability: %(capability)s.") % {
            "challenge": _listed(Industry, [values.get("challenge", "")]),
            "capability": _listed(Industry, values.get("capability", ())),
        }
    if code == "publication":
        return _publication_text(int(values.get("days", 0)), values.get("need", ""))
    if code == "freshness":
        days = int(values.get("days", 0))
        if days < 1:
            return gettext("Today.")
        return ngettext("%(count)d day ago.", "%(count)d days ago.", days) % {"count": days}
    return ""


def _publication_text(days: int, need: str) -> str:
    """How long the firm holds a publication back, beside what the researcher needs."""
    wait = gettext("The firm lets results be published at once.")
    if days:
        words = ngettext(
            "The firm holds a publication back for %(count)d day.",
            "The firm holds a publication back for %(count)d days.",
            days,
        )
        wait = words % {"count": days}
    return gettext("%(wait)s Researcher: %(need)s.") % {"wait": wait, "need": _listed(PublicationNeed, [need])}


def _place_text(shared: str) -> str:
    """How near the two sides are."""
    texts = {
        "city": gettext("In the same city."),
        "region": gettext("In the same region."),
        "bay": gettext("Both in the Greater Bay Area."),
    }
    return texts.get(shared) or gettext("In different regions.")


def _ip_sides(values: Values) -> dict[str, str]:
    """Both wishes for IP by name."""
    return {side: _listed(IpPreference, [values.get(side, "")]) for side in ("challenge", "capability")}


def _listed(choices: Any, values: Iterable[str]) -> str:
    """The names of some options, in one line."""
    labels = _labels(choices)
    return pgettext("between items of a list", ", ").join(str(labels.get(value, value)) for value in values)


@cache
def _labels(choices: Any) -> dict[str, Any]:
    """The names of a list's options; they are put into the reader's language when they are shown."""
    return dict(choices.choices)


def part_meaning(name: str) -> str:
    """What a part of the score says, for the page of one match."""
    meanings = {
        "relevance": gettext("How much of the challenge's own vocabulary the capability and its evidence answer."),
        "pasteur_fit": gettext(
            "How well the two together seek understanding and use. An aim of this site, not a forecast."
        ),
        "complement": gettext("How different in kind the two are: research and industry, large and small."),
        "feasibility": gettext(
            "How readiness, budget, languages, IP, place, ways to work, publication and freshness fit."
        ),
    }
    return meanings.get(name, "")


def the_way_there(theory_from: str, use_from: str, quadrant: str) -> str:
    """One sentence on how this pair gets to its place in the quadrant."""
    if theory_from == "both" and use_from == "both":
        found = gettext("Both sides seek understanding, and both have a use in sight.")
    elif theory_from == "both":
        found = (
            gettext("Both sides seek understanding; the use comes from the firm.")
            if use_from == "challenge"
            else gettext("Both sides seek understanding; the use comes from the researcher.")
        )
    elif use_from == "both":
        found = (
            gettext("The theory comes from the researcher; both sides have a use in sight.")
            if theory_from == "capability"
            else gettext("The question comes from the firm; both sides have a use in sight.")
        )
    elif theory_from == use_from:
        found = (
            gettext("Both theory and use come from the firm.")
            if theory_from == "challenge"
            else gettext("Both theory and use come from the researcher.")
        )
    elif theory_from == "capability":
        found = gettext("The theory comes from the researcher, the use from the firm.")
    else:
        found = gettext("The open question comes from the firm, the use from the researcher.")
    goals = {
        "pasteur": gettext("Together they can understand and use: Pasteur's corner."),
        "bohr": gettext(
            "Together they mostly seek to understand: Bohr's corner. A user on the line would move the pair towards use."
        ),
        "edison": gettext(
            "Together they mostly seek to use: Edison's corner. An open question would move the pair towards understanding."
        ),
        "fourth": gettext("Neither understanding nor use is in sight yet; say more about both."),
    }
    return (gettext("%(how)s %(where)s") % {"how": found, "where": goals.get(quadrant, "")}).strip()


def pair_kinds(kinds: Iterable[str]) -> str:
    """The kinds of pair in one line."""
    return _listed(PairKind, kinds)
