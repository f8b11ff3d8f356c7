"""How far the passages of a cited source support a sentence that cites it.

The best passage is the one that the sentence's words, weighted by rarity, come nearest to. The
score is a logistic function of three signals:

- near: how near they come to that passage (rarity-weighted late interaction, 0..1)
- missing: the share of the sentence's numbers, names and dates that it lacks (0..1)
- negation: 1 when either the sentence or the best sentence of the passage is negated, not both

It tells a source that says this from one that says something else or only a part of it. Whether
the source says the contrary in much the same words, nearness can hardly tell: for that the first
passages are read by a reader, whose log-odds that they support the sentence are a further signal
(docs/decisions/0009-support.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from embeddings import Encoded, Encoder, Reader
from qa.check.facts import Fact, facts, missing
from qa.check.types import Contradiction, ContradictionKind, Missing, SupportingPassage
from qa.citation import citation
from qa.retrieval.hits import Candidate, hit_of
from qa.retrieval.late_interaction import (
    Interaction,
    Question,
    SentenceInteraction,
    interactions,
    mean,
)
from qa.retrieval.reading import log_odds, probabilities, readable, readings
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.text.tokens import tokenize
from qa.text.words import is_negation
from qa.types import Depth, Hit, Source, Span

# Fitted on SciFact by `python -m tests.bench.support --fit`; those with a reader are set by hand.
UNREAD = {"intercept": -4.08, "near": 6.81, "missing": -1.39, "negation": -0.3, "supports": 0.0}
READ = {"intercept": -2.0, "near": 3.0, "missing": -1.0, "negation": 0.0, "supports": 1.0}
# How probable a contradiction has to be for it to be said.
SURE = 0.7
_SUPPORTS, _CONTRADICTS = 0, 1  # among what a reader says


@dataclass(frozen=True, slots=True)
class Support:
    """What of a source supports a sentence best, and how far."""

    passage: int  # index of the best supporting passage among those given
    sentence: Span  # the best supporting sentence of it, from the passage's beginning
    score: float  # 0..1
    missing: tuple[Fact, ...]  # what of the sentence the passage does not say
    contradicting: int | None = None  # index of the passage that says the contrary, if one does


@dataclass(frozen=True, slots=True)
class SupportSignals:
    """What the score is computed from."""

    near: float
    missing: float
    negation: float
    supports: float | None = None  # log-odds by a reader; None where nothing was read

    @classmethod
    def of(
        cls, claim: Question, interaction: Interaction, sentence: str, lacking: Sequence[Fact]
    ) -> SupportSignals:
        """The signals of a claim; `sentence` is the passage's best, `lacking` what it lacks."""
        reading = interaction.reading
        return cls(
            near=interaction.nearness,
            missing=len(lacking) / max(1, len(facts(claim.text))),
            negation=float(_is_negated(claim.text) != _is_negated(sentence)),
            supports=log_odds(reading, _SUPPORTS) if reading else None,
        )

    @property
    def score(self) -> float:
        weights = UNREAD if self.supports is None else READ
        values = {**asdict(self), "supports": self.supports or 0.0, "intercept": 1.0}
        z = sum(weight * values[name] for name, weight in weights.items())
        return 1 / (1 + math.exp(-z))


def support(
    claim: Question, interactions: Sequence[Interaction], texts: Sequence[str], context: str = ""
) -> Support:
    """The passage that supports the claim best, of one or more; `texts` are theirs, in order.

    `context` is what else is known of the source: title, author, publisher, date.
    """
    best = max(range(len(interactions)), key=lambda i: _strength(interactions[i]))
    interaction, text = interactions[best], texts[best]
    span = nearest(interaction).span
    lacking = tuple(missing(claim.text, text, context=context))
    signals = SupportSignals.of(claim, interaction, text[span.start : span.end], lacking)
    score, contrary = round(signals.score, 4), _contrary(interactions)
    return Support(best, span, score, lacking, contrary)


def _strength(interaction: Interaction) -> tuple[bool, float]:
    """By what the best passage is chosen: those that were read come before the others."""
    if interaction.reading is None:
        return False, interaction.nearness
    supports = log_odds(interaction.reading, _SUPPORTS)
    return True, READ["near"] * interaction.nearness + READ["supports"] * supports


def _contrary(interactions: Sequence[Interaction]) -> int | None:
    """The passage that says the contrary, unless another says the same at least as surely."""
    odds = [probabilities(one.reading) for one in interactions if one.reading]
    if not odds:
        return None
    contradicts, supports = (max(o[n] for o in odds) for n in (_CONTRADICTS, _SUPPORTS))
    if contradicts < SURE or supports >= contradicts:
        return None
    return next(
        i
        for i, one in enumerate(interactions)
        if one.reading and probabilities(one.reading)[_CONTRADICTS] == contradicts
    )


def nearest(interaction: Interaction) -> SentenceInteraction:
    """The sentence that the claim's rare words come nearest to."""
    weights = interaction.question.weights
    return max(interaction.sentences, key=lambda sentence: mean(sentence.near, weights))


def _is_negated(text: str) -> bool:
    return any(map(is_negation, tokenize(text).folded))


# --- among the passages of the articles that are cited ---

# How many passages of the cited articles are compared token by token: those of nearest vectors.
COMPARED = 20
# How many of these a reader reads: the nearest ones.
READ_BY_DEPTH: Mapping[Depth, int] = {"deep": 4, "fast": 1, "off": 0}
Asked = tuple[str, Sequence[StoredArticle]]


class SupportFinder:
    """Finds support at one moment of a corpus."""

    def __init__(
        self,
        view: View,
        encoder: Callable[[], Encoder],
        reader: Callable[[], Reader],
        depth: Depth,
    ) -> None:
        """Encoder and reader are loaded when there is a claim to be read, not before."""
        self._view = view
        self._encoder, self._reader, self._read = encoder, reader, READ_BY_DEPTH[depth]

    def of(self, claims: Sequence[Asked]) -> list[SupportingPassage | None]:
        """What supports each claim best; None for one that cites no article of the corpus."""
        cited = [text for text, articles in claims if articles]
        encoded = iter(self._encoder().encode_passages(cited) if cited else [])
        return [
            self._of(text, next(encoded), articles) if articles else None
            for text, articles in claims
        ]

    def _of(
        self, text: str, encoded: Encoded, articles: Sequence[StoredArticle]
    ) -> SupportingPassage | None:
        hits = self._nearest(encoded, articles)
        if not hits:
            return None
        question = Question.of(text, encoded, self._view)
        read = interactions(self._view, question, hits)
        if self._read and readable(text, hits[: self._read]):
            hits, read = read_first(self._reader(), text, hits, read, self._read)
        known = _stated(hits[0].source)
        found = support(question, read, [hit.passage.text for hit in hits], known)
        hit, span = hits[found.passage], found.sentence
        start, end = hit.passage.start + span.start, hit.passage.start + span.end
        return SupportingPassage(
            source=hit.source,
            passage_id=hit.passage.id,
            start=start,
            end=end,
            text=hit.passage.text[span.start : span.end],
            citation=citation(hit.source, start, end),
            score=found.score,
            missing=tuple(Missing(fact.kind, fact.text) for fact in found.missing),
            contradicts=_contradiction(question, hits, read, found.contradicting),
        )

    def _nearest(self, encoded: Encoded, articles: Sequence[StoredArticle]) -> list[Hit]:
        """The articles' passages, those first whose vectors come nearest to the claim's."""
        places = [
            (chunk, stored.key, start)
            for stored in articles
            for start, _, chunk in self._view.passages_of(stored.key)
        ]
        cosines = self._view.vectors([chunk for chunk, _, _ in places]) @ encoded.vector
        best = np.argsort(-cosines, kind="stable")[:COMPARED].tolist()
        stand = self._view.occurrences([places[i][0] for i in best])
        here = {(o.chunk, o.stored.key, o.start): o for found in stand.values() for o in found}
        return [
            hit_of(Candidate(places[i][0], cosine, cosine, None), [here[places[i]]])
            for i, cosine in zip(best, cosines[best].tolist(), strict=True)
            if places[i] in here
        ]


def read_first(
    reader: Reader, text: str, hits: Sequence[Hit], read: Sequence[Interaction], count: int
) -> tuple[list[Hit], list[Interaction]]:
    """Hits and interactions, the nearest first, and so many of these read."""
    order = sorted(range(len(hits)), key=lambda i: -read[i].nearness)
    hits, read = [hits[i] for i in order], [read[i] for i in order]
    made = readings(reader, text, hits[:count])
    first = [replace(one, reading=m) for one, m in zip(read, made, strict=False)]
    return hits, first + read[len(first) :]


def _contradiction(
    claim: Question, hits: Sequence[Hit], read: Sequence[Interaction], number: int | None
) -> Contradiction | None:
    if number is None:
        return None
    passage, span = hits[number].passage, nearest(read[number]).span
    said = passage.text[span.start : span.end]
    start, end = passage.start + span.start, passage.start + span.end
    return Contradiction(passage.id, start, end, said, _differs_in(claim.text, said))


def _differs_in(claim: str, said: str) -> ContradictionKind:
    """In what a sentence that says the contrary differs: in a fact, or in a negation."""
    lacking = list(missing(claim, said))
    if lacking:
        return lacking[0].kind
    return "negation" if _is_negated(claim) != _is_negated(said) else "statement"


def _stated(where: Source) -> str:
    """What a source says of itself: a claim need not repeat it, and the passage does not."""
    stated = (where.title, where.author, where.publisher, where.published)
    return "\n".join(said for said in stated if said)
