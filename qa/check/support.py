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
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from qa.check.facts import Fact, facts, missing
from qa.retrieval.late_interaction import Question, Reading, SentenceReading, mean
from qa.text.tokens import tokenize
from qa.text.words import is_negation
from qa.types import Span

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
class Signals:
    """What the score is computed from."""

    near: float
    missing: float
    negation: float

    @classmethod
    def of(
        cls, claim: Question, reading: Reading, sentence: str, lacking: Sequence[Fact]
    ) -> Signals:
        """`sentence` is the best one of the passage, `lacking` what the passage lacks."""
        return cls(
            near=reading.nearness,
            missing=len(lacking) / max(1, len(facts(claim.text))),
            negation=float(_is_negated(claim.text) != _is_negated(sentence)),
        )

    @property
    def score(self) -> float:
        values = asdict(self)
        z = INTERCEPT + sum(weight * values[name] for name, weight in WEIGHTS.items())
        return 1 / (1 + math.exp(-z))


def support(
    claim: Question, readings: Sequence[Reading], texts: Sequence[str], context: str = ""
) -> Support:
    """The passage that supports the claim best, of one or more; `texts` are theirs, in order.

    `context` is what else is known of the source: title, author, publisher, date.
    """
    best = max(range(len(readings)), key=lambda i: readings[i].nearness)
    reading, text = readings[best], texts[best]
    span = nearest(reading).span
    lacking = tuple(missing(claim.text, text, context=context))
    signals = Signals.of(claim, reading, text[span.start : span.end], lacking)
    return Support(best, span, round(signals.score, 4), lacking)


def nearest(reading: Reading) -> SentenceReading:
    """The sentence that the claim's rare words come nearest to."""
    weights = reading.question.weights
    return max(reading.sentences, key=lambda sentence: mean(sentence.near, weights))


def _is_negated(text: str) -> bool:
    return any(map(is_negation, tokenize(text).folded))
