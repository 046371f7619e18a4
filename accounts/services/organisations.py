"""Founds, joins and verifies organisations."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import MembershipRole, NoticeKind, VerifiedBy
from accounts.models import Membership, Organisation, User
from accounts.selectors.organisations import names_an_employer, organisations_by_domain
from accounts.services.activity import record
from accounts.services.notices import tell
from matchmaker.plaintext import tidy, tidy_line

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""The figures and letters of Crockford's base 32."""
EDITABLE = (
    "kind", "name_zh", "name_en", "description_zh", "description_en", "city", "size", "tech", "industry", "website", "ror", "domain",
)  # fmt: skip


organisation_edited = Signal()
"""Sent with ``organisation`` and ``changed``, the names of the fields that are other than before; what it posted may follow."""


def found_organisation(*, by: User, **values: Any) -> Organisation:
    """Creates an organisation with its first owner; verified at once when their e-mail domain is the organisation's."""
    with transaction.atomic():
        organisation = Organisation(**_tidied(values))
        organisation.full_clean()
        organisation.save()
        Membership.objects.create(user=by, organisation=organisation, role=MembershipRole.OWNER)
        by.__dict__.pop("_roles", None)
        record(by, "founded", organisation, organisation=organisation)
        verify_by_domain(organisation, by=by)
    return organisation


def edit_organisation(organisation: Organisation, *, by: User, **values: Any) -> Organisation:
    """Changes what an organisation says of itself. A changed name or domain must be verified again, by domain at once."""
    with transaction.atomic():
        _hold(organisation)
        clean = _tidied(values)
        changed = {name for name, value in clean.items() if getattr(organisation, name) != value}
        for name, value in clean.items():
            setattr(organisation, name, value)
        if changed & {"name_zh", "name_en", "domain"}:
            organisation.verified_at, organisation.verified_how, organisation.trusted = None, "", False
            organisation.verified_by = None
        organisation.full_clean()
        organisation.save()
        record(by, "edited", organisation, organisation=organisation, fields=sorted(values))
        if not organisation.verified:
            verify_by_domain(organisation, by=by)
        if changed:
            organisation_edited.send(Organisation, organisation=organisation, changed=changed)
    return organisation


def _tidied(values: dict[str, Any]) -> dict[str, Any]:
    """Cleans the texts; an unknown field is an error."""
    unknown = sorted(set(values) - set(EDITABLE))
    if unknown:
        raise ValidationError({name: _("This field is not known here.") for name in unknown})
    long = ("description_zh", "description_en")
    clean = {
        name: (tidy(value) if name in long else tidy_line(value)) if isinstance(value, str) else value
        for name, value in values.items()
    }
    if clean.get("ror"):
        clean["ror"] = _ror(clean["ror"])
    if clean.get("domain"):
        clean["domain"] = _domain(clean["domain"])
    return clean


def _ror(text: str) -> str:
    """A ROR ID as it is written, from one that was typed or pasted with its address; the last two figures check the others."""
    bare = re.sub(r"^(https?://)?(www\.)?ror\.org/", "", text.lower()).removesuffix("/")
    number = 0
    for letter in bare[:7]:
        number = number * 32 + max(CROCKFORD.find(letter), 0)
    if not re.fullmatch(rf"0[{CROCKFORD}]{{6}}[0-9]{{2}}", bare) or int(bare[7:]) != 98 - number * 100 % 97:
        raise ValidationError({"ror": _("This is no ROR ID. It looks like 03yrm5c26; copy it from ror.org once more.")})
    return bare


def _domain(text: str) -> str:
    """The domain of an e-mail address or of a page; an error for one that many share."""
    host = text.lower().rpartition("//")[2].partition("/")[0].rpartition("@")[2].removeprefix("www.")
    if not names_an_employer(host):
        raise ValidationError(
            {
                "domain": _(
                    "“%(domain)s” does not belong to one organisation alone. Give a domain such as firm.com, or leave this empty."
                )
                % {"domain": host}
            }
        )
    return host


def verify_by_domain(organisation: Organisation, *, by: User) -> bool:
    """Verifies an organisation whose e-mail domain is that of a member's confirmed address."""
    domain = by.email.rpartition("@")[2].lower()
    own = organisation.domain
    if not names_an_employer(own) or not (domain == own or domain.endswith("." + own)):
        return False
    if not by.emailaddress_set.filter(email__iexact=by.email, verified=True).exists():  # type: ignore[attr-defined]
        return False
    organisation.verified_at, organisation.verified_how = timezone.now(), VerifiedBy.DOMAIN
    organisation.save(update_fields=["verified_at", "verified_how"])
    record(by, "verified by domain", organisation, organisation=organisation)
    return True


def verify_organisation(organisation: Organisation, *, by: User, trusted: bool | None = None) -> None:
    """A moderator vouches for an organisation, and may also trust it to publish at once."""
    with transaction.atomic():
        _hold(organisation)
        organisation.verified_at, organisation.verified_how = timezone.now(), VerifiedBy.MODERATOR
        organisation.verified_by = by
        if trusted is not None:
            organisation.trusted = trusted
        organisation.save()
        record(by, "verified", organisation, organisation=organisation, trusted=organisation.trusted)
        for membership in organisation.memberships.select_related("user").filter(role=MembershipRole.OWNER):
            tell(
                membership.user,
                event_key=f"organisation-verified:{organisation.pk}:{organisation.verified_at:%Y-%m-%d}",
                kind=NoticeKind.ORGANISATION_VERIFIED,
                data={"name_zh": organisation.name_zh, "name_en": organisation.name_en},
                path=f"organisations/{organisation.pk}/",
            )


def distrust_organisation(organisation: Organisation, *, by: User) -> None:
    """A moderator wants to see what an organisation submits before it is published; it stays verified."""
    with transaction.atomic():
        _hold(organisation)
        if not organisation.trusted:
            return
        organisation.trusted = False
        organisation.save(update_fields=["trusted"])
        record(by, "distrusted", organisation, organisation=organisation)


def add_member(
    organisation: Organisation, user: User, *, by: User | None, role: str = MembershipRole.MEMBER
) -> Membership:
    """Adds a person to an organisation, or changes their role. The last owner stays owner."""
    with transaction.atomic():
        _hold(organisation)
        membership, _new = Membership.objects.get_or_create(
            user=user, organisation=organisation, defaults={"role": role}
        )
        if membership.role == MembershipRole.OWNER and role != MembershipRole.OWNER:
            _demand_another_owner(membership)
        membership.role = role
        membership.save(update_fields=["role"])
        record(by, "added member", organisation, organisation=organisation, role=role)
    return membership


def join_by_domain(organisation: Organisation, user: User) -> Membership:
    """Lets a person with a confirmed address of a verified organisation in, to look; an owner gives the right to act."""
    if organisation not in organisations_by_domain(user):
        raise ValidationError(
            _("Your confirmed e-mail address is not one of this organisation. Ask an owner to add you.")
        )
    with transaction.atomic():
        membership, new = Membership.objects.get_or_create(
            user=user, organisation=organisation, defaults={"role": MembershipRole.VIEWER}
        )
        if new:
            record(user, "joined", organisation, organisation=organisation)
            user.__dict__.pop("_roles", None)
    return membership


def remove_member(membership: Membership, *, by: User) -> None:
    """Takes a person out of an organisation; the last owner cannot leave."""
    with transaction.atomic():
        _hold(membership.organisation)
        membership.refresh_from_db(fields=["role"])
        if membership.role == MembershipRole.OWNER:
            _demand_another_owner(membership)
        record(by, "removed member", membership.organisation, organisation=membership.organisation)
        membership.delete()


def _hold(organisation: Organisation) -> None:
    """Reads an organisation as it stands and holds it until the commit: its owners and its standing change one deed after the other."""
    organisation.refresh_from_db(
        from_queryset=Organisation.objects.select_for_update(no_key=True)  # who logs a deed for it need not wait
    )


def _demand_another_owner(membership: Membership) -> None:
    """Refuses to leave an organisation without an owner."""
    others = Membership.objects.filter(organisation=membership.organisation, role=MembershipRole.OWNER)
    if not others.exclude(pk=membership.pk).exists():
        raise ValidationError(_("An organisation needs an owner. Make somebody else owner first."))
