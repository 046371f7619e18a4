"""Fixed lists about people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BAY_CITIES = (
    "hong-kong",
    "macao",
    "guangzhou",
    "shenzhen",
    "zhuhai",
    "foshan",
    "huizhou",
    "dongguan",
    "zhongshan",
    "jiangmen",
    "zhaoqing",
)


MUNICIPALITIES = ("beijing", "shanghai", "tianjin", "chongqing")
"""Cities that are a province of their own."""


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    COMPANY = "company", _("Company")
    UNIVERSITY = "university", _("University")
    INSTITUTE = "institute", _("Research institute")
    INCUBATOR = "incubator", _("Incubator")


class Size(models.TextChoices):
    """How large a firm is, by the national classification of small and medium firms."""

    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class Tech(models.TextChoices):
    """Whether a firm lives from technology or from a traditional trade."""

    TECHNOLOGY = "technology", _("Technology firm")
    TRADITIONAL = "traditional", _("Traditional industry")


class LabelKind(models.TextChoices):
    """Recognitions that a firm can show evidence for."""

    NATIONAL_HIGH_TECH = "national_high_tech", _("National high-tech enterprise")
    TECHNOLOGY_SME = "technology_sme", _("Technology-based SME")
    SPECIALISED_NEW = "specialised_new", _("Specialised and innovative SME")
    LITTLE_GIANT = "little_giant", _("Little Giant")
    GAZELLE = "gazelle", _("Gazelle firm")
    UNICORN = "unicorn", _("Unicorn")
    FORTUNE_500 = "fortune_500", _("Fortune Global 500")
    LISTED = "listed", _("Listed company")


class RecognitionState(models.TextChoices):
    """Whether a moderator has looked at a recognition. Nobody outside sees one that is not confirmed."""

    WAITING = "waiting", pgettext_lazy("recognition", "Waiting for a moderator")
    CONFIRMED = "confirmed", pgettext_lazy("recognition", "Confirmed")
    REFUSED = "refused", pgettext_lazy("recognition", "Not confirmed")


class MembershipRole(models.TextChoices):
    """What a person may do for an organisation."""

    OWNER = "owner", _("Owner")
    MEMBER = "member", _("Member")
    VIEWER = "viewer", _("Viewer")


class Language(models.TextChoices):
    """Working languages of people."""

    ZH = "zh", _("Mandarin Chinese")
    YUE = "yue", _("Cantonese")
    EN = "en", _("English")
    PT = "pt", _("Portuguese")
    JA = "ja", _("Japanese")
    DE = "de", _("German")
    FR = "fr", _("French")


class InterfaceLanguage(models.TextChoices):
    """Languages of the pages."""

    ZH_HANS = "zh-hans", "简体中文"
    ZH_HANT = "zh-hant", "繁體中文"
    EN = "en", "English"


class Theme(models.TextChoices):
    """Light or dark pages."""

    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class VerifiedBy(models.TextChoices):
    """How an organisation was verified."""

    DOMAIN = "domain", _("E-mail domain")
    MODERATOR = "moderator", _("Moderator")


class Channel(models.TextChoices):
    """Ways to tell somebody something."""

    IN_APP = "in_app", _("On the site")
    EMAIL = "email", _("E-mail")


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    CHALLENGE_PUBLISHED = "challenge_published", _("Challenge published")
    CHANGES_ASKED = "changes_asked", _("Changes asked for")
    CHALLENGE_REJECTED = "challenge_rejected", _("Challenge not accepted")
    NEW_MATCH = "new_match", _("New match")
    CONFIDENTIAL_READ = "confidential_read", _("Confidential text read by a moderator")
    INVITATION = "invitation", _("Invitation")
    INVITATION_ANSWER = "invitation_answer", _("Answer to an invitation")
    CONFIRM_CAPABILITY = "confirm_capability", _("Please confirm your capability")
    ORGANISATION_VERIFIED = "organisation_verified", _("Organisation verified")
    CLAIM_ANSWER = "claim_answer", _("Answer to a claim")
    RECOGNITION_NAMED = "recognition_named", _("Recognition to be confirmed")
    RECOGNITION_DECIDED = "recognition_decided", _("Decision on a recognition")
    JOB_GIVEN_UP = "job_given_up", _("Work given up")


class TokenScope(models.TextChoices):
    """What an API token may do."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class Industry(models.TextChoices):
    """Divisions of GB/T 4754-2017 that matter here; the codes are the standard's."""

    A01 = "A01", _("Agriculture")
    A04 = "A04", _("Fishery")
    B06 = "B06", _("Coal mining")
    C13 = "C13", _("Food from farm products")
    C14 = "C14", _("Food manufacturing")
    C15 = "C15", _("Drinks and tea")
    C17 = "C17", _("Textiles")
    C18 = "C18", _("Clothing")
    C19 = "C19", _("Leather and shoes")
    C20 = "C20", _("Wood products")
    C21 = "C21", _("Furniture")
    C22 = "C22", _("Paper")
    C23 = "C23", _("Printing")
    C24 = "C24", _("Toys, sports and arts goods")
    C26 = "C26", _("Chemicals")
    C27 = "C27", _("Medicines")
    C28 = "C28", _("Chemical fibres")
    C29 = "C29", _("Rubber and plastics")
    C30 = "C30", _("Ceramics, glass, cement")
    C31 = "C31", _("Iron and steel")
    C32 = "C32", _("Non-ferrous metals")
    C33 = "C33", _("Metal products")
    C34 = "C34", _("General machinery")
    C35 = "C35", _("Special machinery")
    C36 = "C36", _("Cars")
    C37 = "C37", _("Ships, railways, aircraft")
    C38 = "C38", _("Electrical machinery and batteries")
    C39 = "C39", _("Electronics and communication equipment")
    C40 = "C40", _("Instruments")
    C41 = "C41", _("Other manufacturing")
    C42 = "C42", _("Recycling")
    C43 = "C43", _("Repair of machinery")
    D44 = "D44", _("Electricity and heat")
    D45 = "D45", _("Gas supply")
    D46 = "D46", _("Water supply")
    E48 = "E48", _("Civil engineering")
    E50 = "E50", _("Building finishing")
    F51 = "F51", _("Wholesale trade")
    F52 = "F52", _("Retail trade")
    G53 = "G53", _("Railways and metro")
    G54 = "G54", _("Road transport")
    G55 = "G55", _("Ports and shipping")
    G56 = "G56", _("Air transport")
    G59 = "G59", _("Storage and handling")
    G60 = "G60", _("Post and delivery")
    H61 = "H61", _("Hotels")
    I63 = "I63", _("Telecommunication")
    I64 = "I64", _("Internet services")
    I65 = "I65", _("Software and IT services")
    J66 = "J66", _("Finance")
    K70 = "K70", _("Real estate")
    L72 = "L72", _("Business services")
    M73 = "M73", _("Research and development")
    M74 = "M74", _("Testing and technical services")
    M75 = "M75", _("Technology transfer")
    N77 = "N77", _("Environmental services")
    P83 = "P83", _("Education")
    Q84 = "Q84", _("Health care")
    R87 = "R87", _("Media and film")


class Deed(models.TextChoices):
    """All that is kept in the log of deeds, in words."""

    POSTED = "posted", pgettext_lazy("deed", "Wrote a draft")
    EDITED = "edited", pgettext_lazy("deed", "Edited")
    SUBMITTED = "submitted", pgettext_lazy("deed", "Handed in")
    PUBLISHED = "published", pgettext_lazy("deed", "Published")
    ASK_CHANGES = "ask_changes", pgettext_lazy("deed", "Asked for changes")
    REJECT = "reject", pgettext_lazy("deed", "Did not accept")
    READ_CONFIDENTIAL = "read confidential", pgettext_lazy("deed", "Read the confidential text")
    CLOSE = "close", pgettext_lazy("deed", "Closed")
    END = "end", pgettext_lazy("deed", "Ended, as its challenge did")
    EXPIRE = "expire", pgettext_lazy("deed", "Closed at the deadline")
    WITHDRAW = "withdraw", pgettext_lazy("deed", "Withdrew")
    CONFIRMED = "confirmed", pgettext_lazy("deed", "Confirmed as still true")
    HIDE = "hide", pgettext_lazy("deed", "Hid")
    ARCHIVE = "archive", pgettext_lazy("deed", "Archived")
    ADDED_EVIDENCE = "added evidence", pgettext_lazy("deed", "Added evidence")
    IMPORTED_EVIDENCE = "imported evidence", pgettext_lazy("deed", "Imported evidence")
    REPLACED_EVIDENCE = "replaced evidence", pgettext_lazy("deed", "Replaced the evidence")
    REMOVED_EVIDENCE = "removed evidence", pgettext_lazy("deed", "Removed evidence")
    INVITED = "invited", pgettext_lazy("deed", "Invited")
    ACCEPT = "accept", pgettext_lazy("deed", "Accepted")
    DECLINE = "decline", pgettext_lazy("deed", "Declined")
    CLAIMED = "claimed", pgettext_lazy("deed", "Claimed as own work")
    DECIDED_CLAIM = "decided claim", pgettext_lazy("deed", "Decided on a claim")
    FOUNDED = "founded", pgettext_lazy("deed", "Founded")
    VERIFIED = "verified", pgettext_lazy("deed", "Verified")
    VERIFIED_BY_DOMAIN = "verified by domain", pgettext_lazy("deed", "Verified by e-mail domain")
    DISTRUSTED = "distrusted", pgettext_lazy("deed", "Took trust back")
    ADDED_MEMBER = "added member", pgettext_lazy("deed", "Added a member or changed a role")
    REMOVED_MEMBER = "removed member", pgettext_lazy("deed", "Removed a member")
    JOINED = "joined", pgettext_lazy("deed", "Joined")
    NAMED_RECOGNITION = "named recognition", pgettext_lazy("deed", "Named a recognition")
    CHANGED_RECOGNITION = "changed recognition", pgettext_lazy("deed", "Changed a recognition")
    WITHDREW_RECOGNITION = "withdrew recognition", pgettext_lazy("deed", "Withdrew a recognition")
    CONFIRMED_RECOGNITION = "confirmed recognition", pgettext_lazy("deed", "Confirmed a recognition")
    REFUSED_RECOGNITION = "refused recognition", pgettext_lazy("deed", "Refused a recognition")
    MADE_TOKEN = "made token", pgettext_lazy("deed", "Made a key for the API")
    REVOKED_TOKEN = "revoked token", pgettext_lazy("deed", "Revoked a key for the API")
    STOPPED_MAILS = "stopped mails", pgettext_lazy("deed", "Stopped mails of a kind")
