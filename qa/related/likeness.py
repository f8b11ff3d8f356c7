"""How alike two passages are, by their own tokens and without the title in front of the first ones.

A title helps a question to find its article. Between passages it relates what headlines have in
common. Without it, a passage's vector is the mean of its own tokens, which the store keeps. And two
passages are compared token by token, both ways (MaxSim): with cosines (0.9, 0.2) of the one's
tokens and (0.1, 0.5) of the other's, nearness is their mean of 0.425.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.retrieval.late_interaction import best
from qa.storage.token_vectors import PassageTokens
from qa.storage.view import View
from qa.types import Hit, Ranked

Vectors = NDArray[np.float32]
# How many candidates, best first, are compared token by token; the others come after them.
COMPARED = 50


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
    """The likeness of candidates to one passage or text; each is compared once."""

    def __init__(self, view: View, tokens: Vectors) -> None:
        """`tokens` are the vectors of what others are to be like; shape (tokens, dimension)."""
        self._view = view
        self._tokens = tokens
        self._read: dict[int, tuple[Vectors, float]] = {}

    def vectors(self, keys: NDArray[np.int64]) -> Vectors:
        """The chunks' own vectors, without titles; shape (len(keys), dimension), unit length."""
        return np.stack([vector for vector, _ in self._of(keys)])

    def of(self, hits: Sequence[Hit]) -> Vectors:
        """The hits' own vectors, without titles; shape (len(hits), dimension)."""
        vectors = [vector for vector, _ in self._of(np.array([h.chunk for h in hits], np.int64))]
        return np.array(vectors, np.float32).reshape(len(hits), self._tokens.shape[1])

    def rescored(self, ranked: Ranked, vector: Vectors) -> Ranked:
        """The list, its first passages by cosine with `vector` and nearness, the others behind."""
        first, rest = ranked.keys[:COMPARED], ranked.scores[COMPARED:]
        if not len(first):
            return ranked
        scores = self.vectors(first) @ vector + np.array([near for _, near in self._of(first)])
        order = np.argsort(-scores, kind="stable")
        if len(rest):  # as far apart as they were
            rest = rest - rest[0] + scores.min()
        keys = np.concatenate([first[order], ranked.keys[COMPARED:]])
        return Ranked(keys, np.concatenate([scores[order], rest]).astype(np.float32))

    def _of(self, keys: NDArray[np.int64]) -> list[tuple[Vectors, float]]:
        wanted = [key for key in keys.tolist() if key not in self._read]
        vectors, passages = self._view.vectors(wanted), self._view.token_vectors(wanted)
        for key, vector, passage in zip(wanted, vectors, passages, strict=True):
            near = nearness(self._tokens, own(passage))
            self._read[key] = untitled(passage, vector), near
        return [self._read[key] for key in keys.tolist()]
