"""Forms of a person: settings, profile, API tokens."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import InterfaceLanguage, Language, NoticeKind, Theme, TokenScope
from accounts.models import User
from accounts.web.forms.organisations import ServiceForm

MAILED = [kind for kind in NoticeKind if kind not in (NoticeKind.NEW_MATCH, NoticeKind.JOB_GIVEN_UP)]
LIFETIMES = [(30, _("30 days")), (90, _("90 days")), (365, _("one year"))]


class PersonForm(ServiceForm):
    """Names, and how the site serves a person."""

    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    language = forms.ChoiceField(
        label=_("Language of pages and mails"),
        choices=[("", _("As the browser asks")), *InterfaceLanguage.choices],
        required=False,
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices, widget=forms.RadioSelect)
    email_notices = forms.BooleanField(
        label=_("Send me notices by e-mail"),
        required=False,
        help_text=_("Invitations, answers and decisions. Matches are told on the site only."),
    )
    mail_kinds = forms.MultipleChoiceField(
        label=_("Which notices by e-mail"),
        choices=[(kind.value, kind.label) for kind in MAILED],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @classmethod
    def initial_of(cls, user: User) -> dict[str, Any]:
        """What stands in the boxes at first."""
        found = {name: getattr(user, name) for name in ("name_zh", "name_en", "language", "theme", "email_notices")}
        return found | {"mail_kinds": [kind.value for kind in MAILED if kind not in user.muted_kinds]}

    @property
    def values(self) -> dict[str, Any]:
        """What was chosen, under the names of the columns."""
        wanted = self.cleaned_data["mail_kinds"]
        kept = {name: value for name, value in self.cleaned_data.items() if name != "mail_kinds"}
        return kept | {"muted_kinds": [kind.value for kind in MAILED if kind not in wanted]}


class ProfileForm(ServiceForm):
    """The public page of a researcher or industrial scientist. A name is enough to begin."""

    name_zh = forms.CharField(label=_("Name in Chinese"), required=False)
    name_en = forms.CharField(label=_("Name in English"), required=False)
    headline_zh = forms.CharField(label=_("Headline in Chinese"), required=False)
    headline_en = forms.CharField(label=_("Headline in English"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Working languages"), choices=Language.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    about_zh = forms.CharField(label=_("About, in Chinese"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    about_en = forms.CharField(label=_("About, in English"), required=False, widget=forms.Textarea(attrs={"rows": 4}))
    orcid = forms.CharField(
        label=_("ORCID iD"), required=False, help_text=_("The figures or the whole address, as ORCID shows it.")
    )
    openalex_id = forms.CharField(
        label=_("OpenAlex ID"),
        required=False,
        help_text=_("The A with figures or the whole address, as OpenAlex shows it."),
    )
    match_me = forms.BooleanField(
        label=_("Match me"), required=False, initial=True, help_text=_("Switch off to be left out of every match list.")
    )

    def clean(self) -> dict[str, Any]:
        """Asks for a name in at least one language."""
        found = super().clean() or {}
        if not found.get("name_zh") and not found.get("name_en"):
            self.add_error("name_zh", _("Give your name in Chinese or in English."))
        return found

    @property
    def person_values(self) -> dict[str, Any]:
        """What belongs to the account."""
        return {name: self.cleaned_data[name] for name in ("name_zh", "name_en")}

    @property
    def profile_values(self) -> dict[str, Any]:
        """What belongs to the profile."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith("name_")}


class TokenForm(ServiceForm):
    """A new key to the API."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("So that you know later what it is for."))
    scope = forms.ChoiceField(
        label=pgettext_lazy("what a token lets a program do", "May"),
        choices=TokenScope.choices,
        initial=TokenScope.READ,
    )
    days = forms.TypedChoiceField(label=_("Expires after"), choices=LIFETIMES, coerce=int, initial=90)
