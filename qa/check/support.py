"""How far the cited articles support a sentence that cites them.

The best passage is the one that the sentence's words, weighted by rarity, come nearest to. The
score is a logistic function of what that passage says, and of what the articles say in all:

- near: how near the sentence's words come to that passage (late interaction, 0..1)
- passage: the share of its words that one passage has, the one that has most (0..1)
- article: the share of its words that the articles have (0..1)
- missing: log(1 + the number of its numbers, names and dates that none of the articles has)
- negation: 1 when either the sentence or the best sentence of the passage is negated, not both

It tells a source that says this from one that says something else or only a part of it. Whether
the source says the contrary in much the same words, words can hardly tell: for that the first
passages are read by a reader, whose log-odds that they support the sentence are a further signal
(docs/decisions/0009-support.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, replace
from functools import cached_property, lru_cache

from embeddings import Reader
from qa.check.facts import Fact, StatedIn, lacking
from qa.retrieval.late_interaction import Interaction, Question, SentenceInteraction, mean
from qa.retrieval.reading import log_odds, probabilities, readings
from qa.text.language import read_as
from qa.text.terms import terms
from qa.text.tokens import tokenize
from qa.text.words import is_negation
from qa.types import Depth, Hit, Span

# Fitted by `python -m tests.bench.support --fit` on five sets of claims, each of which counts the
# same. With a reader they weigh what they weigh without, and what it says is added.
UNREAD = {
    "intercept": -1.89,
    "near": 1.68,
    "passage": 0.81,
    "article": 0.67,
    "missing": -0.89,
    "negation": -0.06,
    "supports": 0.0,
}
READ = {
    "intercept": -1.1,
    "near": 1.3,
    "passage": 0.62,
    "article": 0.52,
    "missing": -0.69,
    "negation": -0.05,
    "supports": 0.31,
}
# How probable a contradiction has to be for it to be said.
SURE = 0.7
_SUPPORTS, _CONTRADICTS = 0, 1  # among what a reader says
# Characters of an article that takes longer to be looked through than its passages, claim by claim.
LONG = 20_000
# The claims of a draft meet the same passages again and again.
_stated_in = lru_cache(maxsize=64)(StatedIn)


class WholeArticle:
    """What an article says in all of it, looked up as often as claims cite it."""

    def __init__(self, text: str, context: str = "") -> None:
        """`context` is what else is known of it: title, author, publisher, date."""
        self._text = f"{text}\n{context}"
        self.context = context
        self.is_long = len(text) > LONG

    @cached_property
    def stated(self) -> StatedIn:
        return StatedIn(self._text)

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(terms(self._text, read_as(self._text)))


@dataclass(frozen=True, slots=True)
class Support:
    """What of a source supports a sentence best, and how far."""

    passage: int  # index of the best supporting passage among those given
    sentence: Span  # the best supporting sentence of it, from the passage's beginning
    score: float  # 0..1
    missing: tuple[Fact, ...]  # what of the sentence none of the articles says
    contradicting: int | None = None  # index of the passage that says the contrary, if one does


@dataclass(frozen=True, slots=True)
class SupportSignals:
    """What the score is computed from."""

    near: float
    passage: float
    article: float
    missing: float
    negation: float
    supports: float | None = None  # log-odds by a reader; None where nothing was read

    @property
    def score(self) -> float:
        weights = UNREAD if self.supports is None else READ
        values = {**asdict(self), "supports": self.supports or 0.0, "intercept": 1.0}
        z = sum(weight * values[name] for name, weight in weights.items())
        return 1 / (1 + math.exp(-z))


def support(
    claim: Question,
    interactions: Sequence[Interaction],
    texts: Sequence[str],
    articles: Sequence[WholeArticle],
) -> Support:
    """The passage that supports the claim best, of one or more, and what none of the articles has.

    `texts` are those of the passages, in order, and `articles` all that they are from.
    """
    best = max(range(len(interactions)), key=lambda i: _strength(interactions[i]))
    text, span = texts[best], nearest(interactions[best]).span
    known = [article.stated for article in articles]
    if any(article.is_long for article in articles):
        # What the passage has needs no look into all of them.
        known = [_stated_in("\n".join([text, *(one.context for one in articles)])), *known]
    absent = tuple(lacking(claim.text, *known))
    found = signals(claim, interactions, best, text[span.start : span.end], absent, articles)
    return Support(best, span, round(found.score, 4), absent, _contrary(interactions))


def signals(
    claim: Question,
    interactions: Sequence[Interaction],
    best: int,
    sentence: str,
    absent: Sequence[Fact],
    articles: Sequence[WholeArticle],
) -> SupportSignals:
    """The signals of a claim; `sentence` is the best passage's best, `absent` what none has."""
    reading = interactions[best].reading
    return SupportSignals(
        near=interactions[best].nearness,
        passage=max(_share(claim, [one.terms]) for one in interactions),
        article=_share(claim, [article.terms for article in articles]),
        missing=math.log1p(len(absent)),
        negation=float(is_negated(claim.text) != is_negated(sentence)),
        supports=log_odds(reading, _SUPPORTS) if reading else None,
    )


def _share(claim: Question, texts: Sequence[Set[str]]) -> float:
    """The share of a claim's words that are among those of one of the texts, or of another."""
    found = sum(
        any(term in one or not one.isdisjoint(claim.forms.get(term, ())) for one in texts)
        for term in claim.terms
    )
    return found / max(1, len(claim.terms))


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
    """Hits and interactions, and so many of them read: of each article the nearest, then others."""
    order = sorted(range(len(hits)), key=lambda i: -read[i].nearness)
    nearest_of = {hits[i].source.article_id: i for i in reversed(order)}
    order.sort(key=lambda i: nearest_of[hits[i].source.article_id] != i)
    hits, read = [hits[i] for i in order], [read[i] for i in order]
    made = readings(reader, text, hits[:count])
    first = [replace(one, reading=m) for one, m in zip(read, made, strict=False)]
    return hits, first + read[len(first) :]
