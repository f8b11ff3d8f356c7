"""A chunk at the places where it stands, as a hit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.citations.line import citation, source
from qa.ids import PassageId
from qa.storage.records import Occurrence
from qa.types import Hit, Passage, Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that may be a hit, with its scores in both lists."""

    chunk: int
    score: float
    dense: float | None
    lexical: float | None


def place(occurrence: Occurrence) -> tuple[Source, Passage]:
    """The source and the passage of an occurrence."""
    stored = occurrence.stored
    id_ = PassageId.of(stored.article.id, stored.digest, occurrence.start, occurrence.end)
    passage = Passage(
        str(id_), stored.article.id, occurrence.start, occurrence.end, occurrence.text
    )
    return source(stored, occurrence.start), passage


def hit_of(candidate: Candidate, occurrences: Sequence[Occurrence]) -> Hit:
    """A chunk at its places, the longest-known article first."""
    first, *others = occurrences
    where, passage = place(first)
    elsewhere = {o.stored.article.id: o for o in reversed(others)}
    elsewhere.pop(passage.article_id, None)
    return Hit(
        passage=passage,
        source=where,
        score=round(candidate.score, 6),
        dense=candidate.dense,
        lexical=candidate.lexical,
        citation=citation(where, passage.start, passage.end),
        also_in=tuple(place(o) for o in reversed(elsewhere.values())),
        chunk=candidate.chunk,
        words=first.words,
        lead=first.lead,
    )


def overlaps(hit: Hit, hits: Sequence[Hit]) -> bool:
    """Whether a better hit already shows at least half of this passage."""
    start, end = hit.passage.start, hit.passage.end
    shown = [other.passage for other in hits if other.passage.article_id == hit.passage.article_id]
    return any(2 * (min(end, p.end) - max(start, p.start)) >= end - start for p in shown)
