"""Platt scaling: a confidence that means what it says, by two numbers fitted on judged questions.

The log-odds of the confidence are scaled and shifted so that the logistic function of them comes as
near as can be to what was right. So that few questions do not promise certainty, right is taken for
(r + 1) / (r + 2) and wrong for 1 / (w + 2), of r and w questions (Platt 1999).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Right = NDArray[np.bool_]
FOLDS = 10
# Confidence is told with four digits: what is told as 0 or 1 is not quite that.
LEAST = 0.00005
# A scale below this is what is left of 0 by rounding.
_NONE = 1e-6
_STEPS = 100  # ten are usual


def log_odds(confidence: Values) -> Values:
    """The log-odds of confidences as they are told.

    >>> log_odds(np.array([0.5, 0.0])).round(2).tolist()
    [0.0, -9.9]
    """
    kept = np.clip(confidence, LEAST, 1 - LEAST)
    odds: Values = np.log(kept / (1 - kept))
    return odds


def logistic(odds: Values) -> Values:
    """The confidences of log-odds."""
    confidence: Values = (1 + np.tanh(odds / 2)) / 2
    return confidence


def fit(odds: Values, right: Right) -> tuple[float, float]:
    """What to scale the log-odds by, 0 or more, and then to add; 0 where they tell nothing apart.

    >>> scale, shift = fit(np.array([-1.0, 1.0, -1.0, 1.0]), np.array([False, True, True, False]))
    >>> (scale, round(shift, 6))
    (0.0, 0.0)
    """
    wanted = np.where(right, (right.sum() + 1) / (right.sum() + 2), 1 / ((~right).sum() + 2))
    middle, share = float(odds.mean()), float(wanted.mean())
    scale, height = _nearest(odds - middle, wanted, math.log(share / (1 - share)))
    if scale > _NONE:
        return scale, height - scale * middle
    return 0.0, math.log(share / (1 - share))


def _nearest(odds: Values, wanted: Values, height: float) -> tuple[float, float]:
    """The line whose logistic function has the least cross-entropy, by Newton's steps.

    What is wanted is never 0 or 1, so there is one; a step that leads up is halved.
    """
    rows = np.stack([odds, np.ones_like(odds)])
    line, loss = np.array([0.0, height]), _cross_entropy(height + 0 * odds, wanted)
    for _ in range(_STEPS):
        found = logistic(line @ rows)
        slope = rows @ (found - wanted)
        bent = (rows * (found * (1 - found))) @ rows.T + _NONE**2 * np.eye(2)
        step = np.linalg.solve(bent, slope)
        while (now := _cross_entropy((line - step) @ rows, wanted)) > loss and step.any():
            step = np.where(np.abs(step) > _NONE**2, step / 2, 0)
        line, loss = line - step, now
        if np.abs(step).max() < _NONE**2:
            break
    return float(line[0]), float(line[1])


def _cross_entropy(odds: Values, wanted: Values) -> float:
    return float((np.logaddexp(0, odds) - wanted * odds).sum())


def cross_validated(odds: Values, right: Right) -> Values:
    """The confidence of each question by numbers that were fitted on the others, tenth by tenth.

    Every tenth has its share of the right ones.
    """
    fold = np.empty(len(odds), np.int64)
    fold[np.argsort(~right, kind="stable")] = np.arange(len(odds)) % FOLDS
    found = np.empty_like(odds)
    for number in range(FOLDS):
        held = fold == number
        scale, shift = fit(odds[~held], right[~held])
        found[held] = logistic(scale * odds[held] + shift)
    return found
