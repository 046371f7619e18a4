"""Finds, explains and stores matches: for a challenge, for a capability, for the archive, and for a pasted text.

A list is found from texts as they were, and stored when they may have changed. So what a job stores it first holds, challenges
before capabilities, each in the order of their keys. Partners that changed since its index was read it leaves alone and asks
for again; when its own text is no longer the one it read, it stores nothing, for a later job is under way.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from matchmaker.engine import pasteur
from matchmaker.engine.documents import MatchDocument
from matchmaker.engine.results import PairMatch, Placement
from matchmaker.queueing import jobs
from matchmaker.queueing.models import Job
from projects import queue
from projects.choices import ArchiveKind, Band, Collection, PreviewScope, Quadrant
from projects.models import ArchiveMatch, ArchiveRecord, Capability, Challenge, Match, Preview, SimilarChallenge
from projects.services import notifications, search
from projects.services.documents import archive_document, capability_document, challenge_document, pasted_document
from projects.services.indexing import changed_since, clock, current_index, outgrown, start_epoch
from projects.states import LIVE_CAPABILITIES, LIVE_CHALLENGES, PreviewState

KEPT = 20
"""How many matches of an object are stored."""
FIRST_FEW = 5
MOST_SIMILAR = 4
LEAST_LIKENESS = 0.12
"""Challenges less alike than this (cosine of their weighted words) are not called similar."""
MANY = 2_000
TOLD = 10
"""At most this many owners are told of one challenge."""
BAND_ORDER = (Band.WEAK, Band.POSSIBLE, Band.STRONG)
PREVIEW_LASTS = timedelta(hours=1)
PLACED = ("understanding", "use", "understanding_sd", "use_sd", "quadrant")
"""The columns of a placement, named as the engine names them."""


def refresh_matches(job: Job) -> None:
    """Finds the matches of a challenge for its present text; an edit in between has them found again."""
    challenge = Challenge.objects.select_related("organisation__city", "city").filter(pk=job.subject).first()
    if challenge is None:
        _nothing_left(job)
        return
    version = challenge.input_version
    document = challenge_document(challenge)
    seen = clock(Collection.CAPABILITIES)
    index = current_index(Collection.CAPABILITIES)
    if len(index) > MANY:
        first = index.query(document, limit=FIRST_FEW).matches
        with transaction.atomic():
            if _hold_challenge(challenge, version):
                _hold(Capability, (pair.capability for pair in first))
                changed = changed_since(Collection.CAPABILITIES, seen)
                now = [pair for pair in first if pair.capability not in changed]
                store_matches(now, index.model_version, version)
        jobs.progress(job, FIRST_FEW, KEPT)
    found = index.query(document, limit=KEPT, keys=None)
    known = _partners(challenge.matches.all(), "capability_id") - {pair.capability for pair in found.matches}
    more = index.query(document, limit=len(known), keys=known) if known else None
    pairs = [*found.matches, *found.gated, *(more.matches if more else ()), *(more.gated if more else ())]
    place = pasteur.place(document)
    alike = _similar(document) if challenge.live else []
    job.model_version = index.model_version
    with jobs.closing(job):
        if not _hold_challenge(challenge, version):
            return
        asked = {pair.capability for pair in pairs}
        _hold(Capability, asked)
        changed = changed_since(Collection.CAPABILITIES, seen)
        if asked & changed:
            queue.match_challenge(challenge)
        store_matches([pair for pair in pairs if pair.capability not in changed], index.model_version, version)
        _store_similar(challenge, alike)
        challenge.matches.exclude(capability_id__in=asked | changed).delete()
        challenge.matches.exclude(model_version=index.model_version).delete()
        Challenge.objects.filter(pk=challenge.pk).update(
            matched_version=version,
            matched_model=index.model_version,
            match_note="no_good_match" if found.no_good_match else "",
            **_placed(place),
        )
        if challenge.live:
            search.store_terms("challenge", str(challenge.pk), document.text())
            notifications.new_matches(_worth_telling(challenge))


def refresh_matches_of_capability(job: Job) -> None:
    """Scores a capability against the challenges on the board, and merges the pairs into the stored lists."""
    related = ("organisation__city", "city", "owner__profile")
    rows = Capability.objects.select_related(*related).prefetch_related("evidence")
    capability = rows.filter(pk=job.subject).first()
    if capability is None or not capability.live:
        _nothing_left(job)
        return
    version = capability.input_version
    document = capability_document(capability)
    if not _lets_be_matched(capability):
        with jobs.closing(job):
            search.store_terms("capability", str(capability.pk), document.text())
            capability.matches.all().delete()
            Capability.objects.filter(pk=capability.pk, matched_version__lt=version).update(matched_version=version)
        return
    seen = clock(Collection.CHALLENGES)
    current_index(Collection.CAPABILITIES)  # catches up, so that the next challenge finds it
    index = current_index(Collection.CHALLENGES)
    found = index.query(document, limit=KEPT)
    known = _partners(capability.matches.all(), "challenge_id") - {pair.challenge for pair in found.matches}
    more = index.query(document, limit=len(known), keys=known) if known else None
    pairs = [*found.matches, *found.gated, *(more.matches if more else ()), *(more.gated if more else ())]
    place = pasteur.place(document)
    job.model_version = index.model_version
    with jobs.closing(job):
        asked = {pair.challenge for pair in pairs}
        _hold(Challenge, asked)
        if not _hold_capability(capability, version):
            return
        changed = changed_since(Collection.CHALLENGES, seen)
        if asked & changed:
            queue.match_capability(capability)
        store_matches([pair for pair in pairs if pair.challenge not in changed], index.model_version, version)
        on_the_board = capability.matches.filter(
            challenge__state__in=LIVE_CHALLENGES
        )  # a draft's list is its own job's
        on_the_board.exclude(challenge_id__in=asked | changed).delete()
        capability.matches.exclude(model_version=index.model_version).delete()
        Capability.objects.filter(pk=capability.pk).update(
            matched_version=version, matched_model=index.model_version, **_placed(place)
        )
        search.store_terms("capability", str(capability.pk), document.text())
        notifications.new_capabilities(_worth_telling_firms(capability))


def _hold(model: type[Challenge | Capability], keys: Iterable[str]) -> None:
    """Holds rows until the commit: who changes one of them waits, or has changed it by now."""
    rows = model._default_manager.filter(pk__in=set(keys)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk"))


def _hold_challenge(challenge: Challenge, version: int) -> bool:
    """Holds a challenge and reads its state anew; False when its text is a later one by now."""
    _hold(Challenge, [str(challenge.pk)])
    challenge.refresh_from_db(fields=["state", "input_version"])
    return challenge.input_version == version


def _hold_capability(capability: Capability, version: int) -> bool:
    """Holds a capability; False when its text is a later one by now, or it has left the directory or the matching."""
    _hold(Capability, [str(capability.pk)])
    present = Capability.objects.filter(pk=capability.pk, state__in=LIVE_CAPABILITIES, input_version=version)
    return present.exclude(owner__profile__match_me=False).exists()


def store_matches(pairs: Iterable[PairMatch], model_version: str, version: int) -> None:
    """Writes one row per pair and model; a pair that is there already is brought up to date."""
    now = timezone.now()
    rows = [
        Match(
            challenge_id=pair.challenge,
            capability_id=pair.capability,
            model_version=model_version,
            score=pair.score,
            relevance=pair.relevance,
            aim_score=aim_score(pair),
            band=pair.band,
            understanding=pair.joint.understanding,
            use=pair.joint.use,
            quadrant=pair.joint.quadrant,
            gated=bool(pair.gates),
            parts=[[part.name, part.value, part.weight] for part in pair.parts],
            detail=pair.to_json(),
            input_versions=str(version),
            updated_at=now,
        )
        for pair in pairs
    ]
    Match.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["challenge", "capability", "model_version"],
        update_fields=[
            "score", "relevance", "aim_score", "band", "understanding", "use", "quadrant", "gated", "parts", "detail", "input_versions",
            "updated_at",
        ],
    )  # fmt: skip


def _similar(document: MatchDocument) -> list[tuple[str, float]]:
    """The challenges on the board whose public text is most like this one's, with the cosine of the two."""
    scores = current_index(Collection.CHALLENGES).text_scores(document)
    alike = [(key, score) for key, score in scores.items() if key != document.key and score >= LEAST_LIKENESS]
    return sorted(alike, key=lambda pair: (-pair[1], pair[0]))[:MOST_SIMILAR]


def _store_similar(challenge: Challenge, alike: Sequence[tuple[str, float]]) -> None:
    """Writes the list anew; a challenge that has left the board since is not in it."""
    there = {str(pk) for pk in Challenge.objects.filter(pk__in=[key for key, _ in alike]).values_list("pk", flat=True)}
    challenge.similar.all().delete()
    SimilarChallenge.objects.bulk_create(
        SimilarChallenge(challenge=challenge, other_id=key, likeness=score) for key, score in alike if key in there
    )


def aim_score(pair: PairMatch) -> float:
    """The order of "Pasteur partnerships first": band by band, in each the pairs in Pasteur's quadrant, then by score."""
    return 2 * BAND_ORDER.index(pair.band) + (pair.joint.quadrant == Quadrant.PASTEUR.value) + pair.score


def refresh_archive_matches(job: Job) -> None:
    """Matches one archived challenge with the archived research, by the very same engine."""
    record = ArchiveRecord.objects.filter(pk=job.subject, kind=ArchiveKind.CHALLENGE).first()
    if record is None:
        _nothing_left(job)
        return
    document = archive_document(record)
    index = current_index(Collection.ARCHIVE_RESEARCH)
    found = index.query(document, limit=10)
    place = pasteur.place(document)
    job.model_version = index.model_version
    with jobs.closing(job):
        record.matches.all().delete()
        ArchiveMatch.objects.bulk_create(
            ArchiveMatch(
                challenge=record,
                research_id=pair.capability,
                model_version=index.model_version,
                rank=rank,
                score=pair.score,
                band=pair.band,
                detail=pair.to_json(),
            )
            for rank, pair in enumerate(found.matches, 1)
        )
        ArchiveRecord.objects.filter(pk=record.pk).update(matched_model=index.model_version, **_placed(place))


def place_archive(records: Sequence[ArchiveRecord]) -> None:
    """Places archived records in the quadrant and stores their search words."""
    for record in records:
        document = archive_document(record)
        for name, value in _placed(pasteur.place(document)).items():
            setattr(record, name, value)
        search.store_terms("archive", str(record.pk), document.text())
    ArchiveRecord.objects.bulk_update(records, PLACED, batch_size=200)


def answer_preview(job: Job) -> None:
    """Matches a pasted text. Nothing of it is logged, indexed or counted."""
    preview = Preview.objects.filter(pk=job.subject).exclude(state=PreviewState.READY).first()
    if preview is None:
        _nothing_left(job)
        return
    collection = Collection.ARCHIVE_RESEARCH if preview.scope == PreviewScope.ARCHIVE else Collection.CAPABILITIES
    document = pasted_document(str(preview.pk), preview.text)
    index = current_index(collection)
    found = index.query(document, limit=FIRST_FEW)
    with jobs.closing(job):
        Preview.objects.filter(pk=preview.pk).update(
            state=PreviewState.READY,
            model_version=index.model_version,
            results={
                "matches": [pair.to_json() for pair in found.matches],
                "no_good_match": found.no_good_match,
                "considered": found.considered,
            },
        )
    jobs.beat("preview", index.version)


def forget_previews() -> int:
    """Removes pasted texts within the hour."""
    return Preview.objects.filter(created_at__lt=timezone.now() - PREVIEW_LASTS).delete()[0]


def rematch_all(job: Job) -> None:
    """Takes new word statistics and asks for every list to be found again."""
    start_epoch()
    challenges = Challenge.objects.filter(matched_version__gt=0)
    for challenge in challenges:
        queue.match_challenge(challenge)
    archived = list(ArchiveRecord.objects.filter(kind=ArchiveKind.CHALLENGE).values_list("pk", flat=True))
    for pk in archived:
        queue.match_archive(pk)
    _store_all_terms()
    _nothing_left(job)


def _store_all_terms() -> None:
    """Cuts what is public and is not matched anew: capabilities and the archive. A challenge's terms come with its list."""
    capabilities = Capability.objects.filter(state__in=LIVE_CAPABILITIES).prefetch_related("evidence")
    for capability in capabilities.select_related("organisation__city", "city").iterator(chunk_size=200):
        search.store_terms("capability", str(capability.pk), capability_document(capability).text())
    for record in ArchiveRecord.objects.iterator():
        search.store_terms("archive", str(record.pk), archive_document(record).text())


def rematch_when_outgrown() -> bool:
    """Starts a new epoch when the text has outgrown the old one, or when the matcher itself has changed."""
    if outgrown() or _of_another_model():
        queue.rematch_all()
        return True
    return False


def warm_up() -> None:
    """Loads the engine and the indexes, so that the first question is answered as fast as the next."""
    for collection in (Collection.CAPABILITIES, Collection.CHALLENGES, Collection.ARCHIVE_RESEARCH):
        index = current_index(collection)
        side = MatchDocument(key=str(uuid.uuid4()), side="capability" if index.side == "challenge" else "challenge")
        index.query(side, limit=1)


def _of_another_model() -> bool:
    """True when stored lists were found by another version of the matcher than this one."""
    present = current_index(Collection.CAPABILITIES).model_version
    matched = Challenge.objects.filter(state__in=LIVE_CHALLENGES, matched_version__gt=0)
    return matched.exclude(matched_model=present).exists()


def _partners(matches: Any, column: str) -> set[str]:
    """The other sides of stored pairs."""
    return {str(key) for key in matches.values_list(column, flat=True)}


def _lets_be_matched(capability: Capability) -> bool:
    """False when the owner has switched matching off."""
    profile = getattr(capability.owner, "profile", None)
    return profile is None or profile.match_me


def _worth_telling(challenge: Challenge) -> list[Match]:
    """The strongest pairs, for telling the owners of the capabilities."""
    strong = challenge.matches.filter(band=Band.STRONG, gated=False).exclude(capability__owner_id=challenge.author_id)
    return list(strong.select_related("challenge", "capability__owner").order_by("-score", "capability_id")[:TOLD])


def _worth_telling_firms(capability: Capability) -> list[Match]:
    """The strongest pairs with challenges that were on the board before it, for telling the firms."""
    strong = capability.matches.filter(band=Band.STRONG, gated=False, challenge__state__in=LIVE_CHALLENGES)
    earlier = strong.filter(challenge__published_at__lt=F("capability__published_at"))
    return list(earlier.select_related("challenge", "capability").order_by("-score", "challenge_id")[:TOLD])


def _placed(place: Placement) -> dict[str, Any]:
    """A placement as columns; empty when the text was too thin to say."""
    if place.abstained:
        return dict.fromkeys(PLACED) | {"quadrant": ""}
    return {name: getattr(place, name) for name in PLACED}


def _nothing_left(job: Job) -> None:
    """Closes a job whose subject is gone."""
    with jobs.closing(job):
        pass
