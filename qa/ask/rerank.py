"""The first hits, put in order once more by how the question interacts with each.

The features of a hit are stretched to 0..1 among these hits (min-max, as in
qa.retrieval.fusion) and added up with weights that were fitted on training questions
(docs/decisions/0007-ranking-features.md); coefficients.json holds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.late_interaction import Interaction
from qa.retrieval.reading import margin
from qa.text.words import asks_for_sentence
from qa.types import Depth, Hit

# How many hits are put in order.
RERANKED = 20
# How many of them a reader reads.
READ: Mapping[Depth, int] = {"deep": 6, "fast": 1, "off": 0}
READ_FEATURES = ("order", "relevance", "margin")
FEATURES = ("lexical", "nearness", "pairs", "sentence_coverage", "sentence_cosine", "lead")


def rerank(
    hits: Sequence[Hit], interactions: Sequence[Interaction], weights: Mapping[str, float]
) -> tuple[list[Hit], list[Interaction]]:
    """Hits and interactions in their new order; hits without interaction stay behind, as they were.

    Scores: 0.5..1 for a hit with an interaction, below that for one without.
    """
    read, rest = hits[: len(interactions)], hits[len(interactions) :]
    scores = stretched(features(read, interactions)) @ _vector(weights)
    order = np.argsort(-scores, kind="stable").tolist()
    first = [replace(read[i], score=round(0.5 + float(scores[i]) / 2, 6)) for i in order]
    behind = [replace(hit, score=round(hit.score / 2, 6)) for hit in rest]
    return first + behind, [interactions[i] for i in order]


def reread(
    question: str,
    hits: Sequence[Hit],
    interactions: Sequence[Interaction],
    weights: Mapping[str, float],
) -> tuple[list[Hit], list[Interaction]]:
    """The hits that a reader read, which come first, in the order that follows from its reading.

    Scores: 0.75..1 for a hit that was read, in that order; below that for the others. Where it read
    one or none, all stay as they are. The reader learnt from questions that words answer; for those
    that a whole sentence does ("Why …?") what it says counts half.
    """
    count = sum(interaction.reading is not None for interaction in interactions)
    if count < 2:
        return list(hits), list(interactions)
    values = standardised(read_features(hits[:count], interactions[:count]))
    counts = np.array([weights[name] for name in READ_FEATURES], np.float32)
    if asks_for_sentence(question):
        counts[1:] /= 2
    sums = values @ counts
    order = np.argsort(-sums, kind="stable").tolist()
    odds = 1 / (1 + np.exp(-sums))
    first = [replace(hits[i], score=round(0.75 + float(odds[i]) / 4, 6)) for i in order]
    behind = [replace(hit, score=round(hit.score * 0.75, 6)) for hit in hits[count:]]
    return first + behind, [*(interactions[i] for i in order), *interactions[count:]]


def standardised(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each feature with a mean of 0 and a deviation of 1; one in which all hits are equal is 0.

    How far apart a reader's outputs are depends on how like its training the texts are; which of
    them is greater hardly does.
    """
    deviation = rows.std(axis=0)
    spread: NDArray[np.float32] = np.where(
        deviation > 0, (rows - rows.mean(axis=0)) / np.where(deviation > 0, deviation, 1), 0
    )
    return spread


def read_features(hits: Sequence[Hit], interactions: Sequence[Interaction]) -> NDArray[np.float32]:
    """The features of each hit that was read, in the order of READ_FEATURES."""
    rows = [
        (hit.score, interaction.reading.relevance, margin(interaction.reading))
        for hit, interaction in zip(hits, interactions, strict=True)
        if interaction.reading
    ]
    return np.array(rows, np.float32).reshape(-1, len(READ_FEATURES))


def features(hits: Sequence[Hit], interactions: Sequence[Interaction]) -> NDArray[np.float32]:
    """The features of each hit, in the order of FEATURES; shape (hits, features)."""
    rows = [
        (
            hit.lexical or 0.0,
            interaction.nearness,
            interaction.pairs,
            max((s.coverage for s in interaction.sentences), default=0.0),
            max((s.cosine for s in interaction.sentences), default=0.0),
            float(hit.lead),
        )
        for hit, interaction in zip(hits, interactions, strict=True)
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
    """The weights in the order of FEATURES, adding up to 1."""
    found = np.array([weights[name] for name in FEATURES], np.float32)
    unit: NDArray[np.float32] = found / found.sum()
    return unit
