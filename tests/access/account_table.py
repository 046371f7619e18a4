"""The pages of signing up and in, which a package brings: what each answers somebody who is signed in, and nobody."""

from tests.access.table import ALL, TO_LOGIN, Row, get, post

AWAY = (ALL, 302)
ABSENT = (ALL, 404)
NO_SUCH_DEED = (ALL, 405)
HERE = (ALL, 200)
FOR_VISITORS = (AWAY, ("anonymous", 200))
FOR_THE_SIGNED_IN = (HERE, TO_LOGIN)


def both(name: str, *answers: tuple[str | tuple[str, ...], int]) -> list[Row]:
    """A page and its form, answered alike."""
    return [get(name, *answers), post(name, *answers)]


TABLE = [
    *both("account_login", *FOR_VISITORS),
    *both("account_signup", *FOR_VISITORS),
    *both("account_request_login_code", *FOR_VISITORS),
    *both("account_reset_password", HERE),
    *both("account_reauthenticate", *FOR_THE_SIGNED_IN),
    *both("account_change_password", *FOR_THE_SIGNED_IN),
    *both("socialaccount_connections", *FOR_THE_SIGNED_IN),
    get("account_logout", *FOR_THE_SIGNED_IN),
    post("account_logout", AWAY),
    get("account_email", *FOR_THE_SIGNED_IN),
    post("account_email", AWAY),
    get("mfa_index", *FOR_THE_SIGNED_IN),
    post("mfa_index", NO_SUCH_DEED, TO_LOGIN),
    # Steps of a process that nobody here has begun lead back to its start.
    *both("account_email_verification_sent", AWAY),
    *both("account_set_password", AWAY),
    *both("account_confirm_login_code", AWAY),
    *both("account_confirm_password_reset_code", AWAY),
    *both("account_complete_password_reset", AWAY),
    *both("mfa_authenticate", AWAY),
    *both("mfa_reauthenticate", AWAY),
    *both("socialaccount_signup", AWAY),
    # A second factor asks for the password again, and what nobody has set up is not there.
    *both("mfa_activate_totp", AWAY),
    *both("mfa_generate_recovery_codes", AWAY),
    *both("mfa_deactivate_totp", ABSENT, TO_LOGIN),
    *both("mfa_download_recovery_codes", ABSENT, TO_LOGIN),
    get("mfa_view_recovery_codes", ABSENT, TO_LOGIN),
    post("mfa_view_recovery_codes", NO_SUCH_DEED, TO_LOGIN),
    *both("orcid_login", ABSENT),
    *both("orcid_callback", ABSENT),
    # Plain sentences.
    get("account_inactive", HERE),
    post("account_inactive", NO_SUCH_DEED),
    get("account_password_reset_completed", HERE),
    post("account_password_reset_completed", NO_SUCH_DEED),
    get("socialaccount_login_cancelled", HERE),
    post("socialaccount_login_cancelled", NO_SUCH_DEED),
    get("socialaccount_login_error", (ALL, 401)),
    post("socialaccount_login_error", NO_SUCH_DEED),
]
NAMELESS = [
    ("", "social/login/cancelled/"),
    ("", "social/login/error/"),
    ("", "social/signup/"),
    ("", "social/connections/"),
]
"""Old addresses that lead to the new ones."""
