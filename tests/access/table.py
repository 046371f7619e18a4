"""The truth table: for every address and method, what everyone is answered.

``Row(address name, ids, method, {who: status})``. ``ALL`` holds for whoever is not named after it; a later entry wins. A page
that somebody may not know of answers 404, one that needs signing in sends there (302), and the API says 401 or 403.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.access.world import ROLES

ALL = ROLES
SIGNED = tuple(role for role in ROLES if role != "anonymous")
FIRM = ("firm_owner", "firm_member", "firm_viewer")
ACTING = ("firm_owner", "firm_member")
ABLE = ("outsider", "researcher", "colleague", "invited", *ACTING)
"""Those who may act for an organisation of theirs."""
MODERATORS = ("moderator", "superuser")
NOBODY: tuple[str, ...] = ()
Who = str | tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One address and method, and the answer for everyone."""

    name: str
    method: str
    answers: tuple[tuple[Who, int], ...]
    ids: dict[str, str] = field(default_factory=dict)
    """Which of the world's objects each part of the address names."""
    data: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    query: str = ""

    @property
    def api(self) -> bool:
        """True below /api/."""
        return self.name.startswith("api_")

    def expected(self) -> dict[str, int]:
        """The status for each role."""
        found: dict[str, int] = {}
        for who, status in self.answers:
            found |= dict.fromkeys((who,) if isinstance(who, str) else who, status)
        return found

    def __str__(self) -> str:
        return "-".join(filter(None, [self.name, self.method.lower(), self.note]))


def get(name: str, *answers: tuple[Who, int], note: str = "", **ids: str) -> Row:
    """A page."""
    return Row(name, "GET", answers, ids, note=note)


def post(name: str, *answers: tuple[Who, int], note: str = "", data: dict[str, Any] | None = None, **ids: str) -> Row:
    """A form or a deed."""
    return Row(name, "POST", answers, ids, data or {}, note=note)


def patch(name: str, *answers: tuple[Who, int], note: str = "", data: dict[str, Any] | None = None, **ids: str) -> Row:
    """A change through the API."""
    return Row(name, "PATCH", answers, ids, data or {}, note=note)


def delete(name: str, *answers: tuple[Who, int], **ids: str) -> Row:
    """A removal through the API."""
    return Row(name, "DELETE", answers, ids)


OPEN = (ALL, 200)
ABSENT = (ALL, 404)
TO_LOGIN = ("anonymous", 302)
NO_KEY = ("anonymous", 401)

PUBLIC_PAGES = [
    get(name, OPEN)
    for name in (
        "landing", "challenge_board", "capability_directory", "quadrant", "quadrant_svg", "quadrant_csv", "archive", "search",
        "challenge_csv", "challenge_feed", "capability_csv", "capability_feed", "how_matching_works", "about_security",
        "about_sources", "about_accessibility",
    )
] + [
    get("healthz", OPEN),
    get("readyz", (ALL, 503)),
    get("challenge", OPEN, pk="challenge"),
    get("challenge", OPEN, note="closed", pk="closed"),
    get("challenge", ABSENT, (FIRM, 200), note="draft", pk="draft"),
    get("challenge", ABSENT, (FIRM, 200), (MODERATORS, 200), note="submitted", pk="submitted"),
    get("capability", OPEN, pk="capability"),
    get("capability", ABSENT, ("researcher", 200), note="draft", pk="hidden"),
    get("challenge", OPEN, note="nameless", pk="nameless"),
    get("challenge", ABSENT, (FIRM, 200), (MODERATORS, 200), note="withdrawn", pk="withdrawn"),
    get("challenge", ABSENT, (FIRM, 200), note="taken-back", pk="taken_back"),
    get("capability", ABSENT, ("researcher", 200), note="put-away", pk="put_away"),
    get("capability", OPEN, note="of-the-firm", pk="firm_capability"),
    get("capability", ABSENT, (FIRM, 200), note="draft-of-the-firm", pk="firm_draft"),
    get("organisation", OPEN, pk="organisation"),
    get("person", OPEN, pk="person"),
    get("archive_record", OPEN, pk="record"),
    get("archive_record", OPEN, note="posted", pk="posted_record"),
    get("archive_claim", (ALL, 302), pk="record"),
    post("archive_claim", (ALL, 302), ("researcher", 400), pk="record", data={"message": "This is the work of my group."}),
    get("preview", (ALL, 302)),
    post("preview", (ALL, 302), data={"text": "电池极片缺陷检测", "scope": "capabilities"}),
    get("preview_state", ABSENT, pk="preview"),
    post("theme", (ALL, 302), data={"theme": "dark"}),
    get("theme", (ALL, 405)),
]  # fmt: skip

DESK = [
    get("dashboard", OPEN, TO_LOGIN),
    get("challenge_new", (ALL, 302), (ABLE, 200)),
    post("challenge_new", (ALL, 302), (ABLE, 200), note="empty"),
    get("challenge_edit", ABSENT, (ACTING, 200), TO_LOGIN, pk="challenge"),
    get("challenge_edit", ABSENT, (ACTING, 200), TO_LOGIN, note="draft", pk="draft"),
    get("challenge_edit", ABSENT, TO_LOGIN, note="closed", pk="closed"),
    post("challenge_edit", ABSENT, (ACTING, 200), TO_LOGIN, note="empty", pk="challenge"),
    post("challenge_submit", ABSENT, (ACTING, 302), TO_LOGIN, pk="draft"),
    post("challenge_close", ABSENT, (ACTING, 302), TO_LOGIN, pk="challenge"),
    post("challenge_withdraw", ABSENT, (ACTING, 302), TO_LOGIN, pk="challenge"),
    get("match_list", ABSENT, (FIRM, 200), (MODERATORS, 200), TO_LOGIN, pk="challenge"),
    get("match_list", ABSENT, (FIRM, 200), TO_LOGIN, note="draft", pk="draft"),
    get("match", ABSENT, (FIRM, 200), (MODERATORS, 200), ("researcher", 200), TO_LOGIN, challenge="challenge", capability="capability"),
    post("invite", ABSENT, (ACTING, 302), TO_LOGIN, challenge="challenge", capability="capability"),
    get("challenge_edit", ABSENT, TO_LOGIN, note="withdrawn", pk="withdrawn"),
    get("challenge_edit", ABSENT, (ACTING, 200), TO_LOGIN, note="nameless", pk="nameless"),
    post("challenge_withdraw", ABSENT, TO_LOGIN, note="taken-back", pk="taken_back"),
    get("match_list", ABSENT, (FIRM, 200), (MODERATORS, 200), TO_LOGIN, note="nameless", pk="nameless"),
    get("match_list", ABSENT, (FIRM, 200), TO_LOGIN, note="taken-back", pk="taken_back"),
    get("match", ABSENT, (FIRM, 200), (MODERATORS, 200), ("researcher", 200), TO_LOGIN, note="nameless", challenge="nameless", capability="capability"),
    get("capability_edit", ABSENT, (ACTING, 200), TO_LOGIN, note="of-the-firm", pk="firm_capability"),
    post("capability_publish", ABSENT, (ACTING, 302), TO_LOGIN, note="of-the-firm", pk="firm_draft"),
    post("capability_hide", ABSENT, (ACTING, 302), TO_LOGIN, note="of-the-firm", pk="firm_capability"),
    get("capability_matches", ABSENT, (FIRM, 200), TO_LOGIN, note="of-the-firm", pk="firm_capability"),
    post("evidence_add", ABSENT, (ACTING, 302), TO_LOGIN, note="of-the-firm", pk="firm_capability", data={"item-title": "A new paper", "item-kind": "paper"}),
    get("capability_new", OPEN, TO_LOGIN),
    post("capability_new", (ALL, 200), TO_LOGIN, note="empty"),
    get("capability_edit", ABSENT, ("researcher", 200), TO_LOGIN, pk="capability"),
    post("capability_edit", ABSENT, ("researcher", 200), TO_LOGIN, note="empty", pk="capability"),
    post("capability_publish", ABSENT, ("researcher", 302), TO_LOGIN, pk="hidden"),
    post("capability_confirm", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability"),
    post("capability_places", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability", data={"max_active": "3"}),
    post("capability_hide", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability"),
    post("capability_archive", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability"),
    get("capability_matches", ABSENT, ("researcher", 200), TO_LOGIN, pk="capability"),
    post("evidence_add", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability", data={"item-title": "A new paper", "item-kind": "paper"}),
    post("evidence_import", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability", data={"import-text": "A first paper. 2020.\nA second paper. 2021.", "import-form": "list"}),
    post("evidence_remove", ABSENT, ("researcher", 302), TO_LOGIN, pk="capability", item="item"),
    get("invitation", ABSENT, (FIRM, 200), ("invited", 200), TO_LOGIN, pk="invitation"),
    post("invitation_accept", ABSENT, ("invited", 302), TO_LOGIN, pk="invitation"),
    post("invitation_decline", ABSENT, ("invited", 302), TO_LOGIN, pk="invitation", data={"reason": "no_time", "answer": "No time this year."}),
    post("invitation_withdraw", ABSENT, (ACTING, 302), TO_LOGIN, pk="invitation"),
    get("invitation", ABSENT, (FIRM, 200), ("invited", 200), TO_LOGIN, note="ended", pk="ended"),
]  # fmt: skip

SHOWN = {"since": "2024-09-01", "evidence_url": "https://firm.example/list"}
UNICORN = {"kind": "unicorn", **SHOWN}
PEOPLE = [
    get("welcome", OPEN, TO_LOGIN),
    get("settings", OPEN, TO_LOGIN),
    post("settings", (ALL, 302), TO_LOGIN, data={"name_en": "New", "theme": "system", "language": "en"}),
    get("profile_edit", OPEN, TO_LOGIN),
    post("profile_edit", (ALL, 302), TO_LOGIN, data={"headline_en": "New", "name_en": "New"}),
    get("tokens", OPEN, TO_LOGIN),
    post("tokens", (ALL, 200), TO_LOGIN, data={"name": "key", "scope": "read", "days": "30"}),
    post("token_revoke", ABSENT, ("firm_owner", 302), TO_LOGIN, pk="token"),
    get("notices", OPEN, TO_LOGIN),
    get("notice", ABSENT, ("firm_owner", 302), TO_LOGIN, pk="notice"),
    post("notices_read", (ALL, 302), data={}),
    get("unsubscribe", OPEN, token="unsubscribe"),
    post("unsubscribe", OPEN, token="unsubscribe"),
    get("unsubscribe", ABSENT, note="forged", token="forged"),
    post("unsubscribe", ABSENT, note="forged", token="forged"),
    get("organisation_new", OPEN, TO_LOGIN),
    post("organisation_new", (ALL, 200), TO_LOGIN, note="empty"),
    get("organisation_edit", ABSENT, ("firm_owner", 200), (MODERATORS, 200), TO_LOGIN, pk="organisation"),
    post("organisation_edit", ABSENT, ("firm_owner", 200), (MODERATORS, 200), TO_LOGIN, note="empty", pk="organisation"),
    get("recognition_add", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation"),
    post("recognition_add", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation", data=UNICORN),
    get("recognition_change", ABSENT, ("firm_owner", 200), (MODERATORS, 200), TO_LOGIN, pk="organisation", kind="waiting_kind"),
    post("recognition_change", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation", kind="waiting_kind", data=SHOWN),
    post("recognition_withdraw", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation", kind="waiting_kind"),
    post("organisation_join", (ALL, 302), pk="organisation"),
    post("organisation_leave", ABSENT, (FIRM, 302), TO_LOGIN, pk="organisation"),
    get("member_add", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation"),
    post("member_add", ABSENT, ("firm_owner", 200), (MODERATORS, 200), TO_LOGIN, note="empty", pk="organisation"),
    post("member_role", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation", person="member"),
    post("member_remove", ABSENT, ("firm_owner", 302), (MODERATORS, 302), TO_LOGIN, pk="organisation", person="member"),
]  # fmt: skip

TITLES = {"title_en": "Another title"}
API = [
    get("api_schema", OPEN),
    get("api_docs", OPEN),
    get("api_me", OPEN, NO_KEY),
    patch("api_me", OPEN, NO_KEY, data={"name_en": "New"}),
    post("api_token", (ALL, 400), data={"email": "nobody@firm.example", "password": "wrong"}),
    get("api_notices", OPEN, NO_KEY),
    post("api_notice_read", ABSENT, ("firm_owner", 200), NO_KEY, pk="notice"),
    get("api_organisations", OPEN),
    get("api_organisation", OPEN, pk="organisation"),
    get("api_recognitions", OPEN, pk="organisation"),
    post("api_recognitions", (ALL, 403), ("firm_owner", 201), (MODERATORS, 201), NO_KEY, pk="organisation", data=UNICORN),
    patch("api_recognition", (ALL, 403), ("firm_owner", 200), (MODERATORS, 200), NO_KEY, pk="organisation", kind="waiting_kind", data=SHOWN),
    delete("api_recognition", (ALL, 403), ("firm_owner", 204), (MODERATORS, 204), NO_KEY, pk="organisation", kind="waiting_kind"),
    post("api_recognition_confirm", (ALL, 403), (MODERATORS, 200), NO_KEY, pk="organisation", kind="waiting_kind"),
    post("api_recognition_refuse", (ALL, 403), (MODERATORS, 200), NO_KEY, pk="organisation", kind="waiting_kind", data={"note": "The link is dead."}),
    get("api_challenges", OPEN),
    post("api_challenges", (ALL, 400), (ABLE, 201), NO_KEY, data={"language": "en", "title_en": "A title", "problem_en": "A problem."}),
    get("api_challenge", OPEN, pk="challenge"),
    get("api_challenge", ABSENT, (FIRM, 200), note="draft", pk="draft"),
    get("api_challenge", ABSENT, (FIRM, 200), (MODERATORS, 200), note="submitted", pk="submitted"),
    get("api_challenge", OPEN, note="nameless", pk="nameless"),
    get("api_challenge", ABSENT, (FIRM, 200), (MODERATORS, 200), note="withdrawn", pk="withdrawn"),
    get("api_challenge", ABSENT, (FIRM, 200), note="taken-back", pk="taken_back"),
    patch("api_challenge", ABSENT, (ACTING, 409), ("firm_viewer", 403), NO_KEY, note="taken-back", pk="taken_back", data=TITLES),
    get("api_challenge_matches", ABSENT, (FIRM, 200), NO_KEY, note="taken-back", pk="taken_back"),
    patch("api_challenge", (ALL, 403), (ACTING, 200), NO_KEY, pk="challenge", data=TITLES),
    patch("api_challenge", ABSENT, (ACTING, 200), ("firm_viewer", 403), NO_KEY, note="draft", pk="draft", data=TITLES),
    patch("api_challenge", ABSENT, (ACTING, 409), ("firm_viewer", 403), NO_KEY, note="closed", pk="closed", data=TITLES),
    post("api_challenge_submit", ABSENT, (ACTING, 200), ("firm_viewer", 403), NO_KEY, pk="draft"),
    post("api_challenge_close", (ALL, 403), (ACTING, 200), NO_KEY, pk="challenge"),
    post("api_challenge_withdraw", (ALL, 403), (ACTING, 200), NO_KEY, pk="challenge"),
    post("api_challenge_publish", ABSENT, (MODERATORS, 200), NO_KEY, pk="submitted", data={"seen": "{seen}"}),
    post("api_challenge_ask_changes", ABSENT, (MODERATORS, 200), NO_KEY, pk="submitted", data={"seen": "{seen}", "note": "Name a figure."}),
    post("api_challenge_reject", ABSENT, (MODERATORS, 200), NO_KEY, pk="submitted", data={"seen": "{seen}", "note": "Not a challenge."}),
    get("api_challenge_matches", ABSENT, (FIRM, 200), (MODERATORS, 200), NO_KEY, pk="challenge"),
    get("api_challenge_matches", ABSENT, (FIRM, 200), NO_KEY, note="draft", pk="draft"),
    get("api_capabilities", OPEN),
    post("api_capabilities", (ALL, 201), NO_KEY, data={"language": "en", "title_en": "A title"}),
    get("api_capability", OPEN, pk="capability"),
    get("api_capability", ABSENT, ("researcher", 200), note="draft", pk="hidden"),
    patch("api_capability", (ALL, 403), ("researcher", 200), NO_KEY, pk="capability", data=TITLES),
    patch("api_capability", ABSENT, ("researcher", 200), NO_KEY, note="draft", pk="hidden", data=TITLES),
    post("api_capability_publish", ABSENT, ("researcher", 200), NO_KEY, pk="hidden"),
    post("api_capability_confirm", (ALL, 403), ("researcher", 200), NO_KEY, pk="capability"),
    post("api_capability_hide", (ALL, 403), ("researcher", 200), NO_KEY, pk="capability"),
    post("api_capability_archive", (ALL, 403), ("researcher", 200), NO_KEY, pk="capability"),
    get("api_capability", ABSENT, ("researcher", 200), note="put-away", pk="put_away"),
    get("api_capability", ABSENT, (FIRM, 200), note="draft-of-the-firm", pk="firm_draft"),
    patch("api_capability", (ALL, 403), (ACTING, 200), NO_KEY, note="of-the-firm", pk="firm_capability", data=TITLES),
    patch("api_capability", ABSENT, (ACTING, 200), ("firm_viewer", 403), NO_KEY, note="draft-of-the-firm", pk="firm_draft", data=TITLES),
    get("api_capability_matches", ABSENT, (FIRM, 200), NO_KEY, note="of-the-firm", pk="firm_capability"),
    get("api_evidence", OPEN, pk="capability"),
    post("api_evidence", (ALL, 403), ("researcher", 201), NO_KEY, pk="capability", data={"kind": "paper", "title_en": "A new paper"}),
    post("api_evidence_import", (ALL, 403), ("researcher", 200), NO_KEY, pk="capability", data={"text": "A first paper. 2020.", "form": "list"}),
    delete("api_evidence_item", (ALL, 403), ("researcher", 204), NO_KEY, pk="capability", item="item"),
    get("api_capability_matches", ABSENT, ("researcher", 200), NO_KEY, pk="capability"),
    post("api_previews", OPEN, data={"text": "电池极片缺陷检测"}),
    get("api_preview", ABSENT, pk="preview"),
    get("api_invitations", OPEN, NO_KEY),
    post("api_invitations", (ALL, 403), (ACTING, 201), NO_KEY, data={"challenge": "<challenge>", "capability": "<capability>"}),
    post("api_invitation_accept", ABSENT, ("invited", 200), (FIRM, 403), NO_KEY, pk="invitation"),
    post("api_invitation_decline", ABSENT, ("invited", 200), (FIRM, 403), NO_KEY, pk="invitation", data={"reason": "no_time", "answer": "No time."}),
    post("api_invitation_withdraw", ABSENT, (ACTING, 200), ("firm_viewer", 403), ("invited", 403), NO_KEY, pk="invitation"),
    post("api_invitation_accept", ABSENT, ("invited", 409), (FIRM, 403), NO_KEY, note="ended", pk="ended"),
    post("api_invitation_withdraw", ABSENT, (ACTING, 409), ("firm_viewer", 403), ("invited", 403), NO_KEY, note="ended", pk="ended"),
    get("api_archive", OPEN),
    get("api_archive_record", OPEN, pk="record"),
    get("api_archive_matches", OPEN, pk="posted_record"),
]  # fmt: skip

TABLE = [*PUBLIC_PAGES, *DESK, *PEOPLE, *API]
NO_TOKEN_NEEDED = {"api_token", "api_previews", "unsubscribe"}
"""Deeds without a session's rights: they answer anyone, and change nothing of anybody's but what a signed address allows."""
