"""Vectors of passages as they read without the title that the first of an article has in front.

A title helps a question to find its article. Between passages it relates what headlines have in
common. The vector without it is the mean of the passage's own tokens, which the store keeps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.generations import Snapshot
from qa.store import Store
from qa.tokens import PassageTokens, unpack
from qa.types import Ranked

Vectors = NDArray[np.float32]
# Candidates, best first, that are looked at without their title.
RESCORED = 100


def pooled(passage: PassageTokens) -> Vectors:
    """The mean of the passage's own tokens, of unit length; shape (dimension,)."""
    vectors, spans = passage.tokens.vectors, passage.tokens.spans
    mean = vectors[spans[:, 0] >= 0].mean(axis=0)
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), 1e-12)).astype(np.float32)
    return unit


class Untitled:
    """The vectors of one search, each made once."""

    def __init__(self, store: Store, snapshot: Snapshot) -> None:
        self._store = store
        self._dimension = snapshot.vectors.dimension
        self._known: dict[int, Vectors] = {}

    def vectors(self, keys: NDArray[np.int64]) -> Vectors:
        """Shape (len(keys), dimension), each of unit length."""
        wanted = [key for key in keys.tolist() if key not in self._known]
        for key, data in self._store.readings(wanted).items():
            self._known[key] = pooled(unpack(data, self._dimension))
        return np.stack([self._known[key] for key in keys.tolist()])

    def rescored(self, ranked: Ranked, vector: Vectors) -> Ranked:
        """The list with its first passages scored by these vectors, best first."""
        first, rest = ranked.keys[:RESCORED], ranked.keys[RESCORED:]
        if not len(first):
            return ranked
        scores = np.concatenate([self.vectors(first) @ vector, ranked.scores[RESCORED:]])
        order = np.lexsort((np.arange(len(scores)), -scores))
        keys = np.concatenate([first, rest])[order]
        return Ranked(keys, scores[order].astype(np.float32))
