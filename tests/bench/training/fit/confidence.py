"""The logistic function of the signals that says how sure it is that the passages answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa.types import Depth
from tests.bench.training.fit.examples import Example, Matrix

# What each kind of question weighs in a set, all of its questions together.
SHARES = {
    "own": 2.0,
    "foreign": 1.0,
    "hidden": 1.0,
    "deceptive": 1.0,
    "two own": 0.3,
    "two foreign": 0.3,
}
SEEDS_SHARE = 5.0
Rule = tuple[float, Matrix]  # intercept and weights


def signals_of(examples: Sequence[Example], depth: Depth, names: Sequence[str]) -> Matrix:
    """The signals of each example, shape (examples, names)."""
    return np.array([[getattr(e.signals[depth], name) for name in names] for e in examples])


def fit_confidence(
    sets: Sequence[Sequence[Example]], seeds: Sequence[Example], depth: Depth, names: Sequence[str]
) -> Rule:
    """Intercept and weights, shape (names,)."""
    examples: list[Example] = []
    shares: list[float] = []
    for part in sets:
        for kind, share in SHARES.items():
            found = [e for e in part if e.kind == kind]
            examples += found
            shares += [share / max(1, len(found))] * len(found)
    for answerable in (True, False):
        found = [e for e in seeds if e.answerable == answerable]
        examples += found
        shares += [SEEDS_SHARE / 2 / len(found)] * len(found)
    x, y = signals_of(examples, depth, names), np.array([e.answerable for e in examples])
    middle, width = x.mean(axis=0), x.std(axis=0)
    weights = np.array(shares) * len(shares) / np.sum(shares)
    model = LogisticRegression().fit((x - middle) / width, y, sample_weight=weights)
    slopes = model.coef_[0] / width
    return float(model.intercept_[0] - slopes @ middle), slopes


def separation(
    examples: Sequence[Example], against: str, depth: Depth, names: Sequence[str], rule: Rule
) -> float:
    """AUROC of own questions against those of a kind that have no answer; NaN without any."""
    chosen = [e for e in examples if e.kind in ("own", against)]
    if all(e.kind == "own" for e in chosen):
        return float("nan")
    scores = rule[0] + signals_of(chosen, depth, names) @ rule[1]
    return float(roc_auc_score([e.kind == "own" for e in chosen], scores))
