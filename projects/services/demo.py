"""Loads the demo: fictional organisations and people, their challenges and capabilities, through the same deeds as the pages."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from accounts.choices import MembershipRole, RecognitionState, VerifiedBy
from accounts.models import Membership, Organisation, OrganisationLabel, User
from accounts.services.people import make_person
from accounts.services.places import write_down_cities
from accounts.services.profiles import edit_profile
from accounts.services.recognitions import name_recognition
from projects.models import ArchiveRecord, Capability, Challenge
from projects.services.archive import claim_record
from projects.services.capabilities import EDITABLE as CAPABILITY_FIELDS
from projects.services.capabilities import post_capability, publish_capability
from projects.services.challenges import EDITABLE as CHALLENGE_FIELDS
from projects.services.challenges import post_challenge
from projects.services.evidence import EDITABLE as EVIDENCE_FIELDS
from projects.services.evidence import replace_evidence
from projects.services.moderation import publish_challenge, submit_challenge
from projects.states import ChallengeState

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo"
PASSWORD = "demo"  # noqa: S105  (printed by ./run demo, refused on a public host)
MODERATOR = "moderator@demo.example"
ACCOUNTS = ("firm@demo.example", "professor@demo.example", "bridge@demo.example", MODERATOR, "newfirm@demo.example")
RENAMED = {"publication_delay_days": "publication_policy", "ip_stance": "ip_preference"}

Step = Callable[[str, int, int], None]


def load_demo(step: Step = lambda _what, _done, _total: None, folder: Path = FOLDER) -> dict[str, int]:
    """Loads what is not there yet, and says how much there is. Safe to repeat."""
    if not settings.DEMO:
        raise ImproperlyConfigured("The demo opens accounts with a known password. Set MATCHMAKER_DEMO=1 to load it.")
    write_down_cities()
    organisations = _load_organisations(folder)
    people = _load_people(folder, organisations)
    moderator = make_person(
        email=MODERATOR, password=PASSWORD, name_zh="审核员", name_en="Demo moderator", is_moderator=True, is_staff=True
    )
    capabilities = list(records(folder, "capabilities"))
    for done, values in enumerate(capabilities, 1):
        _load_capability(values, organisations, people)
        step("capabilities", done, len(capabilities))
    challenges = list(records(folder, "challenges"))
    for done, values in enumerate(challenges, 1):
        _load_challenge(values, organisations, people, moderator)
        step("challenges", done, len(challenges))
    return {"organisations": len(organisations), "capabilities": len(capabilities), "challenges": len(challenges)}


def load_waiting(folder: Path = FOLDER) -> bool:
    """Hands in what waits for the demo's moderator: a challenge, a recognition, and a claim to an archived record that is
    loaded already. Once only: what a moderator has decided stays decided."""
    if not settings.DEMO:
        raise ImproperlyConfigured("What waits belongs to the demo. Set MATCHMAKER_DEMO=1 to load it.")
    values = json.loads((folder / "waiting.json").read_text(encoding="utf-8"))
    asked, named, claimed = values["challenge"], values["recognition"], values["claim"]
    if _is_there(Challenge, asked):
        return False
    organisations = {values["key"]: values for values in records(folder, "organisations")}
    emails = {values["key"]: values["email"] for values in records(folder, "people")}
    firm = Organisation.objects.get(name_zh=organisations[asked["organisation"]]["name_zh"], fictional=True)
    people = {key: User.objects.get(email=emails[key]) for key in {asked["author"], named["by"], claimed["by"]}}
    with transaction.atomic():
        _hand_in(asked, firm, people[asked["author"]])
        name_recognition(
            firm,
            by=people[named["by"]],
            kind=named["kind"],
            since=date.fromisoformat(named["since"]),
            evidence_url=named["evidence_url"],
        )
        record = ArchiveRecord.objects.get(key=claimed["record"])
        claim_record(record, by=people[claimed["by"]], message=claimed["message"])
    return True


def records(folder: Path, noun: str) -> Iterator[dict[str, Any]]:
    """The records of one noun over all groups, in a fixed order."""
    for path in sorted(folder.glob(f"{noun}_*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))


def _load_organisations(folder: Path) -> dict[str, Organisation]:
    """Makes each organisation once, verified by a moderator as demo organisations are."""
    made = {}
    plain = ("kind", "name_zh", "name_en", "description_zh", "description_en", "size", "tech", "industry", "domain")
    for values in records(folder, "organisations"):
        trusted = bool(values.get("trusted"))
        organisation, new = Organisation.objects.get_or_create(
            name_zh=values["name_zh"],
            name_en=values["name_en"],
            defaults={name: values.get(name) or "" for name in plain}
            | {"city_id": values["city"], "trusted": trusted, "fictional": True}
            | (
                {"verified_at": timezone.now(), "verified_how": VerifiedBy.MODERATOR}
                if trusted or values["kind"] != "company"
                else {}
            ),
        )
        if new:
            OrganisationLabel.objects.bulk_create(
                OrganisationLabel(
                    organisation=organisation,
                    kind=label["kind"],
                    since=label.get("on"),
                    state=RecognitionState.CONFIRMED,
                    decided_at=timezone.now(),
                )
                for label in values.get("labels", ())
            )
        made[values["key"]] = organisation
    return made


def _load_people(folder: Path, organisations: Mapping[str, Organisation]) -> dict[str, User]:
    """Makes each person once; only the printed demo accounts can sign in."""
    made = {}
    for values in records(folder, "people"):
        known = values["email"] in ACCOUNTS
        user = make_person(
            email=values["email"],
            password=PASSWORD if known else None,
            name_zh=values["name_zh"],
            name_en=values["name_en"],
            is_bridge=values["role"] == "bridge",
        )
        if values.get("organisation"):
            Membership.objects.get_or_create(
                user=user, organisation=organisations[values["organisation"]], defaults={"role": MembershipRole.OWNER}
            )
        if values["role"] != "firm" and not hasattr(user, "profile"):
            edit_profile(
                user,
                headline_zh=values.get("headline_zh", ""),
                headline_en=values.get("headline_en", ""),
                languages=values.get("languages", []),
            )
        made[values["key"]] = user
    return made


def _load_capability(
    values: dict[str, Any], organisations: Mapping[str, Organisation], people: Mapping[str, User]
) -> None:
    """Posts and publishes one capability."""
    organisation = organisations[values["organisation"]]
    if _is_there(Capability, values):
        return
    owner = people.get(values.get("owner") or "")
    for_organisation = owner is None
    if owner is None:
        owner = _somebody_of(organisation)
    with transaction.atomic():
        capability = post_capability(
            owner=owner,
            organisation=organisation,
            for_organisation=for_organisation,
            values=_fields(values, CAPABILITY_FIELDS),
        )
        evidence = [
            {name: item[name] for name in EVIDENCE_FIELDS if item.get(name)} for item in values.get("evidence", ())
        ]
        replace_evidence(capability, by=owner, rows=evidence)
        publish_capability(capability, by=owner)


def _load_challenge(
    values: dict[str, Any], organisations: Mapping[str, Organisation], people: Mapping[str, User], moderator: User
) -> None:
    """Posts one challenge, submits it, and has the moderator publish what is not published at once."""
    if _is_there(Challenge, values):
        return
    with transaction.atomic():
        challenge = _hand_in(values, organisations[values["organisation"]], people[values["author"]])
        if challenge.state == ChallengeState.SUBMITTED:
            publish_challenge(challenge, by=moderator, seen=challenge.fingerprint)


def _hand_in(values: dict[str, Any], organisation: Organisation, author: User) -> Challenge:
    """Posts and submits one challenge, with its dates counted from today."""
    today = timezone.localdate()
    fields = _fields(values, CHALLENGE_FIELDS)
    fields["answer_by"] = today + timedelta(days=values["answer_in_days"])
    fields["deadline"] = today + timedelta(days=values["deadline_in_days"])
    bottleneck = values.get("bottleneck") or {}
    if bottleneck:
        fields |= {
            "is_bottleneck": True,
            "bottleneck_public": bool(bottleneck.get("public")),
            "imported_today": bottleneck.get("imported_today", ""),
            "substitute_sought": bottleneck.get("substitute_sought", ""),
        }
    challenge = post_challenge(
        author=author, organisation=organisation, values=fields, confidential=values.get("confidential") or {}
    )
    return submit_challenge(challenge, by=author)


def _is_there(model: type[Challenge] | type[Capability], values: Mapping[str, Any]) -> bool:
    """True for what was loaded before, known by its titles."""
    return model.objects.filter(title_zh=values["title_zh"], title_en=values["title_en"]).exists()


def _fields(values: Mapping[str, Any], editable: tuple[str, ...]) -> dict[str, Any]:
    """The values that the service takes, under its names."""
    named = {RENAMED.get(name, name): value for name, value in values.items()}
    return {name: named[name] for name in editable if named.get(name) is not None}


def _somebody_of(organisation: Organisation) -> User:
    """A person of the organisation, or one made for it, to whom notices go."""
    membership = organisation.memberships.select_related("user").order_by("since").first()
    if membership is not None:
        return membership.user
    user = make_person(
        email=f"contact@{organisation.domain}",
        name_zh=f"{organisation.name_zh}联系人",
        name_en=f"Contact of {organisation.name_en}",
    )
    Membership.objects.create(user=user, organisation=organisation, role=MembershipRole.OWNER)
    return user
