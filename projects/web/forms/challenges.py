"""The form of a challenge: one page in five steps, of which only the first lines must be filled to save a draft."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.models import Organisation
from accounts.selectors.places import typed_place
from projects.choices import CooperationMode, Rating, Urgency
from projects.models import Challenge, ConfidentialText
from projects.selectors.access import CONFIDENTIAL_FIELDS
from projects.web.forms.bilingual import Ask, BilingualForm, Step, plain_number
from projects.web.names import organisation_name, place_name

PLACE_HELP = _("Only for a place that is not known here by its name alone.")
WORDS_MATCH = _("Asked because it changes a match: its words are compared with what researchers write.")
FACT_MATCHES = _("Asked because it changes a match.")
FOR_PEOPLE = _("For people to read; the matcher does not use it.")
COMPARED = _("Compared and shown with each match; it does not change their order.")
TO_FILTER = _("Helps people to find it with the filters; the matcher does not use it.")
PAIR_KINDS = _("Kinds of pair are told by it, and people filter by it; it does not change the order of matches.")
FIRM_ONLY = _("Only your organisation and moderators see this.")
FIRM_OR_ALL = _(
    "Only your organisation and moderators see this; with “Show the bottleneck to everyone” below, everyone does."
)

UNDERSTANDING = _("How important is it to understand why?")

PROBLEM = Step(
    "problem",
    _("The problem"),
    asks=(
        Ask(
            "language",
            _("Language"),
            _("The language you write in. The same in the other language can be added below each text."),
        ),
        Ask("title", _("Title"), _("At most 120 characters in Chinese, 160 in English."), first=True),
        Ask(
            "problem",
            _("Problem"),
            _("What happens, where, since when, and what was tried without success."),
            rows=8,
            first=True,
        ),
        Ask(
            "use_context",
            _("Where it will be used"),
            _("The line, product or service, and who works with it."),
            needed=True,
            rows=3,
        ),
        Ask(
            "understanding_sought",
            _("What you do not understand"),
            _(
                "The open question behind the problem. If you need a tool and not an answer, choose 1 or 2 below instead."
            ),
            needed=True,
            rows=3,
        ),
        Ask("understanding_rating", UNDERSTANDING, note=FACT_MATCHES),
        Ask("use_rating", _("How soon must it be used?"), note=FACT_MATCHES),
    ),
    more=(
        Ask(
            "summary",
            _("Summary"),
            _("A few lines for the board; at most 500 characters in Chinese, 800 in English."),
            WORDS_MATCH,
            rows=3,
        ),
        Ask("background", _("Background"), note=WORDS_MATCH, rows=3),
        Ask("current_practice", _("Current practice"), note=WORDS_MATCH, rows=3),
        Ask("possible_approaches", _("Possible approaches"), note=WORDS_MATCH, rows=3),
        Ask("excluded_approaches", _("Excluded approaches"), note=FOR_PEOPLE, rows=2),
        Ask("technology_domain", _("Field of technology"), note=TO_FILTER),
        Ask("industry", _("Industry"), note=COMPARED),
        Ask("is_traditional_industry", _("This is a traditional industry"), note=PAIR_KINDS),
    ),
)
FIGURES = Step(
    "figures",
    _("Figures"),
    _("What would count as solved? Name the figure, its unit, where it stands today and where it must go."),
    asks=(
        Ask("metrics", _("Figures"), needed=True),
        Ask("trl_current", _("Readiness now"), note=FACT_MATCHES, needed=True),
        Ask("trl_target", _("Readiness wanted"), note=FACT_MATCHES, needed=True),
    ),
)
"""This step has lines of its own on the page: a figure is a row, and the two degrees of readiness are one answer."""
CONSTRAINTS = Step(
    "constraints",
    _("Constraints"),
    asks=(
        Ask("budget_min", _("Budget from"), note=FOR_PEOPLE),
        Ask(
            "budget_max",
            _("Budget to"),
            _("The whole amount, for example 800000. Others see it as you type it, and its band."),
            note=FACT_MATCHES,
            needed=True,
        ),
        Ask("currency", _("Currency")),
        Ask("answer_by", _("You answer everyone by"), _("Each researcher gets a reply by this day."), needed=True),
        Ask("ip_preference", _("Wish for IP"), note=FACT_MATCHES, needed=True),
    ),
    more=(
        Ask("cooperation_modes", _("Ways to work together"), note=FACT_MATCHES),
        Ask("languages", _("Working languages"), note=FACT_MATCHES),
        Ask("city", _("Place"), _("Leave empty for the place of your organisation."), FACT_MATCHES),
        Ask("province", _("Province or region")),
        Ask("country", _("Country or region"), PLACE_HELP),
        Ask("duration_months", _("Duration in months"), note=FACT_MATCHES),
        Ask("deadline", _("Deadline"), _("After this day the challenge leaves the board.")),
        Ask("funding_mode", _("Funding"), note=FOR_PEOPLE),
        Ask("publication_policy", _("Days that a publication must wait"), note=FACT_MATCHES),
        Ask("data_available", _("Data and samples you can give"), note=WORDS_MATCH, rows=3),
        Ask("constraints", _("Constraints"), note=FOR_PEOPLE, rows=3),
        Ask("partner_requirements", _("Requirements for partners"), note=FOR_PEOPLE, rows=2),
        Ask(
            "pasteur_first",
            _("Pasteur partnerships first"),
            _("The order of the match list until somebody changes it."),
        ),
        Ask("export_control", _("Export control or data export rules apply"), note=FOR_PEOPLE),
        Ask("payment_nodes", _("Payment nodes"), note=FIRM_ONLY, rows=2),
        Ask("working_level_user", _("Who will use it on the line"), note=FIRM_ONLY),
        Ask("internal_owner", _("Who owns it inside the firm"), note=FIRM_ONLY),
    ),
)
CONFIDENTIALITY = Step(
    "confidentiality",
    _("Confidentiality"),
    asks=(
        Ask("confidentiality_tier", _("Who may read the confidential part"), needed=True),
        Ask("confidential_background", _("Confidential background"), rows=3),
        Ask("confidential_problem", _("Confidential part of the problem"), rows=3),
        Ask("confidential_data", _("Confidential data"), rows=3),
    ),
    more=(
        Ask("anonymous", _("Post without the firm's name"), _("Shown as “A firm”, with the region only.")),
        Ask("is_bottleneck", _("This is a bottleneck technology"), _("Something imported today that could be cut off. Kept inside the firm unless you say otherwise.")),
        Ask("imported_today", _("What is imported today"), note=FIRM_OR_ALL),
        Ask("substitute_sought", _("Substitute sought"), note=FIRM_OR_ALL),
        Ask("bottleneck_public", _("Show the bottleneck to everyone")),
    ),
)  # fmt: skip
PREVIEW = Step("preview", _("Preview"))

FACTS = (
    "industry", "technology_domain", "is_traditional_industry", "trl_current", "trl_target", "budget_min", "budget_max",
    "currency", "funding_mode", "duration_months", "deadline", "answer_by", "ip_preference", "publication_policy",
    "confidentiality_tier", "anonymous", "export_control", "payment_nodes", "working_level_user", "internal_owner",
    "is_bottleneck", "bottleneck_public", "imported_today", "substitute_sought",
)  # fmt: skip
RATINGS = ("understanding_rating", "use_rating")
PLACE = ("city", "province", "country")
NO_ANSWER = [("", _("No answer"))]
FIRST_ROWS = 3


def day_input() -> forms.DateInput:
    """A day, typed or picked."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class OrganisationField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's class takes none when it runs
    """A choice of organisations by the names that the reader's language has for them."""

    def label_from_instance(self, obj: Organisation) -> str:
        """The name as the page writes it."""
        return organisation_name(obj)


class ChallengeForm(BilingualForm):
    """What a firm says of its problem. Checks types only; the services check the rest, alike for page and API."""

    TEXTS: ClassVar[Sequence[str]] = Challenge.TEXTS
    STEPS: ClassVar[Sequence[Step]] = (PROBLEM, FIGURES, CONSTRAINTS, CONFIDENTIALITY, PREVIEW)

    organisation = OrganisationField(queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=None)
    metrics = forms.Field(required=False, widget=forms.HiddenInput)
    cooperation_modes = forms.MultipleChoiceField(
        choices=CooperationMode.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(choices=Language.choices, required=False, widget=forms.CheckboxSelectMultiple)
    city = forms.CharField(required=False, widget=forms.TextInput(attrs={"list": "places"}))
    province = forms.CharField(required=False)
    country = forms.CharField(required=False)
    pasteur_first = forms.TypedChoiceField(
        choices=[("", _("As the two answers say")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )
    understanding_rating = forms.TypedChoiceField(
        choices=[*Rating.choices, *NO_ANSWER], coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    use_rating = forms.TypedChoiceField(
        choices=[*Urgency.choices, *NO_ANSWER], coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, organisations: Any = None, confidential: bool = True, **kwargs: Any) -> None:
        self.with_confidential = confidential
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("maxlength", None)
            if isinstance(field, forms.CharField):
                field.max_length = None
                field.validators = []
            if isinstance(field, forms.DateField):
                field.widget = day_input()
            if name in (*CONFIDENTIAL_FIELDS, "payment_nodes"):
                field.widget.attrs["rows"] = 3
        self.fields["currency"].required = False
        if organisations is None:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]

    def fact_fields(self) -> dict[str, forms.Field]:
        """The facts, and the confidential texts for those who may write them."""
        found = fields_for_model(Challenge, fields=FACTS)
        return found | (
            fields_for_model(ConfidentialText, fields=CONFIDENTIAL_FIELDS) if self.with_confidential else {}
        )

    def values(self) -> dict[str, Any]:
        """What was typed and can be read, under the names of its columns."""
        plain = (*FACTS, *RATINGS, "language", "cooperation_modes", "languages", *PLACE, "pasteur_first")
        return self.texts() | {name: self.cleaned_data[name] for name in plain if name in self.cleaned_data}

    def confidential(self) -> dict[str, str]:
        """The confidential text, for its own table."""
        return {name: self.cleaned_data[name] for name in CONFIDENTIAL_FIELDS if name in self.cleaned_data}

    def field_of(self, column: str) -> str | None:
        """The two lists of figures are one table here."""
        return "metrics" if column in ("baseline_metrics", "target_metrics") else super().field_of(column)

    @classmethod
    def initial_of(cls, challenge: Challenge | None, confidential: ConfidentialText | None) -> dict[str, Any]:
        """What stands in the boxes at first; a revision that waits for a moderator shows itself."""
        found = cls.texts_of(challenge)
        if challenge is None:
            return found | {"currency": "CNY", "answer_by": None}
        for name in (*FACTS, *RATINGS, "cooperation_modes", "languages"):
            found[name] = getattr(challenge, name)
        found |= typed_place(challenge.city, place_name(challenge.city))
        for name in ("budget_min", "budget_max"):
            found[name] = plain_number(found[name])
        found["pasteur_first"] = "" if challenge.pasteur_first is None else "yes" if challenge.pasteur_first else "no"
        for name in CONFIDENTIAL_FIELDS:
            found[name] = getattr(confidential, name, "")
        return found


class MetricForm(forms.Form):
    """One figure: where it stands today and where it must go. An empty row is left out."""

    name = forms.CharField(label=_("What is measured"), required=False)
    name_other = forms.CharField(label=_("In the other language"), required=False)
    unit = forms.CharField(label=_("Unit"), required=False)
    today = forms.CharField(label=_("Today"), required=False)
    target = forms.CharField(label=_("Target"), required=False)
    must = forms.BooleanField(label=_("A must"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("today", "target"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    def row(self, language: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The figure as (baseline, target); None for a side that was left empty."""
        typed = {
            name: (value.strip() if isinstance(value, str) else value) for name, value in self.cleaned_data.items()
        }
        if not any(typed.get(name) for name in ("name", "name_other", "unit", "today", "target")):
            return None, None
        other = "en" if language == "zh" else "zh"
        shared = {f"name_{language}": typed["name"], f"name_{other}": typed["name_other"], "unit": typed["unit"]}
        today, target = _number(typed["today"]), _number(typed["target"])
        baseline = {**shared, "value": today} if today else None
        if not target and today:
            return baseline, None
        return baseline, {**shared, "value": target, "must": typed["must"]}


def _number(text: str) -> str:
    """A number without the commas, blanks and full-width digits that people type."""
    return "".join(unicodedata.normalize("NFKC", text).replace(",", "").split())


class BaseMetricFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # Django's class takes none when it runs
    """The figures of a challenge."""

    def lists(self, language: str) -> dict[str, list[dict[str, Any]]]:
        """The figures as the two columns that hold them."""
        pairs = [form.row(language) for form in self.forms if hasattr(form, "cleaned_data")]
        return {
            "baseline_metrics": [baseline for baseline, _target in pairs if baseline],
            "target_metrics": [target for _baseline, target in pairs if target],
        }


MetricFormSet = forms.formset_factory(MetricForm, formset=BaseMetricFormSet, extra=0, max_num=40)


def metric_rows(challenge: Challenge | None) -> list[dict[str, Any]]:
    """The stored figures as rows, with empty ones up to three; a target stands beside the baseline of the same name."""
    rows: list[dict[str, Any]] = []
    if challenge is not None:
        language = challenge.language or "zh"
        baselines = list(challenge.baseline_metrics)
        for target in challenge.target_metrics:
            baseline = next((row for row in baselines if _same(row, target)), None)
            if baseline is not None:
                baselines.remove(baseline)
            rows.append(_row(target, language, baseline, target))
        rows += [_row(baseline, language, baseline, None) for baseline in baselines]
    return rows + [{} for _empty in range(max(FIRST_ROWS - len(rows), 0))]


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True when two figures have the same name and unit."""
    return all(one.get(key, "") == other.get(key, "") for key in ("name_zh", "name_en", "unit"))


def _row(
    named: Mapping[str, Any], language: str, baseline: Mapping[str, Any] | None, target: Mapping[str, Any] | None
) -> dict[str, Any]:
    """One figure as a row of the form."""
    return {
        "name": named.get(f"name_{language}", ""),
        "name_other": named.get(f"name_{'en' if language == 'zh' else 'zh'}", ""),
        "unit": named.get("unit", ""),
        "today": _shown(baseline),
        "target": _shown(target),
        "must": bool(target and target.get("must")),
    }


def _shown(figure: Mapping[str, Any] | None) -> str:
    """A value as it was typed, without a trailing point."""
    return "" if figure is None else f"{figure['value']:.12g}"
