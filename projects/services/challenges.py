"""Posts, edits, submits and closes challenges."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Language
from accounts.models import Organisation, User
from accounts.services.activity import record
from accounts.services.places import AROUND, place_in
from projects import queue
from projects.choices import BudgetBand, Collection, CooperationMode
from projects.models import Challenge, ChallengeVersion, ConfidentialText
from projects.selectors.access import CONFIDENTIAL_FIELDS
from projects.services import search
from projects.services.editing import demand_unchanged, draft_id
from projects.services.invitations import end_invitations
from projects.services.texts import clean_choices, clean_metrics, script_in, tidied
from projects.states import CHALLENGE_MOVES, OVER_CHALLENGES, ChallengeState, NotAllowed, follow

TEXT_FIELDS = tuple(f"{name}_{language}" for name in Challenge.TEXTS for language in ("zh", "en"))
OWN_FIELDS = ("payment_nodes", "working_level_user", "internal_owner")
ONE_ANSWER = {"baseline_metrics": "target_metrics", "trl_current": "trl_target"}
"""Two columns that a person answers as one."""
EDITABLE = (*TEXT_FIELDS, *Challenge.FACTS, *OWN_FIELDS, *Challenge.BOTTLENECK)


def post_challenge(
    *,
    author: User,
    organisation: Organisation,
    values: Mapping[str, Any],
    confidential: Mapping[str, str] | None = None,
    key: str = "",
) -> Challenge:
    """Creates a draft and asks for its matches. A title, the problem and the language are all it needs.

    ``key`` names what was sent: an author who sends the same twice, even at once, has one draft.
    """
    challenge = Challenge(author=author, organisation=organisation)
    if key:
        challenge.pk = draft_id(author, key)
    try:
        with transaction.atomic():
            _fill(challenge, values)
            _check_draft(challenge)
            challenge.save(force_insert=True)
            _store_confidential(challenge, confidential or {})
            record(author, "posted", challenge, organisation=organisation)
            queue.match_challenge(challenge)
    except IntegrityError:
        made = Challenge.objects.filter(pk=challenge.pk).first()
        if made is None:
            raise
        return edit_challenge(made, by=author, values=values, confidential=confidential)
    return challenge


def edit_challenge(
    challenge: Challenge,
    *,
    by: User,
    values: Mapping[str, Any],
    confidential: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Challenge:
    """Changes a challenge. After publication a changed public field of an untrusted organisation waits for a moderator.

    ``version`` is the number of its last edit when it was read; raises ChangedMeanwhile when somebody else edited it since.
    """
    with transaction.atomic():
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        if challenge.state in OVER_CHALLENGES:
            raise NotAllowed("edit", challenge.state)
        demand_unchanged(challenge, by=by, version=version)
        before = {name: getattr(challenge, _column(name)) for name in EDITABLE}
        waiting = challenge.live and not challenge.organisation.trusted
        revised = challenge.revised()
        _fill(revised, values)
        _check_draft(revised)
        if challenge.live:
            check_publishable(revised, standing=challenge.revised())
        changed = {name for name in EDITABLE if getattr(revised, _column(name)) != before[name]}
        public = changed & set(revised.moderated)
        held = public if waiting else set()
        for name in changed - held:
            setattr(challenge, _column(name), getattr(revised, _column(name)))
        if not held:
            challenge.script, challenge.budget_band = revised.script, revised.budget_band
        if held or challenge.pending:
            challenge.pending = {name: _plain(getattr(revised, _column(name))) for name in sorted(held)}
            challenge.state = follow(CHALLENGE_MOVES, "revise" if held else "take_back", challenge.state)
            challenge.moderation_note = challenge.moderation_note if held else ""
        challenge.updated_at = timezone.now()
        moved = bool(public - held)
        if moved:
            challenge.input_version += 1
        challenge.save()
        _store_confidential(challenge, confidential or {})
        record(by, "edited", challenge, organisation=challenge.organisation, fields=sorted(changed))
        if moved:
            _after_public_change(challenge, by)
    return challenge


def keep_typed(challenge: Challenge, *, fields: Mapping[str, list[str]]) -> None:
    """Keeps what somebody types into the form of a challenge that was handed in, as it is, until they save it.

    Nobody else reads it. It may hold confidential words, and so lies with the confidential text.
    """
    kept = {name: [value.replace("\x00", "") for value in values] for name, values in fields.items()}
    typed = {"at": timezone.now().isoformat(), "fields": kept}
    with transaction.atomic():
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        if challenge.state in OVER_CHALLENGES:
            raise NotAllowed("edit", challenge.state)
        ConfidentialText.objects.update_or_create(challenge=challenge, defaults={"typed": typed})


def forget_typed(challenge: Challenge) -> None:
    """Drops what was typed and not saved."""
    ConfidentialText.objects.filter(challenge=challenge).exclude(typed={}).update(typed={})


def close_challenge(challenge: Challenge, *, by: User, reason: str = "") -> Challenge:
    """Takes a challenge off the board for good."""
    return _leave(challenge, "close", by, reason)


def withdraw_challenge(challenge: Challenge, *, by: User, reason: str = "") -> Challenge:
    """Takes a challenge back; nobody outside the organisation sees it any more."""
    return _leave(challenge, "withdraw", by, reason)


def expire_challenges(*, today: date) -> int:
    """Closes what is past its deadline. Returns how many."""
    expired = 0
    for challenge in Challenge.objects.filter(deadline__lt=today, state__in=CHALLENGE_MOVES["expire"]):
        with suppress(NotAllowed):  # the firm was quicker
            _leave(challenge, "expire", None, "")
            expired += 1
    return expired


def _leave(challenge: Challenge, deed: str, by: User | None, reason: str) -> Challenge:
    """Ends a challenge by one of the deeds that end it."""
    with transaction.atomic():
        challenge = Challenge.objects.select_for_update().get(pk=challenge.pk)
        was_live = challenge.live
        challenge.state = follow(CHALLENGE_MOVES, deed, challenge.state)
        challenge.closed_at = challenge.updated_at = timezone.now()
        challenge.pending = {}
        challenge.save()
        forget_typed(challenge)
        record(by, deed, challenge, organisation=challenge.organisation, reason=reason)
        end_invitations(challenge, by=by)
        if was_live:
            queue.index_changed(Collection.CHALLENGES, challenge.pk)
        if challenge.state == ChallengeState.WITHDRAWN:
            search.forget_terms("challenge", str(challenge.pk))
    return challenge


def apply_pending(challenge: Challenge) -> Challenge:
    """Puts an approved revision in place of the published text; the caller saves what it gets."""
    revised = challenge.revised()
    revised.pending = {}
    revised.input_version += 1
    _derive(revised)
    return revised


def keep_version(challenge: Challenge, *, by: User | None) -> ChallengeVersion:
    """Keeps the public fields as they were approved."""
    number = (challenge.versions.values_list("number", flat=True).first() or 0) + 1
    fields = {name: _plain(getattr(challenge, _column(name))) for name in challenge.moderated}
    return ChallengeVersion.objects.create(challenge=challenge, number=number, fields=fields, approved_by=by)


def check_publishable(challenge: Challenge, *, standing: Challenge | None = None) -> None:
    """Names each field that publication still needs; raises ValidationError.

    ``standing`` is what an edit began with: a date that passed while it stood there is no fault of the edit.
    """
    errors: dict[str, str] = {}
    language = challenge.language or "zh"
    wanted = {
        "target_metrics": (challenge.target_metrics, _("Give at least one target figure, with its unit.")),
        "baseline_metrics": (
            challenge.baseline_metrics,
            _("Give the figure of today that the target is compared with."),
        ),
        "trl_current": (challenge.trl_current, _("Choose how ready the technology is now.")),
        "trl_target": (challenge.trl_target, _("Choose how ready the technology must become.")),
        "budget_max": (challenge.budget_max, _("Give the upper end of the budget.")),
        "answer_by": (challenge.answer_by, _("Promise a date by which every answer gets a reply.")),
        "ip_preference": (
            challenge.ip_preference,
            _("Choose a wish for intellectual property; it can be open to talks."),
        ),
        "confidentiality_tier": (challenge.confidentiality_tier, _("Choose who may read the confidential part.")),
    }
    for field, (value, message) in wanted.items():
        if value in (None, "", []):
            errors[field] = message
    texts = [("use_context", _("Say where the result will be used and by whom."))]
    if (
        challenge.understanding_rating or 5
    ) > 2:  # who rates understanding 1 or 2 has said that they need a tool, not an answer
        message = _(
            "Say what you do not understand, or rate understanding as 1 or 2 when you need a tool, not an answer."
        )
        texts.append(("understanding_sought", message))
    for name, message in texts:
        if not getattr(challenge, f"{name}_zh") and not getattr(challenge, f"{name}_en"):
            errors[f"{name}_{language}"] = message
    for name in ("answer_by", "deadline"):
        day = getattr(challenge, name)
        if day and day < timezone.localdate() and (standing is None or day != getattr(standing, name)):
            errors[name] = _("This date is past. Choose a day from today on.")
    if errors:
        raise ValidationError(errors)


def missing_answers(challenge: Challenge) -> int:
    """Counts the answers that publication still needs; a draft lacks at most eight."""
    try:
        check_publishable(challenge)
    except ValidationError as error:
        return len({ONE_ANSWER.get(name, name) for name in error.error_dict})
    return 0


def _check_draft(challenge: Challenge) -> None:
    """Names what even a draft needs; raises ValidationError."""
    errors: dict[str, Any] = {}
    language = challenge.language or "zh"
    if not challenge.title_zh and not challenge.title_en:
        errors[f"title_{language}"] = _("Give the challenge a title, for example “In-line inspection of coated foils”.")
    if not challenge.problem_zh and not challenge.problem_en:
        errors[f"problem_{language}"] = _(
            "Describe the problem in a few sentences: what happens, where, and what was tried."
        )
    if challenge.budget_min is not None and challenge.budget_min < 0:
        errors["budget_min"] = _("A budget cannot be negative.")
    if challenge.budget_max is not None and challenge.budget_max < 0:
        errors["budget_max"] = _("A budget cannot be negative.")
    low, high = challenge.budget_min, challenge.budget_max
    if "budget_max" not in errors and low is not None and high is not None and high < low:
        errors["budget_max"] = _("The upper end of the budget is below the lower end.")
    if challenge.trl_current and challenge.trl_target and challenge.trl_target < challenge.trl_current:
        errors["trl_target"] = _("The readiness wanted is below the readiness now.")
    errors |= _parent_errors(challenge)
    try:
        challenge.clean_fields(exclude=["author", "organisation", *errors])
    except ValidationError as error:
        errors |= {name: found for name, found in error.message_dict.items() if name not in errors}
    if errors:
        raise ValidationError(errors)


def _parent_errors(challenge: Challenge) -> dict[str, str]:
    """What is wrong with the parent: one of another organisation, or one that is itself a part of this challenge."""
    if challenge.parent_challenge and challenge.parent_challenge.organisation_id != challenge.organisation_id:
        return {"parent_challenge": _("Name a challenge of the same organisation.")}
    above, wanted = {challenge.pk}, challenge.parent_challenge_id
    while wanted is not None:
        if wanted in above:
            return {"parent_challenge": _("A challenge cannot be a part of itself.")}
        above.add(wanted)
        wanted = Challenge.objects.get(pk=wanted).revised().parent_challenge_id  # as it will be, once approved
    return {}


def _fill(challenge: Challenge, values: Mapping[str, Any]) -> None:
    """Sets cleaned values on a challenge."""
    clean = tidied(
        Challenge, {name: value for name, value in values.items() if name not in ("city", *AROUND)}, EDITABLE
    )
    if "city" in values:
        clean["city"] = place_in(values)
    for name in ("baseline_metrics", "target_metrics"):
        if name in clean:
            clean[name] = clean_metrics(name, clean[name])
    if "cooperation_modes" in clean:
        clean["cooperation_modes"] = clean_choices(
            "cooperation_modes", clean["cooperation_modes"], CooperationMode.values
        )
    if "languages" in clean:
        clean["languages"] = clean_choices("languages", clean["languages"], Language.values)
    for name, value in clean.items():
        setattr(challenge, name, value)
    _derive(challenge)


def _derive(challenge: Challenge) -> None:
    """Sets what follows from other fields."""
    challenge.script = script_in([getattr(challenge, name) for name in TEXT_FIELDS if name.endswith("_zh")])
    top = None if challenge.budget_max is None else challenge.budget_max_cny
    challenge.budget_band = "" if top is None else BudgetBand.of(top)


def _store_confidential(challenge: Challenge, values: Mapping[str, str]) -> None:
    """Stores the confidential text in its own table; nothing else ever reads it for matching."""
    if not values:
        return
    clean = tidied(ConfidentialText, values, CONFIDENTIAL_FIELDS)
    ConfidentialText.objects.update_or_create(challenge=challenge, defaults=clean)


def _after_public_change(challenge: Challenge, by: User) -> None:
    """Keeps the approved version of a live challenge, and asks for new matches."""
    if challenge.live:
        keep_version(challenge, by=by)
        queue.index_changed(Collection.CHALLENGES, challenge.pk)
    queue.match_challenge(challenge)


def _column(name: str) -> str:
    """The attribute that holds a field's plain value."""
    return cast("Field[Any, Any]", Challenge._meta.get_field(name)).attname


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


DRAFT_STATES = (ChallengeState.DRAFT, ChallengeState.NEEDS_CHANGES)
