"""One collection of documents of one side, searched from the other side."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from heapq import heappush, heapreplace
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from matchmaker.engine import explain, pasteur, scoring, store
from matchmaker.engine.config import DEFAULT, EngineConfig
from matchmaker.engine.documents import MatchDocument, Side
from matchmaker.engine.errors import BrokenIndexError, NoIndexError, UnknownOptionError, WrongSideError
from matchmaker.engine.results import PairMatch, QueryResult
from matchmaker.engine.vectors import Floats, Item, Row, Statistics, items_of, term_hash, weigh

BATCH = 64  # documents weighed at a time while building
CROWD = 10  # the place in the list that stands for "the others"
TRIES = 5  # to open an index while another process publishes

Progress = Callable[[int, int], None]


class Found(NamedTuple):
    """One stored document that shares a term with the query."""

    raw: float
    key: str
    segment: store.Segment
    owner: int


class Ranked(NamedTuple):
    """A found document with its score and all that led to it."""

    found: Found
    judged: scoring.Judged


class Query(NamedTuple):
    """The asking document, ready to be compared."""

    document: MatchDocument
    side: scoring.Side
    items: list[tuple[str, Row]]
    names: dict[int, str]


class MatchIndex:
    """Answers queries from memory-mapped segments; safe for many reading processes and one writer at a time."""

    def __init__(self, folder: Path, manifest: store.Manifest) -> None:
        self.folder = folder
        self._manifest = manifest
        try:
            self.config = EngineConfig.from_json(manifest.config)
        except UnknownOptionError as error:
            raise BrokenIndexError(
                f"the index was built by another version of the engine, build it again: {error}"
            ) from error
        self.side: Side = "capability" if manifest.side == "capability" else "challenge"
        self.statistics = Statistics.load(folder / manifest.statistics)
        self._segments = [store.Segment(folder / name) for name in manifest.segments]
        self._alive = [self._living(place, segment) for place, segment in enumerate(self._segments)]
        self._cards: dict[tuple[Path, int], store.Card] = {}

    # Publishing

    @classmethod
    def build(
        cls,
        folder: Path,
        documents: Iterable[MatchDocument],
        statistics: Statistics,
        config: EngineConfig = DEFAULT,
        progress: Progress | None = None,
        side: Side | None = None,
    ) -> Self:
        """Writes a new base of all documents and publishes it; `side` is needed only where there are no documents."""
        documents = list(documents)
        side = side or (documents[0].side if documents else "capability")
        with store.one_writer(folder):
            base = store.write_segment(folder, list(_entries(documents, side, statistics, config, progress)))
            name = f"statistics-{statistics.epoch}"
            if not (folder / name).is_dir():
                statistics.save(folder / name)
            _publish(folder, side, name, config, (base,), ())
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens what is published now."""
        for _ in range(TRIES):
            # A folder named by a manifest just replaced may be gone already: read the new one.
            with suppress(FileNotFoundError):
                return cls(folder, store.read_manifest(folder))
        raise BrokenIndexError(f"the manifest of {folder.name} names files that are not there: build it again")

    def changed(self, documents: Iterable[MatchDocument] = (), removed: Iterable[str] = ()) -> Self:
        """Publishes new, edited and removed documents under the frozen statistics, and returns the index with them."""
        documents = list({document.key: document for document in documents}.values())
        gone = {*removed, *(document.key for document in documents)}
        with store.one_writer(self.folder):
            newest = self if not self.stale() else self.open(self.folder)
            manifest, segments = newest._manifest, newest._segments
            fresh = list(_entries(documents, newest.side, newest.statistics, newest.config))
            base = segments[0]
            delta = [
                part.entry(owner) for part in segments[1:] for owner in range(len(part)) if part.keys[owner] not in gone
            ]
            dead = {key for key in {*manifest.removed, *gone} if key in base.places}
            delta += fresh
            names: tuple[str, ...]
            if len(delta) > max(newest.config.merge_least, newest.config.merge_share * len(base)):
                delta += [base.entry(owner) for key, owner in base.places.items() if key not in dead]
                names, dead = (store.write_segment(self.folder, delta),), set()
            elif delta:
                names = (manifest.segments[0], store.write_segment(self.folder, delta))
            else:
                names = manifest.segments[:1]
            _publish(self.folder, newest.side, manifest.statistics, newest.config, names, sorted(dead))
        return self.open(self.folder)

    def stale(self) -> bool:
        """Tells whether a newer index is published."""
        return store.read_manifest(self.folder).version != self.version

    @property
    def version(self) -> str:
        """Changes with every publish."""
        return self._manifest.version

    @property
    def model_version(self) -> str:
        """Changes with any weight, threshold, statistic or model; scores of one model version compare."""
        return f"{self.config.fingerprint()}-{self.statistics.epoch}-{self._manifest.placed_by}"

    # Reading

    def __len__(self) -> int:
        return sum(int(alive.sum()) for alive in self._alive)

    def keys(self) -> list[str]:
        """Returns the keys of all documents, sorted."""
        pairs = zip(self._segments, self._alive, strict=True)
        return sorted(segment.keys[owner] for segment, alive in pairs for owner in np.flatnonzero(alive))

    def document(self, key: str) -> MatchDocument | None:
        """Returns one document as it was indexed."""
        for segment, alive in zip(self._segments, self._alive, strict=True):
            owner = segment.places.get(key)
            if owner is not None and alive[owner]:
                return segment.document(owner)
        return None

    def warm(self) -> None:
        """Loads dictionaries and models and maps the arrays, so that the first visitor does not wait for them."""
        other: Side = "challenge" if self.side == "capability" else "capability"
        text = "电池 battery 質量 quality"
        probe = MatchDocument.from_json({"key": "", "side": other, "passages": [{"field": "", "text": text}]})
        self.query(probe, limit=1)

    def query(
        self,
        document: MatchDocument,
        limit: int | None = 20,
        pasteur_first: bool = False,
        keys: Collection[str] | None = None,
    ) -> QueryResult:
        """Returns the best pairs for a document of the other side, explained; `keys` narrows the search, `limit` None is all.

        `pasteur_first` puts the pairs that together sit in Pasteur's quadrant first within each band; none is dropped, and no
        weak pair passes a strong one.
        """
        if document.side == self.side:
            raise WrongSideError(
                f"an index of {self.side} documents is asked with the other side, not with another {self.side}"
            )
        query = self._prepare(document)
        allowed = None if keys is None else set(keys)
        found = self._find(query.items, allowed)
        ranked, gated = self._rank(query, found, limit)
        best = max((item.found.raw for item in ranked), default=0.0)
        tenth = found[CROWD - 1].raw if len(found) >= CROWD else 0.0
        if pasteur_first:
            ranked.sort(key=lambda item: scoring.pasteur_order(item.judged, item.found.key, self.config))
        matches = tuple(self._match(query, item) for item in ranked)
        considered = len(self) if allowed is None else sum(key in allowed for key in self.keys())
        barred = tuple(self._match(query, item) for item in gated)
        return QueryResult(matches, barred, not scoring.good_enough(best, tenth, self.config), considered)

    def text_scores(self, document: MatchDocument) -> dict[str, float]:
        """Returns the pooled text score of every document that shares a term with the query, without any other part."""
        return {found.key: found.raw for found in self._find(self._items(document)[1], None)}

    def _living(self, place: int, segment: store.Segment) -> npt.NDArray[np.bool_]:
        """Marks the documents that still count: later segments hide a key from earlier ones, and removed keys are hidden."""
        hidden = set(self._manifest.removed) if place == 0 else set()
        for later in self._segments[place + 1 :]:
            hidden.update(later.places)
        return np.array([key not in hidden for key in segment.keys], dtype=bool)

    def _items(self, document: MatchDocument) -> tuple[list[Item], list[tuple[str, Row]]]:
        items = items_of(document, self.config.text)
        rows = weigh([item.mentions for item in items], document.side, self.statistics, self.config.text)
        return items, [(item.key, row) for item, row in zip(items, rows, strict=True)]

    def _prepare(self, document: MatchDocument) -> Query:
        items, rows = self._items(document)
        names = {term_hash(term): term for item in items for term in item.mentions}
        return Query(document, scoring.Side(document.facts, pasteur.place(document, self.config)), rows, names)

    def _find(self, items: Sequence[tuple[str, Row]], allowed: set[str] | None) -> list[Found]:
        """Scores every document against the query's items, best text score first."""
        found = []
        for segment, alive in zip(self._segments, self._alive, strict=True):
            scores = self._pooled(segment, [row for _, row in items])
            for owner in np.flatnonzero((scores > 0) & alive):
                key = segment.keys[owner]
                if allowed is None or key in allowed:
                    found.append(Found(float(scores[owner]), key, segment, int(owner)))
        return sorted(found, key=lambda item: (-item.raw, item.key))

    def _pooled(self, segment: store.Segment, rows: Sequence[Row]) -> Floats:
        """Returns one score for each document of a segment; the challenge's row is the query side, whichever side asks."""
        decay = self.config.text.pool_decay
        if not rows or not len(segment):
            return np.zeros(len(segment))
        scores = np.stack([segment.item_scores(row.hashes, row.values) for row in rows])
        if self.side == "capability":
            return scoring.pool(segment.item_owner, scores[0], len(segment), decay)
        pooled = np.zeros(len(segment))
        pooled[segment.item_owner] = scoring.pool_each(scores, decay)
        return pooled

    def _rank(self, query: Query, found: list[Found], limit: int | None) -> tuple[list[Ranked], list[Ranked]]:
        """Judges documents from the best text score down, until no later one can enter the list: exact, yet seldom all."""
        ranked: list[Ranked] = []
        gated: list[Ranked] = []
        best: list[float] = []
        for item in found:
            if (
                limit is not None
                and len(best) >= limit
                and (not best or scoring.best_score(item.raw, self.config) < best[0])
            ):
                break
            judged = scoring.judge(item.raw, *self._ordered(query.side, self._card(item)), self.config)
            (gated if judged.comparison.gates else ranked).append(Ranked(item, judged))
            if limit and not judged.comparison.gates:
                heappush(best, judged.score) if len(best) < limit else heapreplace(best, max(best[0], judged.score))
        for group in (ranked, gated):
            group.sort(key=lambda item: (-item.judged.score, item.found.key))
        return ranked[:limit], gated[:limit]

    def _card(self, found: Found) -> scoring.Side:
        place = (found.segment.folder, found.owner)
        if place not in self._cards:
            self._cards[place] = found.segment.card(found.owner)
        return scoring.Side(*self._cards[place])

    def _ordered(self, mine: scoring.Side, theirs: scoring.Side) -> tuple[scoring.Side, scoring.Side]:
        """Returns challenge and capability in this order."""
        return (mine, theirs) if self.side == "capability" else (theirs, mine)

    def _match(self, query: Query, ranked: Ranked) -> PairMatch:
        """Explains one ranked pair."""
        found, judged = ranked
        stored, rows = found.segment.document(found.owner), found.segment.rows(found.owner)
        asks = self.side == "capability"
        challenge, capability = (query.document, stored) if asks else (stored, query.document)
        row, items = (query.items[0][1], rows) if asks else (rows[0][1], query.items)
        adds = explain.contributions(row, items, self.config)
        sides = explain.sides_of(challenge, capability)
        mine, theirs = self._ordered(query.side, self._card(found))
        return PairMatch(
            challenge=challenge.key,
            capability=capability.key,
            score=judged.score,
            relevance=judged.parts[0].value,
            parts=judged.parts,
            reasons=explain.reasons(adds, row, items, query.names, sides, self.config),
            evidence_shares=explain.evidence_shares(adds),
            rows=judged.comparison.rows,
            blockers=judged.comparison.blockers,
            gates=judged.comparison.gates,
            band=scoring.band(judged.score, self.config),
            joint=judged.joint,
            challenge_placement=mine.placement,
            capability_placement=theirs.placement,
            theory_from=scoring.origin(mine.placement.understanding, theirs.placement.understanding),
            use_from=scoring.origin(mine.placement.use, theirs.placement.use),
        )


def _entries(
    documents: Sequence[MatchDocument],
    side: Side,
    statistics: Statistics,
    config: EngineConfig,
    progress: Progress | None = None,
) -> Iterator[store.Entry]:
    """Weighs and places documents, some at a time."""
    if strange := next((document for document in documents if document.side != side), None):
        raise WrongSideError(f"{strange.key} is a {strange.side}; this index takes only {side} documents")
    for first in range(0, len(documents), BATCH):
        batch = documents[first : first + BATCH]
        items = [items_of(document, config.text) for document in batch]
        rows = weigh([item.mentions for group in items for item in group], side, statistics, config.text)
        for document, group in zip(batch, items, strict=True):
            yield store.entry_of(document, pasteur.place(document, config), [(item.key, next(rows)) for item in group])
        if progress:
            progress(first + len(batch), len(documents))


def _publish(
    folder: Path, side: Side, statistics: str, config: EngineConfig, segments: tuple[str, ...], removed: Sequence[str]
) -> None:
    previous: tuple[str, ...] = ()
    with suppress(NoIndexError, BrokenIndexError):
        earlier = store.read_manifest(folder)
        previous = (*earlier.segments, earlier.statistics)
    version = store.next_version(folder)
    manifest = store.Manifest(
        version,
        side,
        statistics,
        asdict(config),
        segments,
        tuple(removed),
        placed_by=pasteur.fingerprint(),
        previous=previous,
    )
    store.publish(folder, manifest)
