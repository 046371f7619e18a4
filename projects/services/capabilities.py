"""Posts, edits, publishes and confirms capabilities."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Industry, Language, NoticeKind
from accounts.models import Organisation, User
from accounts.rules import can_act_for
from accounts.selectors.organisations import organisations_of
from accounts.services.activity import record
from accounts.services.notices import tell
from accounts.services.places import AROUND, place_in
from projects import queue
from projects.choices import Collection, CooperationMode
from projects.models import Capability
from projects.services import search
from projects.services.editing import demand_unchanged, draft_id
from projects.services.texts import clean_choices, clean_keywords, script_in, tidied
from projects.states import CAPABILITY_MOVES, LIVE_CAPABILITIES, CapabilityState, NotAllowed, follow

TEXT_FIELDS = tuple(f"{name}_{language}" for name in Capability.TEXTS for language in ("zh", "en"))
EDITABLE = (
    *TEXT_FIELDS, "team_zh", "team_en", "kind", "language", "keywords_zh", "keywords_en", "application_sectors", "trl",
    "ip_status", "ip_preference", "languages", "wanted_modes", "hours_per_month", "available_from", "max_active",
    "budget_min", "currency", "publication_need", "ip_numbers", "background_ip_owner", "student_theses", "understanding_rating", "use_rating", "city",
)  # fmt: skip
CONFIRM_EVERY = timedelta(days=183)
HIDE_AFTER = timedelta(days=365)


def post_capability(
    *,
    owner: User,
    values: Mapping[str, Any],
    organisation: Organisation | None = None,
    for_organisation: bool = False,
    key: str = "",
) -> Capability:
    """Creates a draft of what a person, or their organisation, can do. A title and the language are all it needs.

    ``key`` names what was sent: an owner who sends the same twice, even at once, has one draft.
    """
    home = home_of(owner, organisation, for_organisation=for_organisation)
    capability = Capability(owner=owner, organisation=home, for_organisation=for_organisation)
    if key:
        capability.pk = draft_id(owner, key)
    try:
        with transaction.atomic():
            _fill(capability, values)
            capability.save(force_insert=True)
            record(owner, "posted", capability, organisation=home)
    except IntegrityError:
        made = Capability.objects.filter(pk=capability.pk).first()
        if made is None:
            raise
        return edit_capability(made, by=owner, values=values)
    return capability


def home_of(owner: User, named: Organisation | None, *, for_organisation: bool) -> Organisation | None:
    """The organisation of a new capability: the one named, else the only one. Of several none is guessed.

    A person may offer without any; an offer of an organisation needs one that its owner acts for.
    """
    mine = list(organisations_of(owner))
    found = named or (mine[0] if len(mine) == 1 else None)
    strange = found is not None and found not in mine
    if strange or (for_organisation and (found is None or not can_act_for(owner, found.pk))):
        raise ValidationError({"organisation": _("Name one of your organisations.")})
    return found


def edit_capability(
    capability: Capability, *, by: User, values: Mapping[str, Any], version: int | None = None
) -> Capability:
    """Changes a capability; a live one is matched again.

    ``version`` is the number of its last edit when it was read; raises ChangedMeanwhile when somebody else edited it since.
    """
    with transaction.atomic():
        capability = Capability.objects.select_for_update().get(pk=capability.pk)
        demand_unchanged(capability, by=by, version=version)
        _fill(capability, values)
        if capability.live:
            check_publishable(capability)
        capability.save()
        record(by, "edited", capability, organisation=capability.organisation, fields=sorted(values))
        text_changed(capability)
    return capability


def text_changed(capability: Capability) -> None:
    """Notes that a capability's text or evidence changed, and has a live one matched again."""
    capability.input_version += 1
    capability.updated_at = timezone.now()
    capability.save(update_fields=["input_version", "updated_at"])
    if capability.live:
        queue.index_changed(Collection.CAPABILITIES, capability.pk)
        queue.match_capability(capability)


def follow_owners_wish(owner: User) -> None:
    """Takes what a person offers out of every match list, or back into them, when they switch matching off or on."""
    with transaction.atomic():
        offered = Capability.objects.filter(owner=owner, state__in=LIVE_CAPABILITIES).order_by("pk")
        for capability in offered.select_for_update():
            capability.matches.all().delete()
            text_changed(capability)


def publish_capability(capability: Capability, *, by: User) -> Capability:
    """Puts a capability into the directory and scores it against the open challenges."""
    with transaction.atomic():
        capability = Capability.objects.select_for_update().get(pk=capability.pk)
        check_publishable(capability)
        capability.state = follow(CAPABILITY_MOVES, "publish", capability.state)
        capability.published_at = capability.published_at or timezone.now()
        capability.last_confirmed = capability.last_confirmed or timezone.localdate()
        capability.save()
        record(by, "published", capability, organisation=capability.organisation)
        text_changed(capability)
    return capability


def confirm_capability(capability: Capability, *, by: User) -> Capability:
    """Says that a capability still holds; it counts as fresh from today."""
    with transaction.atomic():
        capability = Capability.objects.select_for_update().get(pk=capability.pk)
        capability.state = follow(CAPABILITY_MOVES, "confirm", capability.state)
        capability.last_confirmed = timezone.localdate()
        capability.save()
        record(by, "confirmed", capability, organisation=capability.organisation)
        text_changed(capability)
    return capability


def hide_capability(capability: Capability, *, by: User | None) -> Capability:
    """Takes a capability out of the directory and the match lists; it can be published again."""
    return _leave(capability, "hide", by)


def archive_capability(capability: Capability, *, by: User) -> Capability:
    """Takes a capability out of the directory for good."""
    return _leave(capability, "archive", by)


def _leave(capability: Capability, deed: str, by: User | None) -> Capability:
    """Ends the life of a capability in the directory."""
    with transaction.atomic():
        capability = Capability.objects.select_for_update().get(pk=capability.pk)
        was_live = capability.live
        capability.state = follow(CAPABILITY_MOVES, deed, capability.state)
        capability.updated_at = timezone.now()
        capability.save()
        record(by, deed, capability, organisation=capability.organisation)
        if was_live:
            queue.index_changed(Collection.CAPABILITIES, capability.pk)
            capability.matches.all().delete()
            search.forget_terms("capability", str(capability.pk))
    return capability


def age_capabilities(*, today: date) -> int:
    """Asks owners to confirm what is half a year old, and hides what nobody confirmed for a year. Returns how many moved."""
    moved = 0
    for capability in Capability.objects.filter(state__in=LIVE_CAPABILITIES, last_confirmed__lte=today - HIDE_AFTER):
        with suppress(NotAllowed):  # the owner was quicker
            hide_capability(capability, by=None)
            moved += 1
    ageing = Capability.objects.filter(state=CapabilityState.PUBLISHED, last_confirmed__lte=today - CONFIRM_EVERY)
    for pk in ageing.values_list("pk", flat=True):
        with suppress(Capability.DoesNotExist), transaction.atomic():
            capability = ageing.select_for_update().get(pk=pk)
            capability.state = follow(CAPABILITY_MOVES, "age", capability.state)
            capability.save(update_fields=["state"])
            tell(
                capability.owner,
                event_key=f"confirm:{capability.pk}:{capability.last_confirmed}",
                kind=NoticeKind.CONFIRM_CAPABILITY,
                data={"title_zh": capability.title_zh, "title_en": capability.title_en},
                path=f"capabilities/{capability.pk}/",
            )
            moved += 1
    return moved


def check_publishable(capability: Capability) -> None:
    """Names what the directory still needs; raises ValidationError."""
    language = capability.language or "zh"
    if not any(
        getattr(capability, f"{name}_{code}") for name in ("summary", "what_it_enables") for code in ("zh", "en")
    ):
        raise ValidationError(
            {f"summary_{language}": _("Describe in a few sentences what you can do, and for what problems.")}
        )


def _fill(capability: Capability, values: Mapping[str, Any]) -> None:
    """Sets cleaned values on a capability and checks them."""
    clean = tidied(
        Capability, {name: value for name, value in values.items() if name not in ("city", *AROUND)}, EDITABLE
    )
    if "city" in values:
        clean["city"] = place_in(values)
    lists = {
        "wanted_modes": CooperationMode.values,
        "languages": Language.values,
        "application_sectors": Industry.values,
    }
    for name, known in lists.items():
        if name in clean:
            clean[name] = clean_choices(name, clean[name], known)
    for name in ("keywords_zh", "keywords_en"):
        if name in clean:
            clean[name] = clean_keywords(name, clean[name])
    for name, value in clean.items():
        setattr(capability, name, value)
    capability.script = script_in([getattr(capability, name) for name in TEXT_FIELDS if name.endswith("_zh")])
    errors: dict[str, Any] = {}
    if not capability.title_zh and not capability.title_en:
        errors[f"title_{capability.language or 'zh'}"] = _(
            "Give the capability a title, for example “X-ray imaging of foils”."
        )
    if capability.max_active is not None and not 1 <= capability.max_active <= 50:
        errors["max_active"] = _("Give a number of projects between 1 and 50.")
    if capability.budget_min is not None and capability.budget_min < 0:
        errors["budget_min"] = _("A budget cannot be negative.")
    try:
        capability.clean_fields(exclude=["owner", "organisation", *errors])
    except ValidationError as error:
        errors |= {name: found for name, found in error.message_dict.items() if name not in errors}
    if errors:
        raise ValidationError(errors)
