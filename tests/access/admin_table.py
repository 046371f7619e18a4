"""The moderators' pages: everyone else is sent to sign in, and what moderators need not see is closed to them too."""

from tests.access.table import ALL, MODERATORS, Row, get, post

OURS = {
    "accounts_activity": "activity",
    "accounts_organisation": "organisation",
    "accounts_organisationlabel": "label",
    "accounts_user": "person",
    "projects_archiveclaim": "claim",
    "projects_archiverecord": "record",
    "projects_capability": "capability",
    "projects_challenge": "submitted",
    "queueing_job": "job",
    "queueing_heartbeat": "heartbeat",
}
THEIRS = (
    "auth_group",
    "account_emailaddress",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "socialaccount_socialaccount",
    "mfa_authenticator",
)
AWAY = (ALL, 302)


def _ours(model: str, object_id: str) -> list[Row]:
    """A page of ours is read by moderators and changed by nobody, not even a superuser."""
    page = f"admin:{model}"
    return [
        get(f"{page}_changelist", AWAY, (MODERATORS, 200)),
        get(f"{page}_add", AWAY, (MODERATORS, 403)),
        post(f"{page}_add", AWAY, (MODERATORS, 403)),
        get(f"{page}_change", AWAY, (MODERATORS, 200), object_id=object_id),
        post(f"{page}_change", AWAY, (MODERATORS, 403), object_id=object_id),
        get(f"{page}_delete", AWAY, (MODERATORS, 403), object_id=object_id),
        post(f"{page}_delete", AWAY, (MODERATORS, 403), object_id=object_id, data={"post": "yes"}),
        get(f"{page}_history", AWAY, (MODERATORS, 302), object_id=object_id),
    ]


def _theirs(model: str) -> list[Row]:
    """A page of a package is for superusers alone."""
    page = f"admin:{model}"
    absent = 302
    return [
        get(f"{page}_changelist", AWAY, ("moderator", 403), ("superuser", 200)),
        get(f"{page}_add", AWAY, ("moderator", 403), ("superuser", 200)),
        post(f"{page}_add", AWAY, ("moderator", 403), ("superuser", 200)),
        get(f"{page}_change", AWAY, ("moderator", 403), ("superuser", absent), object_id="job"),
        get(f"{page}_delete", AWAY, ("moderator", 403), ("superuser", absent), object_id="job"),
        get(f"{page}_history", AWAY, object_id="job"),
    ]


TABLE = [
    get("admin:index", AWAY, (MODERATORS, 200)),
    get("admin:login", (ALL, 403), (("anonymous", *MODERATORS), 302)),
    post("admin:logout", AWAY, (MODERATORS, 200)),
    get("admin:password_change", AWAY, (MODERATORS, 200)),
    get("admin:password_change_done", AWAY, (MODERATORS, 200)),
    get("admin:autocomplete", AWAY, (MODERATORS, 403)),
    get("admin:jsi18n", AWAY, (MODERATORS, 200)),
    get("admin:app_list", AWAY, (MODERATORS, 200), app_label="app"),
    get("admin:view_on_site", AWAY, (MODERATORS, 404), content_type_id="nothing", object_id="job"),
    *(row for model, object_id in OURS.items() for row in _ours(model, object_id)),
    *(row for model in THEIRS for row in _theirs(model)),
    get("admin:projects_challenge_change", AWAY, note="draft", object_id="draft"),
    get("admin:projects_capability_change", AWAY, note="draft", object_id="hidden"),
    get("admin:projects_challenge_change", AWAY, note="taken-back", object_id="taken_back"),
    get("admin:projects_challenge_change", AWAY, (MODERATORS, 200), note="withdrawn", object_id="withdrawn"),
    get("admin:projects_capability_change", AWAY, note="put-away", object_id="put_away"),
    get("admin:projects_challenge_confidential", AWAY, (MODERATORS, 404), note="taken-back", pk="taken_back"),
    post("admin:projects_challenge_confidential", AWAY, (MODERATORS, 404), note="taken-back", pk="taken_back", data={"reason": "A complaint about the budget."}),
    get("admin:projects_challenge_decide", AWAY, (MODERATORS, 405), pk="submitted"),
    post("admin:projects_challenge_decide", AWAY, (MODERATORS, 302), pk="submitted", data={"decision": "publish"}),
    post("admin:projects_challenge_decide", AWAY, (MODERATORS, 404), note="draft", pk="draft", data={"decision": "publish"}),
    get("admin:projects_challenge_confidential", AWAY, (MODERATORS, 200), pk="challenge"),
    get("admin:projects_challenge_confidential", AWAY, (MODERATORS, 404), note="draft", pk="draft"),
    post("admin:projects_challenge_confidential", AWAY, (MODERATORS, 200), note="without-reason", pk="challenge"),
    post("admin:projects_challenge_confidential", AWAY, (MODERATORS, 302), pk="challenge", data={"reason": "A complaint about the budget."}),
]  # fmt: skip
NAMELESS = [
    ("", "api"),
    ("", "api/"),
    ("", "api/<path:path>"),
    ("admin:", "<path:object_id>/"),
    ("admin:", "(?P<url>.*)$"),
]
"""What is under no name: unknown addresses, and old ones that lead to the new ones."""
