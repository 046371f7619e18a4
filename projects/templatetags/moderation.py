"""The table of what waits for a moderator, on their desk and on the first page of the admin."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.selectors.moderation import queues_for

register = template.Library()

QUEUES = {
    "submitted": (_("Challenges waiting"), "projects_challenge", "?state__exact=submitted"),
    "revisions": (_("Revisions waiting"), "projects_challenge", "?state__exact=revision_pending"),
    "claims": (_("Claims to archived records"), "projects_archiveclaim", "?state__exact=open"),
    "organisations": (_("Organisations to verify"), "accounts_organisation", "?verified=no"),
    "recognitions": (_("Recognitions to confirm"), "accounts_organisationlabel", "?state__exact=waiting"),
    "capabilities": (_("Capabilities to be confirmed by their owners"), "projects_capability", "?state__exact=stale"),
    "dead": (_("Work given up"), "queueing_job", "?state__exact=dead"),
    "due": (_("Work that is due"), "queueing_job", "?state__exact=ready"),
}


@register.inclusion_tag("components/_queues.html", takes_context=True)
def queues(context: Mapping[str, Any]) -> dict[str, Any]:
    """How much waits of each kind and for how long, each with its list; nothing for who does not moderate."""
    rows = []
    for queue in queues_for(context["request"].user):
        label, page, query = QUEUES[queue.name]
        href = reverse(f"admin:{page}_changelist") + query
        rows.append({"label": label, "count": queue.count, "days": queue.days, "href": href})
    return {"rows": rows}
