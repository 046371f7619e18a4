"""People, organisations, notices, and the log of deeds."""

from accounts.models.activity import Activity
from accounts.models.notices import Notice
from accounts.models.organisations import Membership, Organisation, OrganisationLabel, Place
from accounts.models.profiles import ResearcherProfile
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = [
    "Activity",
    "ApiToken",
    "Membership",
    "Notice",
    "Organisation",
    "OrganisationLabel",
    "Place",
    "ResearcherProfile",
    "User",
]
