"""Turns a row that has a place in the quadrant into a mark of the picture."""

from projects.models import ArchiveRecord, Capability, Challenge
from projects.templatetags.look import localized, text_lang
from projects.web.quadrant import Point


def point_of(item: Challenge | Capability | ArchiveRecord, side: str, *, href: str = "") -> Point | None:
    """The mark of an item with how sure its place is; nothing while the text is too thin to say."""
    if item.understanding is None or item.use is None:
        return None
    return Point(
        localized(item, "title"),
        side,
        item.understanding,
        item.use,
        sd_u=item.understanding_sd or 0.0,
        sd_a=item.use_sd or 0.0,
        href=href,
        lang=text_lang(item, "title"),
        corner=item.quadrant,
    )
