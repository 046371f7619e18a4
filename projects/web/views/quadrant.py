"""All public items in Pasteur's quadrant: the picture, its table, and both as files."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.selectors import explorer as selector
from projects.selectors.board import places_of
from projects.selectors.explorer import Placed
from projects.selectors.facets import Facet, Narrowed, narrow
from projects.templatetags.look import quadrant_word
from projects.web.filters import Asked, filter_view, read_address, to_relax
from projects.web.points import point_of
from projects.web.quadrant import Point, picture
from projects.web.rows import Addresses
from projects.web.sheets import refused, sheet


@require_GET
def explorer(request: HttpRequest) -> HttpResponse:
    """The picture with filters in the address, and the same as a table."""
    asked, facets, narrowed = _narrowed(request)
    items, unplaced = selector.placed_items(narrowed.rows) if not asked.errors else ([], 0)
    query = request.GET.urlencode()
    tail = f"?{query}" if query else ""
    filters = filter_view(asked, facets, narrowed.counts)
    filters["exports"] = [
        {"label": _("Download as SVG"), "href": reverse("quadrant_svg") + tail},
        {"label": _("Download as CSV"), "href": reverse("quadrant_csv") + tail},
    ]
    filters["query_name"] = ""
    context = {
        "filters": filters,
        "picture": picture(_points(items), prefix="all") if items else None,
        "count": len(items),
        "unplaced": unplaced,
        "most": selector.MOST,
        "errors": asked.errors,
        "nearest": to_relax(asked, facets, narrowed.kept_out) if not items else [],
    }
    return render(request, "projects/quadrant.html", context, status=400 if asked.errors else 200)


@require_GET
def as_svg(request: HttpRequest) -> HttpResponse:
    """The picture as a file that stands alone."""
    asked, _facets, narrowed = _narrowed(request)
    if asked.errors:
        return refused(asked.errors)
    items, _unplaced = selector.placed_items(narrowed.rows)
    answer = HttpResponse(picture(_points(items), standalone=True).svg, content_type="image/svg+xml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="quadrant.svg"'
    return answer


@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The table as a file, marked as UTF-8 so that spreadsheets read Chinese."""
    asked, _facets, narrowed = _narrowed(request)
    if asked.errors:
        return refused(asked.errors)
    items, _unplaced = selector.placed_items(narrowed.rows)
    heading = [_("Side"), _("Title"), _("Quadrant"), _("Understanding"), _("Use"), _("Address")]
    rows = (
        [
            _side(point.side), point.label, quadrant_word(placed.item.quadrant), f"{point.understanding:.2f}",
            f"{point.use:.2f}", request.build_absolute_uri(point.href),
        ]
        for point, placed in zip(_points(items), items, strict=True)
    )  # fmt: skip
    return sheet("quadrant.csv", heading, rows)


def _narrowed(request: HttpRequest) -> tuple[Asked, list[Facet], Narrowed]:
    """The items asked for by the address."""
    rows = selector.explorer_rows()
    facets = selector.explorer_facets(places_of(rows, request.GET.getlist("place")))
    asked = read_address(request, facets)
    return asked, facets, narrow(rows, facets, asked.chosen.options)


def _points(items: Sequence[Placed]) -> list[Point]:
    """Items as marks of the picture."""
    addresses = {"challenge": Addresses("challenge"), "capability": Addresses("capability")}
    points = (point_of(placed.item, placed.side, href=addresses[placed.side].of(placed.item.pk)) for placed in items)
    return [point for point in points if point is not None]


def _side(name: str) -> str:
    """The name of a side."""
    return str(dict(selector.SIDES).get(name, name))
