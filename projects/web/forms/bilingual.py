"""Forms whose free texts are written in one language, with the same in the other language folded away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import BoundField
from django.forms.utils import ErrorDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from projects.choices import ContentLanguage, Currency

Words = Any
"""A text, or one that is translated when it is shown."""


@dataclass(frozen=True)
class Ask:
    """One question of a form: how it is named, why it is asked, how it is typed, and whether a draft or publication needs it."""

    name: str
    label: Words
    help: Words = ""
    note: Words = ""
    needed: bool = False
    rows: int = 0
    first: bool = False


@dataclass(frozen=True)
class Step:
    """A part of a form: what is asked first, and what is optional."""

    key: str
    heading: Words
    intro: Words = ""
    asks: Sequence[Ask] = ()
    more: Sequence[Ask] = ()


@dataclass(frozen=True)
class Line:
    """A question as the page shows it; ``other`` is the same text in the second language."""

    field: BoundField
    other: BoundField | None
    needed: bool
    first: bool
    note: Words


@dataclass(frozen=True)
class Part:
    """A step as the page shows it."""

    key: str
    heading: Words
    intro: Words
    lines: list[Line] = field(default_factory=list)
    more: list[Line] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        """True when an optional question has an error, so that the page opens the fold."""
        return any(line.field.errors or (line.other is not None and line.other.errors) for line in self.more)


OTHER = "_other"


class BilingualForm(forms.Form):
    """The texts of a row in the language first chosen (``title``) and in the other (``title_other``)."""

    TEXTS: ClassVar[Sequence[str]] = ()
    STEPS: ClassVar[Sequence[Step]] = ()

    language = forms.ChoiceField(
        label=_("Language"),
        choices=ContentLanguage.choices,
        widget=forms.RadioSelect,
        help_text=_("The language you write in."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields.update(self.fact_fields())
        for made in self.fields.values():
            if isinstance(made, forms.ChoiceField):
                choices: list[Any] = list(made.choices)  # type: ignore[arg-type]  # a plain list by now
                if choices[:1] == BLANK_CHOICE_DASH:
                    made.choices = [("", _("not said yet")), *choices[1:]]
        for ask in self._asks():
            if ask.name in self.TEXTS:
                self._add_text(ask)
            elif ask.name in self.fields:
                self.fields[ask.name].label = ask.label
                self.fields[ask.name].help_text = ask.help
        asked = [name for ask in self._asks() for name in (ask.name, ask.name + OTHER)]
        self.order_fields(
            [*(name for name in self.fields if name not in asked), *asked]
        )  # errors are listed in this order

    def fact_fields(self) -> dict[str, forms.Field]:
        """The fields that are made from columns of the model."""
        return {}

    def _asks(self) -> Iterable[Ask]:
        """Every question of every step."""
        return (ask for step in self.STEPS for ask in (*step.asks, *step.more))

    def _add_text(self, ask: Ask) -> None:
        """Adds a text in both languages. Nothing is cut while typing: the service says what is too long."""
        for name in (ask.name, ask.name + OTHER):
            widget: forms.Widget = forms.Textarea(attrs={"rows": ask.rows}) if ask.rows else forms.TextInput()
            self.fields[name] = forms.CharField(label=ask.label, help_text=ask.help, required=False, widget=widget)
        if ask.first:
            self.fields[ask.name].widget.attrs["aria-required"] = "true"
        self.fields[ask.name + OTHER].help_text = ""

    @classmethod
    def texts_of(cls, row: Any) -> dict[str, Any]:
        """The initial texts of a row; a new one starts in the language of the page."""
        if row is None:
            return {"language": "en" if (get_language() or "en").startswith("en") else "zh"}
        language = row.language or ContentLanguage.ZH
        other = "en" if language == "zh" else "zh"
        found: dict[str, Any] = {"language": language}
        for name in cls.TEXTS:
            found[name] = getattr(row, f"{name}_{language}")
            found[name + OTHER] = getattr(row, f"{name}_{other}")
        return found

    def clean_currency(self) -> str:
        """An unnamed currency is the yuan."""
        return self.cleaned_data["currency"] or Currency.CNY

    @property
    def chosen_language(self) -> str:
        """The language of the first boxes, as chosen or as it was."""
        chosen = self.cleaned_data.get("language") if hasattr(self, "cleaned_data") else None
        return chosen or self.initial.get("language") or ContentLanguage.ZH

    def texts(self) -> dict[str, str]:
        """The typed texts under the names of their columns."""
        language = self.chosen_language
        other = "en" if language == "zh" else "zh"
        found = {}
        for name in self.TEXTS:
            for key, code in ((name, language), (name + OTHER, other)):
                if key in self.cleaned_data:
                    found[f"{name}_{code}"] = self.cleaned_data[key]
        return found

    def parts(self) -> list[Part]:
        """The steps as the page shows them."""
        return [
            Part(step.key, step.heading, step.intro, [*self._lines(step.asks)], [*self._lines(step.more)])
            for step in self.STEPS
        ]

    def _lines(self, asks: Iterable[Ask]) -> Iterable[Line]:
        """The questions with their fields."""
        for ask in asks:
            other = self[ask.name + OTHER] if ask.name + OTHER in self.fields else None
            yield Line(self[ask.name], other, ask.needed, ask.first, ask.note)

    def forgive(self) -> None:
        """Shows what was typed without judging it yet."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def take_errors(self, error: ValidationError) -> None:
        """Puts the errors of a service beside the fields they belong to."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, found in error.error_dict.items():
            self.add_error(self.field_of(name), ValidationError(found))

    def field_of(self, column: str) -> str | None:
        """The field of this form that holds a column; None when it has none."""
        base, _underscore, code = column.rpartition("_")
        if base in self.TEXTS and code in ("zh", "en"):
            return base if code == self.chosen_language else base + OTHER
        return column if column in self.fields else None


def plain_number(value: Any) -> Any:
    """A number as it was typed: without zeros behind the point."""
    if value in (None, ""):
        return value
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
