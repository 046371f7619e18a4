"""Names, changes, withdraws and confirms recognitions of an organisation."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import MembershipRole, NoticeKind, RecognitionState
from accounts.models import Organisation, OrganisationLabel, User
from accounts.selectors.people import moderators
from accounts.services.activity import record
from accounts.services.notices import tell
from matchmaker.plaintext import tidy, tidy_line

FIRST_YEAR = 1900


def name_recognition(
    organisation: Organisation, *, by: User, kind: str, since: date | None, evidence_url: str
) -> OrganisationLabel:
    """Names a recognition of an organisation. Nobody outside sees it before a moderator has confirmed it."""
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)  # two could name the same at once
        if organisation.labels.filter(kind=kind).exists():
            raise ValidationError({"kind": _("This recognition is named already. Change that one instead.")})
        label = OrganisationLabel(organisation=organisation, kind=kind)
        _fill(label, by, since, evidence_url)
        record(by, "named recognition", label, organisation=organisation, kind=kind)
        _tell_moderators(label)
    return label


def change_recognition(
    label: OrganisationLabel, *, by: User, since: date | None, evidence_url: str
) -> OrganisationLabel:
    """Changes date or evidence of a recognition, which a moderator must then confirm anew."""
    with transaction.atomic():
        label = _locked(label)
        if (label.since, label.evidence_url) == (since, tidy_line(evidence_url)):
            return label
        _fill(label, by, since, evidence_url)
        record(by, "changed recognition", label, organisation=label.organisation, kind=label.kind)
        _tell_moderators(label)
    return label


def withdraw_recognition(label: OrganisationLabel, *, by: User) -> None:
    """Takes a recognition back; the log keeps that it was there."""
    with transaction.atomic():
        label = _locked(label)
        record(by, "withdrew recognition", label, organisation=label.organisation, kind=label.kind)
        label.delete()


def decide_recognition(label: OrganisationLabel, *, by: User, confirm: bool, note: str = "") -> OrganisationLabel:
    """A moderator confirms a recognition, or refuses it with a reason; the owners are told. One that was decided the other way
    may be decided anew, as when a certificate has run out."""
    note = "" if confirm else tidy(note)
    if not confirm and not note:
        raise ValidationError({"note": _("Say why the recognition is not confirmed; the organisation reads it.")})
    with transaction.atomic():
        label = _locked(label)
        state = RecognitionState.CONFIRMED if confirm else RecognitionState.REFUSED
        if label.state == state:
            raise ValidationError(_("This recognition has been decided so already."))
        label.state, label.note, label.decided_by, label.decided_at = state, note, by, timezone.now()
        label.clean_fields(exclude=["organisation"])
        label.save()
        verb = "confirmed recognition" if confirm else "refused recognition"
        record(by, verb, label, organisation=label.organisation, reason=note, kind=label.kind)
        _tell_owners(label)
    return label


def _locked(label: OrganisationLabel) -> OrganisationLabel:
    """The row as it stands, kept from others until the commit; an error when it is gone."""
    rows = OrganisationLabel.objects.select_for_update(of=("self",)).select_related("organisation")
    found = rows.filter(pk=label.pk).first()
    if found is None:
        raise ValidationError(_("This recognition was withdrawn meanwhile."))
    return found


def _fill(label: OrganisationLabel, by: User, since: date | None, evidence_url: str) -> None:
    """Sets date and evidence, checks them, and lets the recognition wait."""
    label.since, label.evidence_url = since, tidy_line(evidence_url)
    label.named_by, label.named_at = by, timezone.now()
    label.state, label.note, label.decided_by, label.decided_at = RecognitionState.WAITING, "", None, None
    errors: dict[str, list[str]] = {}
    if since is None or not since.year >= FIRST_YEAR or since > timezone.localdate():
        errors["since"] = [_("Give the day on which it was awarded; it cannot lie in the future.")]
    if not label.evidence_url.startswith(("https://", "http://")):
        errors["evidence_url"] = [
            _("Give the address of a page that shows it, such as the list of whoever awarded it.")
        ]
    try:
        label.clean_fields(exclude=["organisation", *errors])
    except ValidationError as error:
        errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    label.save()


def _tell_moderators(label: OrganisationLabel) -> None:
    """Tells the moderators on the site what waits for them: once a day for a recognition, however often it is changed."""
    for moderator in moderators():
        tell(
            moderator,
            event_key=f"recognition-named:{label.organisation_id}:{label.kind}:{timezone.localdate()}",
            kind=NoticeKind.RECOGNITION_NAMED,
            data=_named(label),
            path="dashboard/?as=moderator",
            by_email=False,
        )


def _tell_owners(label: OrganisationLabel) -> None:
    """Tells the organisation's owners of a decision, each decision once."""
    owners = label.organisation.memberships.filter(role=MembershipRole.OWNER, user__is_active=True)
    for membership in owners.select_related("user"):
        tell(
            membership.user,
            event_key=f"recognition-decided:{label.pk}:{label.decided_at:%Y-%m-%dT%H:%M:%S.%f}",
            kind=NoticeKind.RECOGNITION_DECIDED,
            data=_named(label) | {"state": str(label.state)},
            path=f"organisations/{label.organisation_id}/edit/#recognitions",
        )


def _named(label: OrganisationLabel) -> dict[str, str]:
    """What a notice says of a recognition."""
    organisation = label.organisation
    return {
        "recognition": str(label.kind),
        "name_zh": organisation.name_zh,
        "name_en": organisation.name_en,
    }
