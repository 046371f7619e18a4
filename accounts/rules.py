"""Decides who may do what with people and organisations. Plain functions; each answers True or False."""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser

from accounts.choices import MembershipRole
from accounts.models import Membership, Notice, Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from accounts.models import ApiToken, User

Viewer = Union["User", AnonymousUser]
"""Whoever looks: a signed-in person or nobody in particular."""


def roles_of(user: Viewer) -> "dict[UUID, str]":
    """Returns the person's role in each of their organisations; asked of the database once per request."""
    if not user.is_authenticated or not user.is_active:
        return {}
    found: dict[UUID, str] | None = getattr(user, "_roles", None)
    if found is None:
        found = dict(Membership.objects.filter(user_id=user.pk).values_list("organisation_id", "role"))
        user.__dict__["_roles"] = found  # kept on the request's own user object
    return found


def can_moderate(user: Viewer) -> bool:
    """Moderators and superusers."""
    return user.is_authenticated and user.is_active and (user.is_superuser or user.is_moderator)


def is_member(user: Viewer, organisation_id: "UUID | None") -> bool:
    """Anyone who belongs to the organisation, in any role."""
    return organisation_id is not None and organisation_id in roles_of(user)


def can_act_for(user: Viewer, organisation_id: "UUID | None") -> bool:
    """Owners and members, not viewers."""
    roles = (MembershipRole.OWNER, MembershipRole.MEMBER)
    return organisation_id is not None and roles_of(user).get(organisation_id) in roles


def can_edit_organisation(user: Viewer, organisation: Organisation) -> bool:
    """Owners of the organisation, and moderators."""
    return roles_of(user).get(organisation.pk) == MembershipRole.OWNER or can_moderate(user)


def can_see_unconfirmed(user: Viewer, organisation: Organisation) -> bool:
    """What no moderator has confirmed yet is for the organisation's own people, in any role, and for moderators."""
    return is_member(user, organisation.pk) or can_moderate(user)


def can_read_notice(user: Viewer, notice: Notice) -> bool:
    """Only the person who is told."""
    return user.is_authenticated and notice.recipient_id == user.pk


def can_revoke_token(user: Viewer, token: "ApiToken") -> bool:
    """Only the person whose token it is."""
    return user.is_authenticated and token.user_id == user.pk
