"""Forms of an invitation: the firm's message and the researcher's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.choices import DeclineReason


class InviteForm(forms.Form):
    """The firm's message. An empty one is allowed: the challenge speaks for itself."""

    message = forms.CharField(
        label=_("Message"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("At most 1,500 characters. Write nothing confidential here."),
    )


class AcceptForm(forms.Form):
    """A yes, with a sentence if one likes. Its ids differ from those of the no beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_accept_%s", "label_suffix": "", **kwargs})

    answer = forms.CharField(
        label=_("A sentence to the firm"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example when you could talk, and in which language."),
    )


class DeclineForm(forms.Form):
    """A no, with a reason from the list and a sentence that the firm reads."""

    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices, widget=forms.RadioSelect)
    answer = forms.CharField(
        label=_("A sentence to the firm"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The firm reads this sentence. It helps them to ask better."),
    )
