"""The form of a recognition."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import LabelKind
from accounts.models import OrganisationLabel
from accounts.web.forms.organisations import BLANK, ServiceForm

A_DAY = _("Give the day on which it was awarded; it cannot lie in the future.")
A_PAGE = _("Give the address of a page that shows it, such as the list of whoever awarded it.")


class RecognitionForm(ServiceForm):
    """Which recognition, since when, and where anyone can see it. Its boxes stand on one page with the organisation's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "recognition_%s", **kwargs})

    kind = forms.ChoiceField(
        label=_("Recognition"),
        choices=[*BLANK, *LabelKind.choices],
        error_messages={"required": _("Choose a recognition.")},
    )
    since = forms.DateField(
        label=_("Awarded on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=dict.fromkeys(("required", "invalid"), A_DAY),
    )
    evidence_url = forms.URLField(
        label=_("Address of the evidence"),
        assume_scheme="https",
        error_messages=dict.fromkeys(("required", "invalid"), A_PAGE),
        help_text=_(
            "A page that shows it, such as the published list. A moderator opens it, and so can everyone later."
        ),
    )


class RecognitionChangeForm(RecognitionForm):
    """Date and evidence; another kind is another recognition."""

    kind = None  # type: ignore[assignment]  # Django's way to leave out an inherited field

    @classmethod
    def initial_of(cls, label: OrganisationLabel) -> dict[str, Any]:
        """What stands in the boxes at first."""
        return {"since": label.since, "evidence_url": label.evidence_url}
