"""One firm, one laboratory, everyone who may look at them, and everything there is to look at."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from accounts.choices import LabelKind, MembershipRole
from accounts.models import Notice, OrganisationLabel, User
from accounts.services.activity import record
from accounts.services.tokens import make_token
from accounts.services.unsubscribing import token_for
from matchmaker.queueing.models import Heartbeat, Job, JobState
from projects.models import ArchiveClaim
from projects.states import CapabilityState, ChallengeState
from tests.factories import (
    ArchiveRecordFactory,
    CapabilityDraftFactory,
    CapabilityFactory,
    ChallengeFactory,
    ConfidentialTextFactory,
    DraftFactory,
    EvidenceFactory,
    InvitationFactory,
    MatchFactory,
    MembershipFactory,
    OrganisationFactory,
    ProfileFactory,
    UserFactory,
)

ROLES = (
    "anonymous",
    "outsider",
    "researcher",
    "colleague",
    "firm_owner",
    "firm_member",
    "firm_viewer",
    "invited",
    "bridge",
    "moderator",
    "superuser",
)
"""Who looks. The researcher owns the capability, the colleague is of the same university, the invited owns another one."""


@dataclass
class World:
    """The people by role, and the ids that addresses need."""

    people: dict[str, User | None]
    ids: dict[str, Any]

    def client(self, role: str) -> Client:
        """A browser with this person signed in."""
        client = Client()
        person = self.people[role]
        if person is not None:
            client.force_login(person)
        return client


def build() -> World:
    """Makes all of it."""
    firm = OrganisationFactory()
    owner = MembershipFactory(organisation=firm).user
    member = MembershipFactory(organisation=firm, role=MembershipRole.MEMBER).user
    viewer = MembershipFactory(organisation=firm, role=MembershipRole.VIEWER).user
    capability = CapabilityFactory()
    researcher = capability.owner
    colleague = MembershipFactory(organisation=capability.organisation).user
    other = CapabilityFactory()
    ProfileFactory(user=researcher)
    people = {
        "anonymous": None,
        "outsider": MembershipFactory().user,
        "researcher": researcher,
        "colleague": colleague,
        "firm_owner": owner,
        "firm_member": member,
        "firm_viewer": viewer,
        "invited": other.owner,
        "bridge": UserFactory(is_bridge=True),
        "moderator": UserFactory(is_moderator=True, is_staff=True),
        "superuser": UserFactory(is_staff=True, is_superuser=True),
    }
    challenge = ChallengeFactory(organisation=firm, author=owner)
    ConfidentialTextFactory(challenge=challenge)
    nameless = ChallengeFactory(organisation=firm, author=owner, anonymous=True)
    MatchFactory(challenge=nameless, capability=capability)
    submitted = ChallengeFactory(organisation=firm, author=owner, state=ChallengeState.SUBMITTED, published_at=None)
    archived = ArchiveRecordFactory()
    ids = {
        "challenge": challenge.pk,
        "draft": DraftFactory(organisation=firm, author=owner).pk,
        "submitted": submitted.pk,
        "seen": submitted.fingerprint,
        "closed": ChallengeFactory(organisation=firm, author=owner, state=ChallengeState.CLOSED).pk,
        "capability": capability.pk,
        "hidden": CapabilityDraftFactory(owner=researcher, organisation=capability.organisation).pk,
        "put_away": CapabilityDraftFactory(
            owner=researcher, organisation=capability.organisation, state=CapabilityState.ARCHIVED
        ).pk,
        "firm_capability": CapabilityFactory(owner=owner, organisation=firm, for_organisation=True).pk,
        "firm_draft": CapabilityDraftFactory(owner=owner, organisation=firm, for_organisation=True).pk,
        "nameless": nameless.pk,
        "nameless_part": ChallengeFactory(organisation=firm, author=owner, parent_challenge=nameless).pk,
        "withdrawn": ChallengeFactory(organisation=firm, author=owner, state=ChallengeState.WITHDRAWN).pk,
        "taken_back": DraftFactory(organisation=firm, author=owner, state=ChallengeState.WITHDRAWN).pk,
        "ended": InvitationFactory(challenge=challenge, capability=other, sent_by=owner, state="ended").pk,
        "item": EvidenceFactory(capability=capability).pk,
        "match": MatchFactory(challenge=challenge, capability=capability).pk,
        "invitation": InvitationFactory(challenge=challenge, capability=other, sent_by=owner).pk,
        "organisation": firm.pk,
        "person": researcher.pk,
        "member": member.pk,
        "record": archived.pk,
        "posted_record": ArchiveRecordFactory(kind="challenge").pk,
        "preview": _preview().pk,
        "notice": _notice(owner).pk,
        "unsubscribe": token_for(_notice(researcher)),
        "forged": f"{researcher.pk.hex}:invitation:made-up",
        "token": make_token(owner, name="key")[0].pk,
        "claim": ArchiveClaim.objects.create(record=archived, user=researcher, message="This is my own work.").pk,
        "job": Job.objects.create(kind="queueing.sweep", state=JobState.DEAD, error="RuntimeError: x").pk,
        "activity": record(owner, "posted", challenge, organisation=firm).pk,
        "app": "projects",
        "nothing": "0",
        "label": OrganisationLabel.objects.create(
            organisation=firm,
            kind=LabelKind.LITTLE_GIANT,
            since=date(2024, 9, 1),
            evidence_url="https://firm.example/giant",
        ).pk,
        "waiting_kind": LabelKind.LITTLE_GIANT.value,
        "heartbeat": Heartbeat.objects.create(name="worker").pk,
    }
    return World(people, ids)


def _preview() -> Any:
    """A text that somebody else pasted."""
    from projects.models import Preview

    return Preview.objects.create(visitor="visitor:someone", text="电池极片缺陷", state="ready")


def _notice(person: User) -> Notice:
    """What one person was told."""
    return Notice.objects.create(
        recipient=person,
        event_key="access",
        channel="in_app",
        kind="challenge_published",
        data={"title_en": "A challenge"},
        path="dashboard/",
    )
