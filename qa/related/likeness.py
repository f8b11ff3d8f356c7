"""How alike two passages are, by their own tokens and without the title in front of the first ones.

A title helps a question to find its article. Between passages it relates what headlines have in
common. Without it, a passage's vector is the mean of its own tokens, which the store keeps. And two
passages are read against each other, token by token, both ways (MaxSim): with cosines (0.9, 0.2) of
the one's tokens and (0.1, 0.5) of the other's, nearness is their mean of 0.425.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.late_interaction import best
from qa.storage.published import Indexes
from qa.storage.sqlite import Store
from qa.storage.token_vectors import PassageTokens, unpack
from qa.types import Hit, Ranked

Vectors = NDArray[np.float32]
# Candidates, best first, that are read; the others come after them.
READ = 50


def untitled(passage: PassageTokens, vector: Vectors) -> Vectors:
    """The passage's vector as it is without a title; `vector` is the one that is stored."""
    return pooled(passage) if (passage.tokens.spans[:, 0] < 0).any() else vector


def pooled(passage: PassageTokens) -> Vectors:
    """The mean of the passage's own tokens, of unit length; shape (dimension,). 0 without any."""
    total = own(passage).sum(axis=0)
    unit: Vectors = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
    return unit


def own(passage: PassageTokens) -> Vectors:
    """The vectors of the tokens that are not the title's; shape (tokens, dimension)."""
    return passage.tokens.vectors[passage.tokens.spans[:, 0] >= 0]


def nearness(one: Vectors, other: Vectors) -> float:
    """The mean of every token's best cosine on the other side, both ways; 0 without tokens."""
    if not len(one) or not len(other):
        return 0.0
    cosines = one @ other.T
    return float(best(cosines).mean() + best(cosines.T).mean()) / 2


class Likeness:
    """One passage or text against candidates, each read once."""

    def __init__(self, store: Store, snapshot: Indexes, tokens: Vectors) -> None:
        """`tokens` are those of the passage that others are to be like; (tokens, dimension)."""
        self._store = store
        self._dimension = snapshot.vectors.dimension
        self._tokens = tokens
        self._read: dict[int, tuple[Vectors, float]] = {}

    def vectors(self, keys: NDArray[np.int64]) -> Vectors:
        """Shape (len(keys), dimension), each of unit length."""
        return np.stack([vector for vector, _ in self._of(keys)])

    def of(self, hits: Sequence[Hit]) -> Vectors:
        """Those of hits; shape (len(hits), dimension)."""
        vectors = [vector for vector, _ in self._of(np.array([h.chunk for h in hits], np.int64))]
        return np.array(vectors, np.float32).reshape(len(hits), self._dimension)

    def rescored(self, ranked: Ranked, vector: Vectors) -> Ranked:
        """The list, its first passages by cosine with `vector` and nearness, the others behind."""
        first, rest = ranked.keys[:READ], ranked.scores[READ:]
        if not len(first):
            return ranked
        scores = self.vectors(first) @ vector + np.array([near for _, near in self._of(first)])
        order = np.argsort(-scores, kind="stable")
        if len(rest):  # as far apart as they were
            rest = rest - rest[0] + scores.min()
        keys = np.concatenate([first[order], ranked.keys[READ:]])
        return Ranked(keys, np.concatenate([scores[order], rest]).astype(np.float32))

    def _of(self, keys: NDArray[np.int64]) -> list[tuple[Vectors, float]]:
        wanted = [key for key in keys.tolist() if key not in self._read]
        stored = self._store.vectors(np.array(wanted, np.int64), self._dimension)
        readings = self._store.readings(wanted)
        for key, vector in zip(wanted, stored, strict=True):
            passage = unpack(readings[key], self._dimension)
            near = nearness(self._tokens, own(passage))
            self._read[key] = untitled(passage, vector), near
        return [self._read[key] for key in keys.tolist()]
