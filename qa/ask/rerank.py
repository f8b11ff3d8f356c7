"""The first hits, put in order once more by what reading them shows.

The features of a hit are stretched to 0..1 among the hits that are read (min-max, as in
qa.retrieval.fusion) and added up with weights that were fitted on training questions
(docs/decisions/0007-ranking-features.md); qa/ask/coefficients.json holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.late_interaction import Reading
from qa.types import Hit

# How many hits are read.
DEPTH = 20
FEATURES = ("lexical", "nearness", "pairs", "sentence_coverage", "sentence_cosine", "lead")


def rerank(
    hits: Sequence[Hit], readings: Sequence[Reading], weights: Mapping[str, float]
) -> tuple[list[Hit], list[Reading]]:
    """Hits and readings in their new order; hits past the readings stay behind, as they were.

    Scores: 0.5..1 for what was read, below that for what was not.
    """
    read, rest = hits[: len(readings)], hits[len(readings) :]
    scores = stretched(features(read, readings)) @ _vector(weights)
    order = np.argsort(-scores, kind="stable").tolist()
    first = [replace(read[i], score=round(0.5 + float(scores[i]) / 2, 6)) for i in order]
    behind = [replace(hit, score=round(hit.score / 2, 6)) for hit in rest]
    return first + behind, [readings[i] for i in order]


def features(hits: Sequence[Hit], readings: Sequence[Reading]) -> NDArray[np.float32]:
    """Shape (hits, features): of each pair, in the order of FEATURES."""
    rows = [
        (
            hit.lexical or 0.0,
            reading.nearness,
            reading.pairs,
            max((s.coverage for s in reading.sentences), default=0.0),
            max((s.cosine for s in reading.sentences), default=0.0),
            float(hit.lead),
        )
        for hit, reading in zip(hits, readings, strict=True)
    ]
    return np.array(rows, np.float32).reshape(-1, len(FEATURES))


def stretched(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each feature over 0..1; one in which all hits are equal is 1."""
    if not len(rows):
        return rows
    low, width = rows.min(axis=0), np.ptp(rows, axis=0)
    spread: NDArray[np.float32] = np.where(
        width > 0, (rows - low) / np.where(width > 0, width, 1), 1
    )
    return spread


def _vector(weights: Mapping[str, float]) -> NDArray[np.float32]:
    """Adding up to 1."""
    found = np.array([weights[name] for name in FEATURES], np.float32)
    unit: NDArray[np.float32] = found / found.sum()
    return unit
