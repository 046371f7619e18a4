"""Fixed lists about challenges, capabilities and matches."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContentLanguage(models.TextChoices):
    """The language a text was first written in. Traditional Chinese is stored as written, under Chinese."""

    ZH = "zh", _("Chinese")
    EN = "en", _("English")


class Script(models.TextChoices):
    """How Chinese text was written."""

    HANS = "hans", _("Simplified")
    HANT = "hant", _("Traditional")


class Domain(models.TextChoices):
    """Fields of technology, coarse enough to browse by."""

    INSPECTION = "inspection", _("Inspection and measurement")
    MATERIALS = "materials", _("Materials")
    ENERGY = "energy", _("Energy")
    AI_SOFTWARE = "ai_software", _("AI and software")
    COMPUTING = "computing", _("Computing and quantum")
    OPTICS = "optics", _("Optics and imaging")
    ROBOTICS = "robotics", _("Robotics and automation")
    ELECTRONICS = "electronics", _("Electronics and chips")
    BIOMEDICAL = "biomedical", _("Biomedical")
    TRANSPORT_LOGISTICS = "transport_logistics", _("Transport and logistics")
    ENVIRONMENT = "environment", _("Environment")
    EDUCATION_SERVICES = "education_services", _("Education and services")


class FundingMode(models.TextChoices):
    """Who pays."""

    FIRM = "firm", _("The firm")
    VOUCHER = "voucher", _("Innovation voucher")
    AWARD = "award", _("Open-bid award")
    JOINT = "joint", _("Joint funding")


class CooperationMode(models.TextChoices):
    """Ways to work together."""

    COMMISSIONED = "commissioned", _("Commissioned development")
    JOINT_DEVELOPMENT = "joint_development", _("Joint development")
    LICENCE = "licence", _("Licence")
    ASSIGNMENT = "assignment", _("Transfer of rights")
    CONSULTING = "consulting", _("Consulting")
    SERVICE = "service", _("Service")
    JOINT_LAB = "joint_lab", _("Joint laboratory")
    STUDENTS = "students", _("Students and postdocs")
    INSTRUMENT_SHARING = "instrument_sharing", _("Shared instruments")


class IpPreference(models.TextChoices):
    """Wishes for intellectual property: a ladder from publishing freely to the firm owning all."""

    OPEN = "open", _("Publish freely")
    RESEARCHER_OWNS = "researcher_owns", _("Researcher's side owns, firm may use")
    JOINT = "joint", _("Joint ownership")
    FIRM_EXCLUSIVE = "firm_exclusive", _("Researcher's side owns, exclusive licence for the firm")
    FIRM_OWNS = "firm_owns", _("Firm owns all")
    NEGOTIABLE = "negotiable", _("Open to talks")


class ConfidentialityTier(models.TextChoices):
    """Who may read the confidential part."""

    PUBLIC = "public", _("Nothing is confidential")
    REGISTERED = "registered", _("Registered and verified people")
    INVITED = "invited", _("People the firm invites")
    NDA = "nda", _("Only after a non-disclosure agreement")


class Currency(models.TextChoices):
    """Currencies a budget can be named in."""

    CNY = "CNY", _("CNY")
    HKD = "HKD", _("HKD")
    MOP = "MOP", _("MOP")
    USD = "USD", _("USD")
    EUR = "EUR", _("EUR")


CNY_PER = {"CNY": 1.0, "HKD": 0.92, "MOP": 0.89, "USD": 7.2, "EUR": 7.8}
"""Rounded rates used only to put budgets into bands and to compare them; amounts are shown as they were typed."""


class BudgetBand(models.TextChoices):
    """Bands of the upper budget, in CNY."""

    UP_TO_300K = "to-300k", _("up to 0.3 million CNY")
    TO_1M = "300k-1m", _("0.3–1 million CNY")
    TO_3M = "1m-3m", _("1–3 million CNY")
    TO_10M = "3m-10m", _("3–10 million CNY")
    OVER_10M = "over-10m", _("over 10 million CNY")

    @classmethod
    def of(cls, amount: float) -> "BudgetBand":
        """Returns the band of an amount in CNY."""
        for band, top in zip(cls, (300_000, 1_000_000, 3_000_000, 10_000_000), strict=False):
            if amount <= top:
                return band
        return cls.OVER_10M


class Readiness(models.IntegerChoices):
    """Technology readiness levels, after ISO 16290 and GB/T 22900."""

    TRL1 = 1, _("1 · Basic principle observed")
    TRL2 = 2, _("2 · Concept formulated")
    TRL3 = 3, _("3 · Concept proved by experiment")
    TRL4 = 4, _("4 · Works in the laboratory")
    TRL5 = 5, _("5 · Works in a relevant environment")
    TRL6 = 6, _("6 · Prototype shown in a relevant environment")
    TRL7 = 7, _("7 · Prototype shown in operation")
    TRL8 = 8, _("8 · Complete and qualified")
    TRL9 = 9, _("9 · Proven in operation")


class Rating(models.IntegerChoices):
    """The five points of the question on understanding."""

    ONE = 1, _("1 · Not important")
    TWO = 2, _("2 · Slightly important")
    THREE = 3, _("3 · Fairly important")
    FOUR = 4, _("4 · Important")
    FIVE = 5, _("5 · Very important")


class Urgency(models.IntegerChoices):
    """The five points of the question on use, with the same values as those on understanding."""

    ONE = 1, _("1 · Use is not the aim")
    TWO = 2, _("2 · In five years or later")
    THREE = 3, _("3 · In two to five years")
    FOUR = 4, _("4 · Within two years")
    FIVE = 5, _("5 · Within a year")


class CapabilityKind(models.TextChoices):
    """What is offered."""

    RESEARCH = "research", _("Research")
    TECHNOLOGY = "technology", _("Technology")
    SERVICE = "service", _("Service or tool")
    FACILITY = "facility", _("Facility")


class EvidenceKind(models.TextChoices):
    """What stands behind a capability."""

    PAPER = "paper", pgettext_lazy("evidence", "Paper")
    PATENT = "patent", _("Patent")
    PROJECT = "project", _("Project")
    PROTOTYPE = "prototype", _("Prototype")
    PILOT = "pilot", _("Pilot")
    FACILITY = "facility", _("Facility")
    DATASET = "dataset", _("Data set")
    CUSTOMER = "customer", _("Customer")


class IpStatus(models.TextChoices):
    """How a capability is protected."""

    NONE = "none", _("None")
    KNOW_HOW = "know_how", _("Know-how")
    FILED = "filed", _("Patent filed")
    GRANTED = "granted", _("Patent granted")


class PublicationNeed(models.TextChoices):
    """Whether the researcher must publish."""

    REQUIRED = "required", _("Must be able to publish")
    PREFERRED = "preferred", _("Would like to publish")
    NONE = "none", _("Need not publish")


class PairKind(models.TextChoices):
    """Which two kinds of party a pair brings together; a pair may be of several."""

    INDUSTRY_ACADEMIA = "industry_academia", _("Industry × academia")
    TECHNOLOGY_TRADITIONAL = "technology_traditional", _("Technology × traditional industry")
    TECHNOLOGY_TECHNOLOGY = "technology_technology", _("Technology × technology")
    LARGE_SMALL = "large_small", _("Large × small firm")


class Band(models.TextChoices):
    """How well a pair matches, in words."""

    STRONG = "strong", pgettext_lazy("match band", "Strong match")
    POSSIBLE = "possible", pgettext_lazy("match band", "Possible match")
    WEAK = "weak", pgettext_lazy("match band", "Weak match")


class Quadrant(models.TextChoices):
    """Pasteur's quadrant and its neighbours."""

    PASTEUR = "pasteur", pgettext_lazy("quadrant", "Pasteur")
    BOHR = "bohr", pgettext_lazy("quadrant", "Bohr")
    EDISON = "edison", pgettext_lazy("quadrant", "Edison")
    FOURTH = "fourth", pgettext_lazy("quadrant", "Unnamed")


class DeclineReason(models.TextChoices):
    """Why an invitation is declined; a sentence goes with it."""

    NO_TIME = "no_time", _("No time at present")
    OTHER_FIELD = "other_field", _("Not my field")
    TOO_EARLY = "too_early", _("Too early for us")
    TERMS = "terms", _("The terms do not fit")
    CONFLICT = "conflict", _("Conflict of interest")
    UNCLEAR = "unclear", _("The problem is not clear enough")
    OTHER = "other", _("Another reason")


class ArchiveKind(models.TextChoices):
    """Sides of the archive of published records."""

    RESEARCH = "research", _("Published research")
    CHALLENGE = "challenge", _("Posted challenge")


class Collection(models.TextChoices):
    """The indexes that are kept."""

    CAPABILITIES = "capabilities", _("Capabilities")
    CHALLENGES = "challenges", _("Challenges")
    ARCHIVE_RESEARCH = "archive_research", _("Archived research")


class PreviewScope(models.TextChoices):
    """What a pasted problem is asked of."""

    CAPABILITIES = "capabilities", _("Capabilities on this site")
    ARCHIVE = "archive", _("Published research in the archive")


# Kinds of jobs; also the names of their tasks

MATCH_CHALLENGE = "projects.match_challenge"
MATCH_CAPABILITY = "projects.match_capability"
MATCH_ARCHIVE = "projects.match_archive"
PREVIEW = "projects.preview"
REMATCH = "projects.rematch_all"
