"""Stored pairs, invitations, and what an index must know to catch up."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matchmaker.privacy import classify
from projects.choices import Band, Collection, DeclineReason, PreviewScope, Quadrant
from projects.models.capabilities import Capability
from projects.models.challenges import Challenge
from projects.states import InvitationState, PreviewState


class Match(models.Model):
    """One (challenge, capability) pair with its score parts, reasons, blockers and place in the quadrant.

    ``score`` and ``relevance`` are exact; pages and API show a band. ``detail`` is the engine's answer as JSON.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="matches")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="matches")
    model_version = models.CharField(max_length=40)
    score = models.FloatField()
    relevance = models.FloatField()
    aim_score = models.FloatField(default=0, help_text=_("The order when Pasteur partnerships come first."))
    band = models.CharField(max_length=10, choices=Band.choices)
    understanding = models.FloatField()
    use = models.FloatField()
    quadrant = models.CharField(max_length=10, choices=Quadrant.choices)
    gated = models.BooleanField(default=False)
    parts = models.JSONField(default=list)
    detail = models.JSONField(default=dict)
    input_versions = models.CharField(max_length=40, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(
        member="id challenge capability model_version band understanding use quadrant gated parts detail first_seen_at "
        "updated_at input_versions",
        secret="score relevance aim_score",
    )

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "capability", "model_version"], name="one_match_per_pair_and_model"
            )
        ]
        indexes = [
            models.Index(fields=["challenge", "gated", "-score"], name="matches_of_challenge"),
            models.Index(fields=["capability", "gated", "-score"], name="matches_of_capability"),
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} × {self.capability_id}"


class Invitation(models.Model):
    """A firm asks the owner of a capability to talk about a challenge."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="invitations")
    capability = models.ForeignKey(Capability, on_delete=models.CASCADE, related_name="invitations")
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.SENT)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    message = models.TextField(_("message"), max_length=1500, blank=True)
    answer_by = models.DateField(_("please answer by"), null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=12, choices=DeclineReason.choices, blank=True)
    answer = models.TextField(_("answer"), max_length=1500, blank=True)
    sent_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    FIELD_CLASSES = classify(
        member="id challenge capability state sent_by message answer_by decline_reason answer sent_at answered_at"
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "capability"],
                condition=models.Q(state__in=["sent", "seen", "accepted"]),
                name="one_open_invitation_per_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} → {self.capability_id} ({self.state})"


class SimilarChallenge(models.Model):
    """A challenge whose public text is like another's. Found when the challenge is matched; read from either end."""

    challenge = models.ForeignKey("projects.Challenge", on_delete=models.CASCADE, related_name="similar")
    other = models.ForeignKey("projects.Challenge", on_delete=models.CASCADE, related_name="similar_to")
    likeness = models.FloatField(_("likeness"))

    FIELD_CLASSES = classify(public="id challenge other likeness")

    class Meta:
        verbose_name = _("similar challenge")
        verbose_name_plural = _("similar challenges")
        constraints = [models.UniqueConstraint(fields=["challenge", "other"], name="one_likeness_per_pair")]

    def __str__(self) -> str:
        return f"{self.challenge_id} ~ {self.other_id}"


class Preview(models.Model):
    """A pasted text that waits for its matches. Removed within the hour; never indexed, logged or counted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visitor = models.CharField(max_length=64)
    scope = models.CharField(max_length=14, choices=PreviewScope.choices, default=PreviewScope.CAPABILITIES)
    text = models.TextField()
    state = models.CharField(max_length=10, choices=PreviewState.choices, default=PreviewState.PENDING)
    model_version = models.CharField(max_length=40, blank=True)
    results = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(personal="id scope text state model_version results created_at", secret="visitor")

    class Meta:
        verbose_name = _("preview")
        verbose_name_plural = _("previews")
        indexes = [models.Index(fields=["created_at"], name="preview_age")]

    def __str__(self) -> str:
        return f"preview {self.id}"


class IndexClock(models.Model):
    """Counts the changes of one collection. Locked while a change is written, so numbers appear in commit order."""

    collection = models.CharField(max_length=20, choices=Collection.choices, primary_key=True)
    now = models.PositiveBigIntegerField(default=0)

    FIELD_CLASSES = classify(member="collection now")

    class Meta:
        verbose_name = _("index clock")
        verbose_name_plural = _("index clocks")

    def __str__(self) -> str:
        return f"{self.collection} at {self.now}"


class IndexChange(models.Model):
    """An object entered, changed in, or left a collection. Each host's index applies what it has not seen."""

    collection = models.CharField(max_length=20, choices=Collection.choices)
    number = models.PositiveBigIntegerField()
    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(member="id collection number key at")

    class Meta:
        verbose_name = _("index change")
        verbose_name_plural = _("index changes")
        constraints = [models.UniqueConstraint(fields=["collection", "number"], name="one_change_per_number")]

    def __str__(self) -> str:
        return f"{self.collection} {self.number} {self.key}"


class Epoch(models.Model):
    """Frozen word statistics of all public text, as arrays; the same for every host until the next epoch."""

    number = models.PositiveIntegerField(primary_key=True)
    config = models.CharField(max_length=40)
    statistics = models.BinaryField()
    documents = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    FIELD_CLASSES = classify(member="number config statistics documents at")

    class Meta:
        verbose_name = _("word statistics")
        verbose_name_plural = _("word statistics")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"epoch {self.number}"


class SearchText(models.Model):
    """The terms by which a public object is found, in both languages: each between two spaces."""

    kind = models.CharField(max_length=12)
    object_id = models.CharField(max_length=64)
    terms = models.TextField()

    FIELD_CLASSES = classify(public="id kind object_id terms")

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_search_text_per_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
