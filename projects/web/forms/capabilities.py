"""The form of a capability: a title and the language save a draft; the rest is asked where it helps a match."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from accounts.choices import Industry, Language
from accounts.selectors.places import typed_place
from matchmaker.plaintext import tidy_line
from projects.choices import CooperationMode, EvidenceKind, Rating, Urgency
from projects.models import Capability
from projects.web.forms.bilingual import OTHER, Ask, BilingualForm, Step, plain_number
from projects.web.forms.challenges import (
    COMPARED,
    FACT_MATCHES,
    FOR_PEOPLE,
    NO_ANSWER,
    PLACE,
    PLACE_HELP,
    RATINGS,
    TO_FILTER,
    UNDERSTANDING,
    day_input,
)
from projects.web.names import place_name

WORDS_MATCH = _("Asked because it changes a match: its words are compared with what firms write.")

WHAT = Step(
    "what",
    _("What you can do"),
    asks=(
        Ask("language", _("Language"), _("The language you write in. The same in the other language can be added below each text.")),
        Ask("title", _("Title"), _("At most 120 characters in Chinese, 160 in English."), first=True),
        Ask("kind", _("Kind"), note=TO_FILTER),
        Ask("summary", _("Summary"), _("What you can do and for what problems, in a few sentences."), WORDS_MATCH, needed=True, rows=5),
        Ask("understanding_rating", UNDERSTANDING, note=FACT_MATCHES),
        Ask("use_rating", _("How soon should it be used?"), note=FACT_MATCHES),
    ),
    more=(
        Ask("what_it_enables", _("What problems it solves"), note=WORDS_MATCH, rows=3),
        Ask("comparison_to_best", _("Better than what, by how much"), _("A number with its unit convinces more than a word."), WORDS_MATCH, rows=2),
        Ask("methods", _("Methods"), note=WORDS_MATCH, rows=3),
        Ask("facilities", _("Facilities"), note=WORDS_MATCH, rows=2),
        Ask("datasets_software", _("Data and software"), note=WORDS_MATCH, rows=2),
        Ask("past_industry_projects", _("Projects with industry"), note=WORDS_MATCH, rows=2),
        Ask("keywords", _("Keywords"), _("Separated by commas."), WORDS_MATCH),
        Ask("application_sectors", _("Industries it suits"), note=COMPARED),
    ),
)  # fmt: skip
TERMS = Step(
    "terms",
    _("How you work together"),
    asks=(
        Ask("trl", _("Readiness"), note=FACT_MATCHES),
        Ask(
            "max_active",
            _("Projects at the same time"),
            _("When all places are taken you are left out of the match lists."),
            FACT_MATCHES,
        ),
        Ask("languages", _("Working languages"), note=FACT_MATCHES),
    ),
    more=(
        Ask("ip_preference", _("Wish for IP"), note=FACT_MATCHES),
        Ask("wanted_modes", _("Ways to work together"), note=FACT_MATCHES),
        Ask(
            "budget_min",
            _("Least budget of a project"),
            _("A challenge that pays less shows it, and comes later."),
            FACT_MATCHES,
        ),
        Ask("currency", _("Currency")),
        Ask("ip_status", _("Protection"), note=FOR_PEOPLE),
        Ask("ip_numbers", _("Patents and registrations"), _("Their numbers, separated by commas."), FOR_PEOPLE),
        Ask("background_ip_owner", _("Owner of the background IP"), note=FOR_PEOPLE),
        Ask("student_theses", _("Student theses"), _("Students can write theses on it."), FOR_PEOPLE),
        Ask("publication_need", _("Publication"), note=FACT_MATCHES),
        Ask("hours_per_month", _("Hours a month"), note=FOR_PEOPLE),
        Ask("available_from", _("Available from"), note=FOR_PEOPLE),
        Ask("city", _("Place"), _("Leave empty for the place of your organisation."), FACT_MATCHES),
        Ask("province", _("Province or region")),
        Ask("country", _("Country or region"), PLACE_HELP),
        Ask("team", _("Team"), _("Shown instead of your name.")),
    ),
)
FACTS = (
    "kind", "trl", "ip_status", "ip_preference", "hours_per_month", "available_from", "max_active", "budget_min", "currency",
    "publication_need", "ip_numbers", "background_ip_owner",
)  # fmt: skip
LISTS = ("languages", "wanted_modes", "application_sectors")


class CapabilityForm(BilingualForm):
    """What a researcher, a team or a technology firm offers. The services check the rest, alike for page and API."""

    TEXTS: ClassVar[Sequence[str]] = (*Capability.TEXTS, "team", "keywords")
    STEPS: ClassVar[Sequence[Step]] = (WHAT, TERMS)

    offered_by = forms.ChoiceField(label=_("Offered by"), required=False, widget=forms.RadioSelect)
    languages = forms.MultipleChoiceField(choices=Language.choices, required=False, widget=forms.CheckboxSelectMultiple)
    wanted_modes = forms.MultipleChoiceField(
        choices=CooperationMode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    application_sectors = forms.MultipleChoiceField(
        choices=Industry.choices, required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    city = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "places"}))
    student_theses = forms.TypedChoiceField(
        choices=[("", _("not said yet")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    province = forms.CharField(required=False)
    country = forms.CharField(required=False)
    understanding_rating = forms.TypedChoiceField(
        choices=[*Rating.choices, *NO_ANSWER], coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    use_rating = forms.TypedChoiceField(
        choices=[*Urgency.choices, *NO_ANSWER], coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["available_from"].widget = day_input()
        self.fields["currency"].required = False
        if organisations is None:
            del self.fields["offered_by"]
        else:
            self.fields["offered_by"].choices = organisations  # type: ignore[attr-defined]

    def fact_fields(self) -> dict[str, forms.Field]:
        """The facts."""
        return fields_for_model(Capability, fields=FACTS)

    def values(self) -> dict[str, Any]:
        """What was typed and can be read, under the names of its columns."""
        plain = (*FACTS, *RATINGS, *LISTS, *PLACE, "language", "student_theses")
        found: dict[str, Any] = self.texts()
        for code in ("zh", "en"):
            if (name := f"keywords_{code}") in found:
                found[name] = split_words(found[name])
        return found | {name: self.cleaned_data[name] for name in plain if name in self.cleaned_data}

    @classmethod
    def initial_of(cls, capability: Capability | None) -> dict[str, Any]:
        """What stands in the boxes at first."""
        found = cls.texts_of(capability)
        if capability is None:
            return found | {"kind": "research", "max_active": 2, "currency": "CNY"}
        for name in ("keywords", "keywords" + OTHER):
            found[name] = ", ".join(found[name])
        for name in (*FACTS, *RATINGS, *LISTS):
            found[name] = getattr(capability, name)
        found["student_theses"] = {None: "", True: "yes", False: "no"}[capability.student_theses]
        found["budget_min"] = plain_number(found["budget_min"])
        return found | typed_place(capability.city, place_name(capability.city))


def split_words(text: str) -> list[str]:
    """Keywords as a list; Chinese and Western commas, semicolons and lines all part them."""
    for mark in ("，", "、", "；", ";", "\n"):
        text = text.replace(mark, ",")
    return [word for part in text.split(",") if (word := tidy_line(part))]


class EvidenceForm(forms.Form):
    """One item of evidence, added by hand."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EvidenceKind.choices)
    title = forms.CharField(label=_("Title"))
    summary = forms.CharField(
        label=_("Summary"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("An abstract or two sentences. Its words are matched."),
    )
    year = forms.IntegerField(label=_("Year"), required=False)
    link = forms.CharField(label=_("Link"), required=False)
    doi = forms.CharField(label=_("DOI"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "item", "label_suffix": "", **kwargs})

    FIELD_OF: ClassVar[dict[str, str]] = {
        "title_zh": "title", "title_en": "title", "summary_zh": "summary", "summary_en": "summary",
    }  # fmt: skip


class ImportForm(forms.Form):
    """A list of publications, pasted or as a file."""

    FORMS: ClassVar[list[tuple[str, Any]]] = [
        ("list", _("A list, one publication on each line")),
        ("bibtex", "BibTeX"),
        ("ris", "RIS"),
        ("csv", "CSV"),
    ]

    form = forms.ChoiceField(label=_("Form of the list"), choices=FORMS, initial="list")
    text = forms.CharField(
        label=_("Paste the list here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        help_text=_("BibTeX, RIS, CSV or plain text; at most 3 million characters."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "import", "label_suffix": "", **kwargs})
        self.fields["text"].validators = []  # what cannot be kept is left out when the list is read
