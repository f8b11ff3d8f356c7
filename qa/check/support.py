"""How far the passages of a cited source support a sentence that cites it.

The best passage is the one that the sentence's words, weighted by rarity, come nearest to. The
score is a logistic function of three signals:

- near: how near they come to that passage (rarity-weighted late interaction, 0..1)
- missing: the share of the sentence's numbers, names and dates that it lacks (0..1)
- negation: 1 when either the sentence or the best sentence of the passage is negated, not both

It tells a source that says this from one that says something else or only a part of it. Whether
the source says the contrary in much the same words, it can hardly tell
(docs/decisions/0009-support.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from embeddings import Encoded, Encoder
from qa.check.facts import Fact, facts, missing
from qa.check.types import Missing, SupportingPassage
from qa.citation import citation
from qa.retrieval.hits import Candidate, hit_of
from qa.retrieval.late_interaction import (
    Interaction,
    Question,
    SentenceInteraction,
    interactions,
    mean,
)
from qa.storage import View
from qa.storage.records import StoredArticle
from qa.text.tokens import tokenize
from qa.text.words import is_negation
from qa.types import Hit, Source, Span

# Fitted on SciFact by `python -m tests.bench.support --fit`.
INTERCEPT = -4.08
WEIGHTS = {"near": 6.81, "missing": -1.39, "negation": -0.3}


@dataclass(frozen=True, slots=True)
class Support:
    """What of a source supports a sentence best, and how far."""

    passage: int  # index of the best supporting passage among those given
    sentence: Span  # the best supporting sentence of it, from the passage's beginning
    score: float  # 0..1
    missing: tuple[Fact, ...]  # what of the sentence the passage does not say


@dataclass(frozen=True, slots=True)
class SupportSignals:
    """What the score is computed from."""

    near: float
    missing: float
    negation: float

    @classmethod
    def of(
        cls, claim: Question, interaction: Interaction, sentence: str, lacking: Sequence[Fact]
    ) -> SupportSignals:
        """The signals of a claim; `sentence` is the passage's best, `lacking` what it lacks."""
        return cls(
            near=interaction.nearness,
            missing=len(lacking) / max(1, len(facts(claim.text))),
            negation=float(_is_negated(claim.text) != _is_negated(sentence)),
        )

    @property
    def score(self) -> float:
        values = asdict(self)
        z = INTERCEPT + sum(weight * values[name] for name, weight in WEIGHTS.items())
        return 1 / (1 + math.exp(-z))


def support(
    claim: Question, interactions: Sequence[Interaction], texts: Sequence[str], context: str = ""
) -> Support:
    """The passage that supports the claim best, of one or more; `texts` are theirs, in order.

    `context` is what else is known of the source: title, author, publisher, date.
    """
    best = max(range(len(interactions)), key=lambda i: interactions[i].nearness)
    interaction, text = interactions[best], texts[best]
    span = nearest(interaction).span
    lacking = tuple(missing(claim.text, text, context=context))
    signals = SupportSignals.of(claim, interaction, text[span.start : span.end], lacking)
    return Support(best, span, round(signals.score, 4), lacking)


def nearest(interaction: Interaction) -> SentenceInteraction:
    """The sentence that the claim's rare words come nearest to."""
    weights = interaction.question.weights
    return max(interaction.sentences, key=lambda sentence: mean(sentence.near, weights))


def _is_negated(text: str) -> bool:
    return any(map(is_negation, tokenize(text).folded))


# --- among the passages of the articles that are cited ---

# How many passages of the cited articles are compared token by token: those of nearest vectors.
READ = 20
Asked = tuple[str, Sequence[StoredArticle]]


class SupportFinder:
    """Finds support at one moment of a corpus."""

    def __init__(self, view: View, encoder: Callable[[], Encoder]) -> None:
        """The encoder is loaded when there is a claim to be read, not before."""
        self._view = view
        self._encoder = encoder

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
        )

    def _nearest(self, encoded: Encoded, articles: Sequence[StoredArticle]) -> list[Hit]:
        """The articles' passages, those first whose vectors come nearest to the claim's."""
        places = [
            (chunk, stored.key, start)
            for stored in articles
            for start, _, chunk in self._view.passages_of(stored.key)
        ]
        cosines = self._view.vectors([chunk for chunk, _, _ in places]) @ encoded.vector
        best = np.argsort(-cosines, kind="stable")[:READ].tolist()
        stand = self._view.occurrences([places[i][0] for i in best])
        here = {(o.chunk, o.stored.key, o.start): o for found in stand.values() for o in found}
        return [
            hit_of(Candidate(places[i][0], cosine, cosine, None), [here[places[i]]])
            for i, cosine in zip(best, cosines[best].tolist(), strict=True)
            if places[i] in here
        ]


def _stated(where: Source) -> str:
    """What a source says of itself: a claim need not repeat it, and the passage does not."""
    stated = (where.title, where.author, where.publisher, where.published)
    return "\n".join(said for said in stated if said)
