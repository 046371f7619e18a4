"""One search box over challenges, capabilities and the archive."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from projects.selectors import archive, board, directory
from projects.services.search import LONGEST_QUERY, find
from projects.templatetags.look import localized, text_lang
from projects.web.rows import Addresses, capability_row, challenge_row

FEW = 5


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The newest few of each kind, with the way to all of them."""
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    context: dict[str, object] = {"query": words}
    if words:
        found = {kind: find(kind, words) for kind in ("challenge", "capability", "archive")}
        context |= {"wordless": found["challenge"] is None}
        asked = board.board_rows(found["challenge"] or ())
        offered = directory.directory_rows(found["capability"] or ())
        kept = archive.archive_rows(found["archive"] or ())
        challenges, capabilities = Addresses("challenge"), Addresses("capability")
        records = Addresses("archive_record")
        taken = {row["pk"]: row["taken"] for row in offered[:FEW]}
        context |= {
            "challenge_count": len(asked),
            "capability_count": len(offered),
            "record_count": len(kept),
            "challenges": [
                challenge_row(item, request.user, challenges)
                for item in board.challenges_shown([row["pk"] for row in asked[:FEW]])
            ],
            "capabilities": [
                capability_row(item, capabilities, taken)
                for item in directory.capabilities_shown([row["pk"] for row in offered[:FEW]])
            ],
            "records": [
                {
                    "href": records.of(item.pk),
                    "title": localized(item, "title"),
                    "lang": text_lang(item, "title"),
                    "kind": item.get_kind_display(),
                    "institution": localized(item, "institution"),
                    "year": item.year,
                }
                for item in archive.records_shown([row["pk"] for row in kept[:FEW]])
            ],
        }
    return render(request, "projects/search.html", context)
