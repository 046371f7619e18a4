"""Forms of an organisation and of the people in it."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.choices import Industry, MembershipRole, OrganisationKind, Size, Tech
from accounts.models import Organisation
from accounts.selectors.places import typed_place
from accounts.services.places import AROUND, place_in

BLANK = [("", "—")]
PLACE_HELP = _("Only for a place that is not known here by its name alone.")


class ServiceForm(forms.Form):
    """A form whose rules are checked by a service."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def take_errors(self, error: ValidationError) -> None:
        """Puts the errors of a service beside the fields they belong to."""
        for name, found in getattr(error, "error_dict", {None: error}).items():
            self.add_error(name if name in self.fields else None, ValidationError(found))


class OrganisationForm(ServiceForm):
    """What an organisation says of itself. A name in one language is enough."""

    FIRST: ClassVar[tuple[str, ...]] = ("kind", "name_zh", "name_en", "city", "domain")
    FIRM: ClassVar[tuple[str, ...]] = ("size", "tech", "industry")

    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices, widget=forms.RadioSelect)
    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    city = forms.CharField(
        label=_("Place"),
        required=False,
        widget=forms.TextInput(attrs={"list": "places"}),
        help_text=_("Any city by name, for example Foshan, Ningde or Shanghai."),
    )
    province = forms.CharField(label=_("Province or region"), required=False)
    country = forms.CharField(label=_("Country or region"), required=False, help_text=PLACE_HELP)
    domain = forms.CharField(
        label=_("E-mail domain"),
        required=False,
        help_text=_("When your confirmed address ends in it, the organisation counts as verified at once."),
    )
    size = forms.ChoiceField(label=_("Size"), choices=[*BLANK, *Size.choices], required=False)
    tech = forms.ChoiceField(label=_("Technology or traditional"), choices=[*BLANK, *Tech.choices], required=False)
    industry = forms.ChoiceField(label=_("Industry"), choices=[*BLANK, *Industry.choices], required=False)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Give the whole address, for example https://www.firm.com.")},
    )
    ror = forms.CharField(
        label=_("ROR ID"),
        required=False,
        help_text=_("For universities and institutes: the ID or the whole address at ror.org."),
    )
    description_zh = forms.CharField(
        label=_("About, in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    description_en = forms.CharField(
        label=_("About, in English"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        """Asks for a name in at least one language."""
        found = super().clean() or {}
        if not found.get("name_zh") and not found.get("name_en"):
            self.add_error("name_zh", _("Give the name in Chinese or in English."))
        return found

    def values(self) -> dict[str, Any]:
        """What was typed, with the place found or made."""
        own = {name: value for name, value in self.cleaned_data.items() if name not in AROUND}
        return own | {"city": place_in(self.cleaned_data)}

    @classmethod
    def initial_of(cls, organisation: Organisation, place: str) -> dict[str, Any]:
        """What stands in the boxes at first."""
        own = [name for name in cls.base_fields if name not in ("city", *AROUND)]
        return {name: getattr(organisation, name) for name in own} | typed_place(organisation.city, place)


class MemberForm(ServiceForm):
    """Adds a person who has an account already."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("They need an account here first."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=MembershipRole.choices,
        initial=MembershipRole.MEMBER,
        help_text=_("Owners manage people, members post and answer, viewers read."),
    )
