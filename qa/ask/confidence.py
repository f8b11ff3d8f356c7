"""How sure it is that the first passages answer: a logistic function of four signals.

- sentence: how near the question comes to the best sentence (late interaction, 0..1)
- coverage: the share of the question's words, by rarity, that the passages have (0..1)
- rarity: of the question's words, in the mean; the same nearness to rare words says more
- length: logarithm of the number of the question's words; no one sentence comes near to a long one

The coefficients are data: coefficients.json, fitted on training questions. How, and what other
signals were worth: docs/decisions/0005-confidence.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

from qa.retrieval.late_interaction import Interaction, Question, mean

# How many passages, the first ones, an answer is looked for in.
JUDGED = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is computed from."""

    sentence: float
    coverage: float
    rarity: float
    length: float

    @classmethod
    def of(cls, question: Question, interactions: Sequence[Interaction]) -> Signals:
        """The signals of an answer; `interactions` are in its order, and the first JUDGED count."""
        first = interactions[:JUDGED]
        terms = {term for interaction in first for term in interaction.terms}
        return cls(
            sentence=max((mean(s.near) for r in first for s in r.sentences), default=0.0),
            coverage=question.coverage(terms),
            rarity=sum(question.terms.values()) / max(1, len(question.terms)),
            length=math.log1p(len(question.terms)),
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
        return 1 / (1 + math.exp(-z))


@dataclass(frozen=True, slots=True)
class Coefficients:
    """The fitted numbers behind ranking and confidence, for one encoder."""

    ranking: Mapping[str, float]  # by feature (rerank.py)
    confidence: Confidence
    threshold: float  # from which confidence a question counts as answered


@cache
def coefficients(encoder: str) -> Coefficients:
    """The coefficients fitted for this encoder; those of `other` (words alone) if it has none."""
    data = json.loads(resources.files(__package__).joinpath("coefficients.json").read_text("utf-8"))
    found = data["encoders"].get(encoder, data["encoders"]["other"])
    return Coefficients(found["ranking"], Confidence(**found["confidence"]), found["threshold"])
