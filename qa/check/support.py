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
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

from embeddings import Reader
from qa.check.facts import Fact, StatedIn, facts, lacking
from qa.retrieval.late_interaction import Interaction, Question, SentenceInteraction, mean
from qa.retrieval.reading import log_odds, probabilities, readings
from qa.text.tokens import tokenize
from qa.text.words import is_negation
from qa.types import Depth, Hit, Span

# Fitted by `python -m tests.bench.support --fit`: on SciFact, and with a reader on FEVER besides,
# which gave READ_ALONE. What is read and what is near err on other claims, so both count half.
UNREAD = {"intercept": -4.08, "near": 6.81, "missing": -1.39, "negation": -0.3, "supports": 0.0}
READ_ALONE = {
    "intercept": 1.11,
    "near": 1.45,
    "missing": -1.07,
    "negation": -0.16,
    "supports": 1.04,
}
READ = {name: (UNREAD[name] + weight) / 2 for name, weight in READ_ALONE.items()}
# How probable a contradiction has to be for it to be said.
SURE = 0.7
_SUPPORTS, _CONTRADICTS = 0, 1  # among what a reader says
# The claims of a draft meet the same passages again and again.
_stated_in = lru_cache(maxsize=64)(StatedIn)


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
        cls, claim: Question, interaction: Interaction, sentence: str, absent: Sequence[Fact]
    ) -> SupportSignals:
        """The signals of a claim; `sentence` is the passage's best, `absent` what it lacks."""
        reading = interaction.reading
        return cls(
            near=interaction.nearness,
            missing=len(absent) / max(1, len(facts(claim.text))),
            negation=float(is_negated(claim.text) != is_negated(sentence)),
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
    absent = tuple(lacking(claim.text, _stated_in(f"{text}\n{context}")))
    signals = SupportSignals.of(claim, interaction, text[span.start : span.end], absent)
    score, contrary = round(signals.score, 4), _contrary(interactions)
    return Support(best, span, score, absent, contrary)


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


def is_negated(text: str) -> bool:
    """Whether a sentence has a word that turns a statement round."""
    return any(map(is_negation, tokenize(text).folded))


# --- what a reader reads ---

# How many passages of the cited articles a reader reads for a claim: the nearest ones.
READ_BY_DEPTH: Mapping[Depth, int] = {"deep": 4, "fast": 1, "off": 0}


def read_first(
    reader: Reader, text: str, hits: Sequence[Hit], read: Sequence[Interaction], count: int
) -> tuple[list[Hit], list[Interaction]]:
    """Hits and interactions, the nearest first, and so many of these read."""
    order = sorted(range(len(hits)), key=lambda i: -read[i].nearness)
    hits, read = [hits[i] for i in order], [read[i] for i in order]
    made = readings(reader, text, hits[:count])
    first = [replace(one, reading=m) for one, m in zip(read, made, strict=False)]
    return hits, first + read[len(first) :]
