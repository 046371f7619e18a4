"""Reads recognitions: everyone sees the confirmed ones, the organisation's own people and moderators all of them."""

from django.db.models import Prefetch, QuerySet

from accounts.choices import RecognitionState
from accounts.models import Organisation, OrganisationLabel
from accounts.rules import Viewer, can_see_unconfirmed


def recognitions_for(user: Viewer, organisation: Organisation) -> QuerySet[OrganisationLabel]:
    """The recognitions of an organisation that somebody may see, the latest first."""
    rows = organisation.labels.order_by("-since", "kind")
    return rows if can_see_unconfirmed(user, organisation) else rows.filter(state=RecognitionState.CONFIRMED)


def with_recognitions(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Reads with each organisation its confirmed recognitions, as the list ``confirmed``."""
    rows = OrganisationLabel.objects.filter(state=RecognitionState.CONFIRMED).order_by("kind")
    return organisations.prefetch_related(Prefetch("labels", rows, to_attr="confirmed"))
