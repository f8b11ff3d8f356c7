"""How sure it is that the first passages answer: a logistic function of a few signals.

- sentence: how near the question comes to the best sentence (late interaction, 0..1)
- coverage: the share of the question's words, by rarity, that the passages have (0..1)
- rarity: of the question's words, in the mean; the same nearness to rare words says more
- length: logarithm of the number of the question's words; no one sentence comes near to a long one
- margin: how much better the best words answer than none do, where a reader read
- relevance: the reader's log-odds that the best passage is relevant

The coefficients are data: coefficients.json, fitted on training questions. How, and what other
signals were worth: docs/decisions/0005-confidence.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources

from qa.retrieval.late_interaction import Interaction, Question, mean
from qa.retrieval.reading import margin
from qa.types import Depth

# How many passages, the first ones, an answer is looked for in.
JUDGED = 3
# A question that has less than this share of its words in them is in another language than they.
APART = 0.2
# The threshold of a confidence that was calibrated on the collection's own questions.
CALIBRATED_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is computed from."""

    sentence: float
    coverage: float
    rarity: float
    length: float
    margin: float = 0.0
    relevance: float = 0.0

    @classmethod
    def of(cls, question: Question, interactions: Sequence[Interaction]) -> Signals:
        """The signals of an answer; `interactions` are in its order, and the first JUDGED count."""
        first = interactions[:JUDGED]
        made = [one.reading for one in first if one.reading]
        return cls(
            sentence=max((mean(s.near) for r in first for s in r.sentences), default=0.0),
            coverage=coverage(question, first),
            rarity=sum(question.terms.values()) / max(1, len(question.terms)),
            length=math.log1p(len(question.terms)),
            margin=max(map(margin, made), default=0.0),
            relevance=max((reading.relevance for reading in made), default=0.0),
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """The logistic function of the signals, with its coefficients."""

    intercept: float
    weights: Mapping[str, float]  # by signal

    def __call__(self, signals: Signals) -> float:
        """How sure it is that passages with these signals answer, 0..1.

        >>> Confidence(-2.0, {"sentence": 4.0})(Signals(0.5, 0.0, 0.0, 0.0))
        0.5
        """
        values = asdict(signals)
        z = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return (1 + math.tanh(z / 2)) / 2  # which is 1 / (1 + exp(-z)), and never too large

    def scaled(self, scale: float, shift: float) -> Confidence:
        """The same with its log-odds scaled and shifted, which is such a function again.

        >>> Confidence(-2.0, {"sentence": 4.0}).scaled(0.5, 1.0)
        Confidence(intercept=0.0, weights={'sentence': 2.0})
        """
        weights = {name: scale * weight for name, weight in self.weights.items()}
        return Confidence(scale * self.intercept + shift, weights)


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The fitted numbers behind ranking and confidence, for one encoder."""

    ranking: Mapping[str, float]  # by feature (rerank.py)
    reading: Mapping[str, float]  # likewise, of what a reader read
    confidence: Mapping[Depth, Confidence]
    threshold: Mapping[Depth, float]  # from which confidence a question counts as answered
    # For questions in another language than the passages: of encoders that know several.
    across: Confidence | None = None
    across_ranking: Mapping[str, float] | None = None

    def ranking_of(self, question: Question) -> Mapping[str, float]:
        """The weights of ranking: what words in common are worth depends on the language."""
        return (question.foreign and self.across_ranking) or self.ranking

    def apart(self, question: Question, interactions: Sequence[Interaction]) -> bool:
        """Whether a question is in another language than its passages: by its own words, or as
        they have none of these.

        Always false for an encoder that knows one language.
        """
        if self.across is None:
            return False
        return question.foreign or coverage(question, interactions) < APART

    def sure(self, question: Question, interactions: Sequence[Interaction], depth: Depth) -> float:
        """How sure it is that the first of these passages answer, as far as they were read."""
        apart = depth == "off" and self.apart(question, interactions)
        rule = self.across if self.across and apart else self.confidence[depth]
        return rule(Signals.of(question, interactions))

    def calibrated(self, depth: Depth, scale: float, shift: float) -> Coefficients:
        """The same with the confidence of one depth scaled (qa/ask/calibration.py)."""
        scaled = self.confidence[depth].scaled(scale, shift)
        return replace(
            self,
            confidence={**self.confidence, depth: scaled},
            threshold={**self.threshold, depth: CALIBRATED_THRESHOLD},
        )


def coverage(question: Question, interactions: Sequence[Interaction]) -> float:
    """The share of the question's words, by rarity, that the first JUDGED passages have."""
    return question.coverage({term for one in interactions[:JUDGED] for term in one.terms})


@cache
def coefficients(encoder: str) -> Coefficients:
    """The coefficients fitted for this encoder; those of `other` (words alone) if it has none."""
    data = json.loads(resources.files(__package__).joinpath("coefficients.json").read_text("utf-8"))
    found = data["encoders"].get(encoder, data["encoders"]["other"])
    if isinstance(found, str):  # the same model by another name
        found = data["encoders"][found]
    confidence = {depth: Confidence(**fitted) for depth, fitted in found["confidence"].items()}
    across = Confidence(**found["across"]) if "across" in found else None
    return Coefficients(
        found["ranking"],
        data["reading"],
        confidence,
        found["threshold"],
        across,
        found.get("across_ranking"),
    )
