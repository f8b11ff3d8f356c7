"""Hits -> supporting sentences, and whether the question is answered at all.

The supporting sentence of a passage is the one nearest to the question, by late interaction within
the passage and by the rare words they share. Confidence is a logistic function of three signals,
all in 0..1 (docs/decisions/0005-confidence.md):

- sentence: MaxSim (qa.rerank) of question and best sentence,
- coverage: share of the question's words, weighted by rarity, that the best passages hold,
- passage: cosine of question and best passage.

Coefficients are data (calibration.json), fitted by `python -m tests.bench.calibrate`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from embeddings import TokenVectors
from qa.lexical import LexicalSearcher
from qa.rerank import maxsim
from qa.sentences import sentences
from qa.types import Hit, Span, Statement

COVERAGE_WEIGHT = 0.15
# A headline or byline is chosen only when it is clearly nearer than any statement.
NO_STATEMENT = 0.85
_STATEMENT_ENDS = tuple(".!?…\"'”’“»)")


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is computed from."""

    sentence: float
    coverage: float
    passage: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients of the logistic function, and the confidence from which we say "answered"."""

    intercept: float
    sentence: float
    coverage: float
    passage: float
    threshold: float

    def confidence(self, signals: Signals) -> float:
        """
        >>> Calibration(-2.0, 4.0, 0.0, 0.0, 0.5).confidence(Signals(0.5, 0.0, 0.0))
        0.5
        """
        z = (
            self.intercept
            + self.sentence * signals.sentence
            + self.coverage * signals.coverage
            + self.passage * signals.passage
        )
        return 1 / (1 + math.exp(-z))


@cache
def calibration(encoder: str) -> Calibration:
    """The coefficients for an encoder; those for words alone when it has none of its own."""
    data = json.loads(resources.files("qa").joinpath("calibration.json").read_text("utf-8"))
    return Calibration(**data["encoders"].get(encoder, data["encoders"]["other"]))


@dataclass(frozen=True, slots=True)
class _Best:
    span: Span
    near: float
    score: float


def support(
    question: str,
    query: TokenVectors,
    hits: Sequence[Hit],
    read: Mapping[str, TokenVectors],
    lexical: LexicalSearcher,
) -> tuple[list[Hit], Signals]:
    """The hits with their supporting sentence marked, and the signals for confidence.

    `read` holds token vectors by passage id; in a hit without, shared words alone choose.
    """
    words = _Words(question, lexical)
    best = [_choose(hit, query, read.get(hit.passage.id), words) for hit in hits]
    marked = [replace(hit, highlights=(b.span,)) for hit, b in zip(hits, best, strict=True)]
    return marked, _signals(hits[:3], best[:3], words)


def statement(hit: Hit) -> Statement:
    """The first supporting sentence of a hit, as an answer."""
    span, passage = hit.highlights[0], hit.passage
    text = passage.text[span.start - passage.start : span.end - passage.start]
    return Statement(text, passage.article_id, passage.id, span.start, span.end)


def reason(question: str, hits: Sequence[Hit], lexical: LexicalSearcher) -> str:
    """One sentence on why the question counts as not answered."""
    if not hits:
        return "No passage was found: the corpus is empty, or the filters leave nothing."
    words = _Words(question, lexical)
    missing = [w for w in words.unknown(question) if len(w) > 2]
    if missing:
        return f"Nothing here mentions {_listed(missing)}; these are the nearest passages."
    title = hits[0].source.title or hits[0].source.article_id
    return f"No passage answers this closely enough; the nearest are about “{title}”."


class _Words:
    """The question's words, weighted by how rare they are in the corpus."""

    def __init__(self, question: str, lexical: LexicalSearcher) -> None:
        self._lexical = lexical
        self._terms = lexical.terms(question)
        self._weights = dict(zip(self._terms, lexical.rarity(self._terms).tolist(), strict=True))
        self._total = sum(self._weights.values()) or 1.0

    def coverage(self, text: str) -> float:
        """The share of the question's weight whose words stand in `text`."""
        there = set(self._lexical.terms(text))
        return float(sum(w for term, w in self._weights.items() if term in there) / self._total)

    def unknown(self, question: str) -> list[str]:
        """The question's own words that no passage has."""
        absent = set(self._lexical.absent(self._terms))
        words = (word.strip(".,;:!?…\"'“”„’()") for word in question.split())
        return [w for w in dict.fromkeys(words) if w and set(self._lexical.terms(w)) & absent]


def _sentences(hit: Hit) -> list[Span]:
    found = sentences(hit.passage.text, hit.source.language)
    return [Span(s.start, s.end) for s in found] or [Span(0, len(hit.passage.text))]


def _choose(hit: Hit, query: TokenVectors, tokens: TokenVectors | None, words: _Words) -> _Best:
    start = hit.passage.start
    best: _Best | None = None
    for span in _sentences(hit):
        text = hit.passage.text[span.start : span.end]
        near = maxsim(query, tokens, span) if tokens else 0.0
        score = near + COVERAGE_WEIGHT * words.coverage(text)
        if text == hit.source.title or not text.endswith(_STATEMENT_ENDS):
            score *= NO_STATEMENT
        if best is None or score > best.score:
            best = _Best(Span(start + span.start, start + span.end), near, score)
    assert best is not None
    return best


def _signals(hits: Sequence[Hit], best: Sequence[_Best], words: _Words) -> Signals:
    together = "\n".join(hit.passage.text for hit in hits)
    return Signals(
        sentence=max((b.near for b in best), default=0.0),
        coverage=words.coverage(together),
        passage=max((hit.dense or 0.0 for hit in hits), default=0.0),
    )


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:4]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
