"""One collection of documents of one side, searched from the other side."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from heapq import heappop, heappush, heapreplace, merge
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from matchmaker.engine import explain, pasteur, scoring, store
from matchmaker.engine.config import DEFAULT, EngineConfig
from matchmaker.engine.documents import MatchDocument, Side
from matchmaker.engine.errors import BrokenIndexError, NoIndexError, UnknownOptionError, WrongSideError
from matchmaker.engine.results import PairMatch, QueryResult
from matchmaker.engine.vectors import Floats, Hashes, Item, Row, Statistics, items_of, term_hash, weigh

BATCH = 64  # documents weighed at a time while building
CROWD = 10  # the place in the list that stands for "the others"
TRIES = 5  # to open an index while another process publishes
FIRST = 64  # documents scored exactly at first; four times as many whenever these do not settle the order
BLOCK = 64  # documents whose highest bound stands for them when a threshold is sought
ABSORB = 4  # a new segment takes the ones before it in, while they are at most so many times as long
CARDS = 4_096  # facts and placements kept in memory

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

    def __init__(self, folder: Path, manifest: store.Manifest, earlier: Self | None = None) -> None:
        self.folder = folder
        self._manifest = manifest
        self._stamp = store.stamp(folder)
        try:
            self.config = EngineConfig.from_json(manifest.config)
        except UnknownOptionError as error:
            raise BrokenIndexError(
                f"the index was built by another version of the engine, build it again: {error}"
            ) from error
        self.side: Side = "capability" if manifest.side == "capability" else "challenge"
        if earlier is not None and earlier.folder == folder and earlier._manifest.statistics == manifest.statistics:
            self.statistics: Statistics = earlier.statistics
        else:
            self.statistics = Statistics.load(folder / manifest.statistics)
        opened = {segment.folder.name: segment for segment in earlier._segments} if earlier is not None else {}
        self._segments: list[store.Segment] = [
            opened.get(name) or store.Segment(folder / name) for name in manifest.segments
        ]
        self._dead = [np.array(dead, dtype=np.intp) for dead in manifest.dead]
        self._cards: dict[tuple[str, int], store.Card] = {}

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
        if isinstance(documents, Collection):
            documents = sorted(documents, key=lambda document: document.key)
            side = side or next((document.side for document in documents), None)
        side = side or "capability"
        with store.one_writer(folder):
            entries = _entries(documents, side, statistics, config, progress)
            base = store.write_segment(folder, entries, config.text.pool_decay)
            name = f"statistics-{statistics.epoch}"
            if not (folder / name).is_dir():
                statistics.save(folder / name)
            _publish(folder, side, name, config, {base: ()})
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path, earlier: Self | None = None) -> Self:
        """Opens what is published now; what an `earlier` opened index of the folder shares with it is not opened again."""
        for _ in range(TRIES):
            # A folder named by a manifest just replaced may be gone already: read the new one.
            with suppress(FileNotFoundError):
                return cls(folder, store.read_manifest(folder), earlier)
        raise BrokenIndexError(f"the manifest of {folder.name} names files that are not there: build it again")

    def changed(self, documents: Iterable[MatchDocument] = (), removed: Iterable[str] = ()) -> Self:
        """Publishes new, edited and removed documents under the frozen statistics, and returns the index with them."""
        latest = {document.key: document for document in documents}
        gone = sorted({*removed, *latest})
        with store.one_writer(self.folder):
            newest = self if not self.stale() else self.open(self.folder, self)
            ordered = [latest[key] for key in sorted(latest)]
            fresh = list(_entries(ordered, newest.side, newest.statistics, newest.config))
            segments = newest._without(gone)
            living = [len(segment) - len(dead) for segment, dead in segments]
            first = len(segments)
            while first > 1 and living[first - 1] <= ABSORB * (len(fresh) + sum(living[first:])):
                first -= 1
            later = len(fresh) + sum(living[1:])
            if later > max(newest.config.merge_least, newest.config.merge_share * living[0]):
                first = 0
            named = {segment.folder.name: sorted(dead) for segment, dead in segments[:first]}
            if first == 0 or fresh or sum(living[first:]):
                parts = (_living_entries(segment, dead) for segment, dead in segments[first:])
                entries = merge(fresh, *parts, key=lambda entry: entry.key)
                named[store.write_segment(self.folder, entries, newest.config.text.pool_decay)] = []
            _publish(self.folder, newest.side, newest._manifest.statistics, newest.config, named)
        return self.open(self.folder, newest)

    def stale(self) -> bool:
        """Tells whether a newer index is published."""
        return store.stamp(self.folder) != self._stamp and store.read_manifest(self.folder).version != self.version

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
        return sum(map(len, self._segments)) - sum(map(len, self._dead))

    def keys(self) -> list[str]:
        """Returns the keys of all documents, sorted."""
        pairs = zip(self._segments, self._dead, strict=True)
        return sorted(segment.keys[owner] for segment, dead in pairs for owner in _living(segment, dead))

    def document(self, key: str) -> MatchDocument | None:
        """Returns one document as it was indexed."""
        found = next(self._places([key]), None)
        return found[0].document(found[1]) if found else None

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
        allowed = None if keys is None else sorted(set(keys))
        found, seen = self._best(query.items, allowed), list[Found]()
        ranked, gated = self._rank(query, _noted(found, seen), limit)
        best = max((item.found.raw for item in ranked), default=0.0)
        seen += islice(found, max(0, CROWD - len(seen)))
        tenth = seen[CROWD - 1].raw if len(seen) >= CROWD else 0.0
        if pasteur_first:
            ranked.sort(key=lambda item: scoring.pasteur_order(item.judged, item.found.key, self.config))
        matches = tuple(self._match(query, item) for item in ranked)
        considered = len(self) if allowed is None else sum(1 for _ in self._places(allowed))
        barred = tuple(self._match(query, item) for item in gated)
        return QueryResult(matches, barred, not scoring.good_enough(best, tenth, self.config), considered)

    def text_scores(self, document: MatchDocument) -> dict[str, float]:
        """Returns the pooled text score of every document that shares a term with the query, without any other part.

        Every item of every document is scored: the reference for `nearest`.
        """
        rows = [row for _, row in self._items(document)[1]]
        scores = {}
        for segment, dead in zip(self._segments, self._dead, strict=True):
            living = _living(segment, dead)
            for owner, raw in zip(living, self._pooled(segment, rows, living), strict=True):
                if raw > 0:
                    scores[segment.key(owner)] = float(raw)
        return scores

    def nearest(self, document: MatchDocument, limit: int) -> list[tuple[str, float]]:
        """Returns the documents with the highest text scores and these, best first; ties are broken by key."""
        found = islice(self._best(self._items(document)[1], None), limit)
        return [(item.key, item.raw) for item in found]

    def _items(self, document: MatchDocument) -> tuple[list[Item], list[tuple[str, Row]]]:
        items = items_of(document, self.config.text)
        rows = weigh([item.mentions for item in items], document.side, self.statistics, self.config.text)
        return items, [(item.key, row) for item, row in zip(items, rows, strict=True)]

    def _prepare(self, document: MatchDocument) -> Query:
        items, rows = self._items(document)
        names = {term_hash(term): term for item in items for term in item.mentions}
        return Query(document, scoring.Side(document.facts, pasteur.place(document, self.config)), rows, names)

    def _best(self, items: Sequence[tuple[str, Row]], allowed: Collection[str] | None) -> Iterator[Found]:
        """Yields every document that shares a term with the query, best text score first, without scoring more than needed.

        Documents are scored exactly from the highest bound down; one is yielded once no bound left could come before it.
        """
        rows = [row for _, row in items]
        waiting: list[tuple[float, str, Found]] = []
        for limit, chosen in self._steps(rows, allowed):
            for segment, owners in chosen:
                for owner, raw in zip(owners.tolist(), self._pooled(segment, rows, owners).tolist(), strict=True):
                    if raw > 0:
                        key = segment.key(owner)
                        heappush(waiting, (-raw, key, Found(raw, key, segment, owner)))
            while waiting and -waiting[0][0] > limit:
                yield heappop(waiting)[2]

    def _steps(
        self, rows: Sequence[Row], allowed: Collection[str] | None
    ) -> Iterator[tuple[float, list[tuple[store.Segment, store.Owners]]]]:
        """Yields documents to be scored, and what those still to come cannot exceed."""
        if not rows:
            return
        if allowed is not None:
            yield 0.0, [(segment, np.array([owner])) for segment, owner in self._places(allowed)]
            return
        hashes, values = self._outline(rows)
        bounds = []
        for segment, dead in zip(self._segments, self._dead, strict=True):
            bound = segment.bounds(hashes, values)
            bound[dead] = 0.0
            bounds.append(bound)
        over = 1.0 + store.slack(len(hashes))
        count, above = FIRST, float("inf")
        while above > 0.0:
            least = _threshold(bounds, count)
            chosen = [np.flatnonzero((bound >= least) & (bound < above) & (bound > 0)) for bound in bounds]
            yield least * over, [pair for pair in zip(self._segments, chosen, strict=True) if len(pair[1])]
            count, above = 4 * count, least

    def _outline(self, rows: Sequence[Row]) -> tuple[Hashes, Floats]:
        """Returns the query as one row: its own, or, of a capability, each term's weights pooled over its items."""
        if self.side == "capability":
            return rows[0].hashes, rows[0].values.astype(np.float64)
        hashes, places = np.unique(np.concatenate([row.hashes for row in rows]), return_inverse=True)
        values = np.concatenate([row.values for row in rows])
        counts, decay = np.array([len(rows)], dtype=np.int64), self.config.text.pool_decay
        terms, _, pooled = store.pooled_terms(places, values, np.zeros(len(places), dtype=np.intp), counts, decay)
        return hashes[terms], pooled.astype(np.float64)

    def _pooled(self, segment: store.Segment, rows: Sequence[Row], owners: store.Owners) -> Floats:
        """Returns the exact scores of some documents; the challenge's row is the query side, whichever side asks."""
        decay = self.config.text.pool_decay
        if not rows or not len(owners):
            return np.zeros(len(owners))
        scores = np.stack([segment.item_scores(row.hashes, row.values, owners) for row in rows])
        counts = segment.item_counts(owners)
        places = np.repeat(np.arange(len(owners), dtype=np.int32), counts)
        if self.side == "capability":
            return scoring.pool(places, scores[0], len(owners), decay)
        pooled = np.zeros(len(owners))
        pooled[places] = scoring.pool_each(scores, decay)
        return pooled

    def _places(self, keys: Collection[str]) -> Iterator[tuple[store.Segment, int]]:
        """Yields where the living documents of some keys are."""
        for segment, dead in zip(self._segments, self._dead, strict=True):
            for key in keys:
                owner = segment.place(key)
                if owner is not None and not np.any(dead == owner):
                    yield segment, owner

    def _without(self, keys: Sequence[str]) -> list[tuple[store.Segment, set[int]]]:
        """Returns each segment with its dead documents, once those of some keys are dead too."""
        found = []
        for segment, dead in zip(self._segments, self._dead, strict=True):
            places = (segment.place(key) for key in keys)
            found.append((segment, {*dead.tolist(), *(place for place in places if place is not None)}))
        return found

    def _rank(self, query: Query, found: Iterable[Found], limit: int | None) -> tuple[list[Ranked], list[Ranked]]:
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
        place = (found.segment.folder.name, found.owner)
        if place not in self._cards:
            if len(self._cards) >= CARDS:
                self._cards.clear()
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


def _threshold(bounds: Sequence[store.Bounds], count: int) -> float:
    """Returns a number that at least `count` bounds reach, and not many more; 0 when there are hardly so many."""
    if sum(map(len, bounds)) <= 2 * count * BLOCK:
        everything = np.concatenate(bounds)
        return float(np.partition(everything, -count)[-count]) if len(everything) > 2 * count else 0.0
    highest = np.concatenate([_block_maxima(bound) for bound in bounds])
    return float(np.partition(highest, -count)[-count])


def _block_maxima(bound: store.Bounds) -> store.Bounds:
    """Returns the maximum of every BLOCK neighbours, and of the rest."""
    whole = len(bound) // BLOCK * BLOCK
    maxima = bound[:whole].reshape(-1, BLOCK).max(axis=1)
    return np.append(maxima, bound[whole:].max()) if whole < len(bound) else maxima


def _noted(found: Iterable[Found], seen: list[Found]) -> Iterator[Found]:
    """Passes documents on and notes them."""
    for item in found:
        seen.append(item)
        yield item


def _living(segment: store.Segment, dead: npt.NDArray[np.intp]) -> store.Owners:
    """Returns the documents of a segment that count."""
    return np.delete(np.arange(len(segment)), dead)


def _living_entries(segment: store.Segment, dead: Collection[int]) -> Iterator[store.Entry]:
    """Reads the documents of a segment that count, by rising key."""
    return (segment.entry(owner) for owner in range(len(segment)) if owner not in dead)


def _entries(
    documents: Iterable[MatchDocument],
    side: Side,
    statistics: Statistics,
    config: EngineConfig,
    progress: Progress | None = None,
) -> Iterator[store.Entry]:
    """Weighs and places documents, some at a time."""
    total = len(documents) if isinstance(documents, Collection) else 0
    waiting, done = iter(documents), 0
    while batch := list(islice(waiting, BATCH)):
        if strange := next((document for document in batch if document.side != side), None):
            raise WrongSideError(f"{strange.key} is a {strange.side}; this index takes only {side} documents")
        items = [items_of(document, config.text) for document in batch]
        rows = weigh([item.mentions for group in items for item in group], side, statistics, config.text)
        for document, group in zip(batch, items, strict=True):
            yield store.entry_of(document, pasteur.place(document, config), [(item.key, next(rows)) for item in group])
        done += len(batch)
        if progress:
            progress(done, max(done, total))


def _publish(
    folder: Path, side: Side, statistics: str, config: EngineConfig, segments: Mapping[str, Collection[int]]
) -> None:
    """Publishes segments, each with its dead documents."""
    previous: tuple[str, ...] = ()
    with suppress(NoIndexError, BrokenIndexError):
        earlier = store.read_manifest(folder)
        previous = (*earlier.segments, earlier.statistics)
    manifest = store.Manifest(
        store.next_version(folder),
        side,
        statistics,
        asdict(config),
        tuple(segments),
        tuple(tuple(dead) for dead in segments.values()),
        placed_by=pasteur.fingerprint(),
        previous=previous,
    )
    store.publish(folder, manifest)
