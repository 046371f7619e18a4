"""The forms of signing up and signing in."""

from typing import Any

from allauth.account.forms import LoginForm as AccountLoginForm
from allauth.account.forms import SignupForm as AccountSignupForm
from django.utils.translation import gettext_lazy as _


class SignupForm(AccountSignupForm):  # type: ignore[misc]  # allauth ships no types
    """An address, and a password only for those who want one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = _(
            "Without one you sign in with a code by e-mail. A password has at least 10 characters and is hard to guess."
        )


class LoginForm(AccountLoginForm):  # type: ignore[misc]  # allauth ships no types
    """An address and a password, one after the other for the keyboard: the page has the link for a forgotten one below."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
