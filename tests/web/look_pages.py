"""Pages made only of components, with long titles in three scripts; the tests of the look are run on them."""

from typing import Any

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import path

from projects.web.marked_text import Mark, mark
from projects.web.quadrant import Point, picture

ENGLISH = "In-line X-ray imaging of electrode coating defects at 80 m/min with sub-50-micrometre resolution on both sides of the foil"
SIMPLIFIED = (
    "面向动力电池极片双面涂布的在线断层成像与缺陷机理反演方法研究，适用于每分钟八十米的高速产线以及边缘鼓边识别"
)
TRADITIONAL = "超聲波相控陣複合材料蜂窩結構檢測與缺陷成因分析"
TITLES = ((ENGLISH, "en"), (SIMPLIFIED, "zh-Hans"), (TRADITIONAL, "zh-Hant"))
NAMES = (
    "landing challenge_board capability_directory quadrant search dashboard notices settings translation_desk moderation account_login "
    "account_logout how_matching_works about_security archive about_sources api_docs about_accessibility theme"
).split()


class Person:
    """Somebody who signed in and may do everything."""

    is_authenticated = is_bridge = is_moderator = True
    theme = "system"

    def __str__(self) -> str:
        return "林晓燕 Lin Xiaoyan"


class SampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", help_text="In one line.")
    problem = forms.CharField(label="问题描述", widget=forms.Textarea)
    use = forms.ChoiceField(label="How soon?", choices=[("1", "Now"), ("2", "Later")], widget=forms.RadioSelect)
    modes = forms.MultipleChoiceField(
        label="Ways",
        choices=[("a", "Joint laboratory"), ("b", "Service")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    readiness = forms.ChoiceField(label="Readiness", choices=[("1", "1"), ("2", "2")])
    anonymous = forms.BooleanField(
        label="Without the name", required=False, help_text="The place is shown as a region."
    )


def card(number: int) -> dict[str, Any]:
    """A match as a view builds it."""
    title, lang = TITLES[number % 3]
    return {
        "id": str(number),
        "href": f"/en/matches/{number}/",
        "rank": number + 1,
        "title": title,
        "title_lang": lang,
        "band": ("strong", "possible", "weak")[number % 3],
        "who": ["林教授团队", "Lingnan University of Technology", "Guangzhou"],
        "evidence_year": 2024,
        "places_free": 2,
        "places_total": 3,
        "reasons": [{"term": "electrode coating", "pair": None}, {"term": "电池", "pair": ("电池", "battery")}],
        "evidence": [
            {"label": "Fast tomography of coated foils", "lang": "en", "year": 2024, "share": 0.62},
            {"label": "", "share": 0.21},
        ],
        "parts": [{"name": name, "value": 0.7} for name in ("relevance", "pasteur_fit", "complement", "feasibility")],
        "blockers": [{"text": "TRL gap 4: needs a pilot line"}],
        "quadrant": ("pasteur", "bohr", "edison", "fourth")[number % 4],
        "quadrant_href": "/en/quadrant/",
        "actions": [
            {"label": "Shortlist", "url": f"/en/matches/{number}/shortlist/", "method": "post"},
            {"label": "Invite", "url": f"/en/matches/{number}/invite/", "kind": "primary"},
        ],
    }


def row(number: int) -> dict[str, Any]:
    """A challenge or capability as a view builds it."""
    title, lang = TITLES[number % 3]
    return {
        "id": str(number), "href": "/en/x/", "title": title, "title_lang": lang, "who": ["光远电池", "Huizhou"], "is_new": True,
        "summary": SIMPLIFIED * 3, "summary_lang": "zh-Hans", "trl": 4, "trl_now": 3, "trl_wanted": 7, "quadrant": "bohr", "matches": 1,
        "evidence_count": 2, "evidence_year": 2025, "state": "Published", "state_level": "good",
    }  # fmt: skip


def context() -> dict[str, Any]:
    """Everything the components ask for."""
    passages = [
        {"label": "Problem", "lang": "zh-Hans", "pieces": mark("电池极片缺陷", [Mark(0, 2, "c-1", "k-1")])},
        {"label": "Summary", "lang": "en", "pieces": mark("battery imaging", [Mark(0, 7, "k-1", "c-1")])},
    ]
    points = [
        Point(SIMPLIFIED, "challenge", 0.55, 0.9, 0.12, 0.1, "/en/c/", lang="zh-Hans"),
        Point(ENGLISH, "capability", 0.8, 0.45, 0.2, 0.16, "/en/k/", hollow=True, lang="en"),
        Point("Together", "joint", 0.8, 0.9),
    ]
    return {
        "cards": [card(number) for number in range(3)],
        "rows": [row(number) for number in range(3)],
        "filters": {
            "groups": [{"label": "Field", "options": [{"label": "Materials", "href": "?f=1", "count": 1234, "active": True}]}],
            "query_name": "q", "query": "电池", "active": [{"text": "Materials", "remove": "?"}], "clear_href": "?",
        },
        "quadrant": picture(points, pairs=[(0, 2, 1)]),
        "page": Paginator(range(500), 20).page(7),
        "form": SampleForm({"anonymous": "on"}),
        "sides": [{"heading": side, "href": "/", "passages": [passage]} for side, passage in zip("AB", passages, strict=True)],
        "steps": [{"label": "Invited", "state": "done"}, {"label": "NDA", "state": "current"}, {"label": "Decision", "state": "todo"}],
        "progress": {"text": "Comparing with 512 capabilities", "poll_url": "/p/", "page_url": "?", "done": 3, "total": 9, "cancel_url": "/c/"},
        "chips": [{"text": "No common language", "level": "blocker"}, {"text": "Budget fits", "level": "good"}],
        "long_parts": [{"name": "relevance", "value": 0.83, "weight": 0.55, "share": 0.4}],
        "unread": 3,
        "source": {"summary_zh": SIMPLIFIED, "summary_en": ENGLISH},
    }  # fmt: skip


SAMPLE = """{% extends "base.html" %}{% load look %}
{% block title %}Sample{% endblock %}
{% block heading %}<div class="page-head"><h1>Matches for 电芯极片缺陷在线检测与成因分析</h1></div>{% endblock %}
{% block filters %}{% include "components/_filters.html" %}{% endblock %}
{% block main %}{% include "components/_form_errors.html" %}<h2>Matches</h2>
<form id="match-actions" method="post">{% csrf_token %}</form>
{% for match in cards %}{% include "components/_match_card.html" with level=3 %}{% endfor %}{% include "components/_pagination.html" %}
<h2>Rows</h2><div class="rows">{% for row in rows %}{% include "components/_challenge_row.html" %}{% endfor %}
{% for row in rows %}{% include "components/_capability_row.html" %}{% endfor %}</div>
<h2>Rest</h2>{% include "components/_steps.html" %}{% include "components/_progress.html" %}{% include "components/_chips.html" %}
{% include "components/_part_bars.html" with parts=long_parts long=True %}{% include "components/_two_texts.html" %}
{% include "components/_bilingual.html" with source=source name="summary" %}{% include "components/_band.html" with band="possible" %}
{% include "components/_empty.html" with text="No challenge fits." example="极片检测" action_url="/" action_label="Post challenge" %}
{% include "components/_notice.html" with text="Dismissed." undo_url="/u/" %}
<form method="post">{% csrf_token %}{% for field in form %}{% include "components/_field.html" with note="Changes who can be matched." %}{% endfor %}
<button class="button primary-button">Post challenge</button></form>{% endblock %}
{% block aside %}<div class="layout-aside"><h2>Where they sit</h2>{% include "components/_quadrant.html" with open=True %}</div>{% endblock %}"""


def nothing(request: HttpRequest) -> HttpResponse:
    """Stands for a page."""
    return HttpResponse()


urlpatterns = i18n_patterns(*[path(f"{name}/", nothing, name=name) for name in NAMES])
