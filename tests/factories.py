"""Real rows for tests. Each factory makes something whole and valid; tests name only what they are about."""

from datetime import date, timedelta
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.choices import MembershipRole, OrganisationKind
from accounts.models import Membership, Organisation, OrganisationLabel, Place, ResearcherProfile, User
from projects.models import (
    ArchiveRecord,
    ArchiveSource,
    Capability,
    Challenge,
    ConfidentialText,
    EvidenceItem,
    Invitation,
    Match,
)
from projects.states import CapabilityState, ChallengeState


class PlaceFactory(DjangoModelFactory):
    """Shenzhen, unless another is named."""

    key = "shenzhen"
    name_zh = "深圳"
    name_hant = "深圳"
    name_en = "Shenzhen"
    province_en = "Guangdong"
    country = "CN"

    class Meta:
        model = Place
        django_get_or_create = ("key",)


class UserFactory(DjangoModelFactory):
    """A person with a confirmed address and the password ``a-good-password``."""

    email = factory.Sequence(lambda number: f"person{number}@firm.example")
    name_en = factory.Sequence(lambda number: f"Person {number}")
    name_zh = factory.Sequence(lambda number: f"人员{number}")

    class Meta:
        model = User
        skip_postgeneration_save = True

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        user = User.objects.create_user(password=kwargs.pop("password", "a-good-password"), **kwargs)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class OrganisationFactory(DjangoModelFactory):
    """A trusted company in Shenzhen."""

    kind = OrganisationKind.COMPANY
    name_en = factory.Sequence(lambda number: f"Firm {number} Ltd")
    name_zh = factory.Sequence(lambda number: f"公司{number}")
    city = factory.SubFactory(PlaceFactory)
    size = "large"
    tech = "technology"
    industry = "C38"
    trusted = True

    class Meta:
        model = Organisation


class UniversityFactory(OrganisationFactory):
    """A university in Guangzhou."""

    kind = OrganisationKind.UNIVERSITY
    name_en = factory.Sequence(lambda number: f"University {number}")
    name_zh = factory.Sequence(lambda number: f"大学{number}")
    city = factory.SubFactory(PlaceFactory, key="guangzhou", name_zh="广州", name_hant="廣州", name_en="Guangzhou")
    size = ""
    tech = ""
    industry = ""


class MembershipFactory(DjangoModelFactory):
    """An owner of an organisation."""

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = MembershipRole.OWNER

    class Meta:
        model = Membership


class RecognitionFactory(DjangoModelFactory):
    """A recognition that a moderator has confirmed."""

    organisation = factory.SubFactory(OrganisationFactory)
    kind = "little_giant"
    since = date(2024, 6, 1)
    evidence_url = "https://list.example/2024"
    state = "confirmed"
    decided_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = OrganisationLabel


class ChallengeFactory(DjangoModelFactory):
    """A published challenge about electrode inspection, with its author an owner of the firm."""

    organisation = factory.SubFactory(OrganisationFactory)
    author = factory.LazyAttribute(lambda made: MembershipFactory(organisation=made.organisation).user)
    state = ChallengeState.PUBLISHED
    language = "zh"
    title_zh = "电池极片涂布缺陷在线检测"
    title_en = "In-line inspection of battery electrode coating"
    summary_zh = "极片在高速涂布中出现漏涂和划痕，人工抽检漏检率高。"
    summary_en = "Coated foils show missing coating and scratches that sampling by hand misses."
    problem_zh = "涂布速度每分钟八十米，缺陷最小零点一毫米，需要机器视觉在线识别缺陷。"
    problem_en = "At 80 m/min the smallest defect is 0.1 mm; machine vision must find it in line."
    understanding_sought_zh = "缺陷形成的机理。"
    use_context_zh = "涂布产线，每班使用。"
    baseline_metrics = [{"name_zh": "检测时间", "name_en": "inspection time", "unit": "min", "value": 240.0}]
    target_metrics = [{"name_zh": "检测时间", "name_en": "inspection time", "unit": "min", "value": 5.0, "must": True}]
    industry = "C38"
    technology_domain = "inspection"
    trl_current = 3
    trl_target = 7
    budget_min = 300000
    budget_max = 800000
    budget_band = "300k-1m"
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    ip_preference = "joint"
    confidentiality_tier = "nda"
    languages = ["zh", "en"]
    understanding_rating = 4
    use_rating = 5
    published_at = factory.LazyFunction(timezone.now)
    submitted_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Challenge


class DraftFactory(ChallengeFactory):
    """A challenge that nobody outside the firm knows of."""

    state = ChallengeState.DRAFT
    published_at = None
    submitted_at = None


class ConfidentialTextFactory(DjangoModelFactory):
    """Confidential words that must never appear where they do not belong."""

    challenge = factory.SubFactory(ChallengeFactory)
    confidential_background = "canary-background-7c1 绝密浆料配方"
    confidential_problem = "canary-problem-9d2 某型号隔膜"
    confidential_data = "canary-data-4e8"

    class Meta:
        model = ConfidentialText


class CapabilityFactory(DjangoModelFactory):
    """A published capability of a professor."""

    organisation = factory.SubFactory(UniversityFactory)
    owner = factory.LazyAttribute(lambda made: MembershipFactory(organisation=made.organisation).user)
    state = CapabilityState.PUBLISHED
    language = "zh"
    title_zh = "电池极片表面缺陷的机器视觉检测"
    title_en = "Machine vision for surface defects of battery electrodes"
    summary_zh = "面向极片涂布的小样本缺陷检测方法。"
    summary_en = "Few-shot defect inspection for electrode coating lines."
    what_it_enables_zh = "在高速产线上识别漏涂、划痕等缺陷。"
    methods_zh = "机器视觉，深度学习，图像分割"
    keywords_zh = ["缺陷检测", "机器视觉"]
    trl = 5
    ip_preference = "joint"
    languages = ["zh", "en"]
    wanted_modes = ["joint_development"]
    max_active = 2
    last_confirmed = factory.LazyFunction(timezone.localdate)
    published_at = factory.LazyFunction(timezone.now)

    class Meta:
        model = Capability


class CapabilityDraftFactory(CapabilityFactory):
    """A capability that nobody but its owner knows of."""

    state = CapabilityState.DRAFT
    published_at = None
    last_confirmed = None


class EvidenceFactory(DjangoModelFactory):
    """A paper behind a capability."""

    capability = factory.SubFactory(CapabilityFactory)
    kind = "paper"
    title_en = factory.Sequence(lambda number: f"Learning to see electrode coating defects, part {number}")
    summary_en = "A method for few samples."
    year = 2024
    fingerprint = factory.Sequence(lambda number: f"{number:064d}")
    position = factory.Sequence(lambda number: number)

    class Meta:
        model = EvidenceItem


def placement(understanding: float = 0.7, use: float = 0.8, quadrant: str = "pasteur") -> dict[str, Any]:
    """A point as the engine stores it."""
    return {
        "understanding": understanding,
        "use": use,
        "understanding_sd": 0.1,
        "use_sd": 0.1,
        "quadrant": quadrant,
        "abstained": False,
        "source": "text",
        "cues": [{"axis": "use", "term": "产线", "weight": 0.4}],
    }


def match_detail(challenge: Challenge, capability: Capability) -> dict[str, Any]:
    """The engine's answer for a pair, with reasons that stand in the factories' texts."""
    return {
        "challenge": str(challenge.pk),
        "capability": str(capability.pk),
        "score": 0.71,
        "relevance": 0.64,
        "parts": [
            {"name": "relevance", "value": 0.64, "weight": 0.6, "share": -0.27},
            {"name": "pasteur_fit", "value": 0.8, "weight": 0.15, "share": -0.03},
            {"name": "complement", "value": 0.5, "weight": 0.0, "share": 0.0},
            {"name": "feasibility", "value": 0.9, "weight": 0.2, "share": -0.02},
        ],
        "reasons": [
            {
                "term": "极片",
                "share": 0.4,
                "evidence": "",
                "contribution": 0.2,
                "in_challenge": {"field": "title_zh", "start": 2, "end": 4},
                "in_capability": {"field": "title_zh", "start": 2, "end": 4},
                "pair": None,
            },
            {
                "term": "机器视觉",
                "share": 0.3,
                "evidence": "",
                "contribution": 0.15,
                "in_challenge": {"field": "problem_zh", "start": 23, "end": 27},
                "in_capability": {"field": "title_en", "start": 0, "end": 14},
                "pair": ["机器视觉", "Machine vision"],
            },
        ],
        "evidence_shares": [{"key": "", "share": 1.0}],
        "rows": [
            {"code": "trl_gap", "level": "fair", "values": {"gap": 2, "wanted": 7, "offered": 5}},
            {"code": "languages", "level": "good", "values": {"shared": ["zh", "en"]}},
        ],
        "blockers": [],
        "gates": [],
        "band": "strong",
        "joint": placement(),
        "challenge_placement": placement(0.6, 0.8),
        "capability_placement": placement(0.7, 0.5),
        "theory_from": "capability",
        "use_from": "challenge",
    }


class MatchFactory(DjangoModelFactory):
    """A stored strong match."""

    challenge = factory.SubFactory(ChallengeFactory)
    capability = factory.SubFactory(CapabilityFactory)
    model_version = "test-1"
    score = 0.71
    relevance = 0.64
    aim_score = 5.71
    band = "strong"
    understanding = 0.7
    use = 0.8
    quadrant = "pasteur"
    parts = factory.LazyAttribute(lambda made: [["relevance", 0.64, 0.6]])
    detail = factory.LazyAttribute(lambda made: match_detail(made.challenge, made.capability))

    class Meta:
        model = Match


class InvitationFactory(DjangoModelFactory):
    """An invitation that waits for an answer."""

    challenge = factory.SubFactory(ChallengeFactory)
    capability = factory.SubFactory(CapabilityFactory)
    sent_by = factory.LazyAttribute(lambda made: made.challenge.author)
    message = "Shall we talk?"
    answer_by = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))

    class Meta:
        model = Invitation


class ProfileFactory(DjangoModelFactory):
    """A researcher's public page."""

    user = factory.SubFactory(UserFactory)
    headline_zh = "机器视觉教授"
    headline_en = "Professor of machine vision"

    class Meta:
        model = ResearcherProfile


class ArchiveSourceFactory(DjangoModelFactory):
    """A collection of published records."""

    collection = "ref2014"
    title_en = "Impact case studies"
    title_zh = "影响力案例"
    licence = "CC BY 4.0"

    class Meta:
        model = ArchiveSource
        django_get_or_create = ("collection",)


class ArchiveRecordFactory(DjangoModelFactory):
    """A published piece of research."""

    key = factory.Sequence(lambda number: f"record-{number}")
    kind = "research"
    source = factory.SubFactory(ArchiveSourceFactory)
    language = "en"
    title_en = "Ultrasonic imaging of composite structures"
    text_en = "Phased array ultrasonic imaging finds delamination in composite wing panels."
    institution_en = "A university"
    year = 2014
    licence = "CC BY 4.0"

    class Meta:
        model = ArchiveRecord
