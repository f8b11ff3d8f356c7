"""Weights that put judged passages first, and what the reader counts beside nearness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tests.bench.training.fit.examples import Example, Matrix

REGULARISATION = 1e-3
# Each is the hits' features, shape (hits, features), and which of them are judged to answer.
Lists = Sequence[tuple[Matrix, NDArray[np.bool_]]]


def fit_ranking(sets: Sequence[Lists], *, unit: bool = True) -> Matrix:
    """Weights >= 0, shape (features,), that add up to 1 if they are to be of `unit` size."""
    ranked = [[(x, r) for x, r in each if r.any()] for each in sets]
    ranked = [each for each in ranked if each]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.0, np.zeros_like(weights)
        for examples in ranked:
            for x, relevant in examples:
                z = x @ weights
                odds = np.exp(z - z.max())
                right = odds * relevant
                total -= np.log(right.sum() / odds.sum()) / len(examples)
                change = odds / odds.sum() - right / right.sum()
                slope += change @ x / len(examples)
        n = len(ranked)
        return (
            total / n + REGULARISATION * float(weights @ weights),
            slope / n + 2 * REGULARISATION * weights,
        )

    count = ranked[0][0][0].shape[1]
    bounds = [(0, None)] * count
    found = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(found / found.sum() if unit else found)


def fit_sentences(sets: Sequence[Sequence[Example]]) -> dict[str, float]:
    """The share of sentences chosen right for each weight of the reader beside nearness."""
    examples = [e.sentences for each in sets for e in each if e.kind == "own" and e.sentences]
    found = {}
    for weight in (0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.2, 0.5, 1.0, 100.0):
        right = [r[int((s[:, 0] + weight * s[:, 1]).argmax())] for s, r in examples]
        found[str(weight)] = round(float(np.mean(right)), 4)
    return found
