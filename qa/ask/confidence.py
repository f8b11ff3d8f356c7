"""How sure it is that the first passages answer: a logistic function of four signals.

- sentence: how near the question comes to the best sentence (late interaction, 0..1)
- coverage: the share of the question's words, by rarity, that the passages have (0..1)
- rarity: of the question's words, in the mean; the same nearness to rare words says more
- length: logarithm of the number of the question's words; no one sentence comes near to a long one

The coefficients are data (qa.ask.coefficients); how they were fitted and what other signals were
worth: docs/decisions/0005-confidence.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from qa.retrieval.late_interaction import Question, Reading, mean

# The first so many passages are what an answer is looked for in.
READ = 3


@dataclass(frozen=True, slots=True)
class Signals:
    """What confidence is computed from."""

    sentence: float
    coverage: float
    rarity: float
    length: float

    @classmethod
    def of(cls, question: Question, readings: Sequence[Reading]) -> Signals:
        """`readings` in the order of the answer; those after the first READ do not count."""
        first = readings[:READ]
        terms = {term for reading in first for term in reading.terms}
        return cls(
            sentence=max((mean(s.near) for r in first for s in r.sentences), default=0.0),
            coverage=question.coverage(terms),
            rarity=sum(question.terms.values()) / max(1, len(question.terms)),
            length=math.log1p(len(question.terms)),
        )


@dataclass(frozen=True, slots=True)
class Confidence:
    """The coefficients."""

    intercept: float
    weights: Mapping[str, float]  # by signal

    def __call__(self, signals: Signals) -> float:
        """
        >>> Confidence(-2.0, {"sentence": 4.0})(Signals(0.5, 0.0, 0.0, 0.0))
        0.5
        """
        values = asdict(signals)
        z = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-z))
