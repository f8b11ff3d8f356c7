"""Reranking the first hits by late interaction, with the encoder's own token vectors.

MaxSim (Khattab and Zaharia, ColBERT, 2020): each token of the question takes its best cosine among
the tokens of the passage; the mean over the question's tokens is the score. No training is needed:
the vectors are those that the encoder pools into the passage's one vector anyway.

With two tokens on either side and cosines (0.9, 0.2) and (0.1, 0.5): (0.9 + 0.5) / 2 = 0.7.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from embeddings import Encoder, TokenVectors
from qa.types import Hit, Span

# How many hits are read again, and how much that counts: docs/decisions/0004-late-interaction.md.
DEPTH = 10
WEIGHT = 0.5
# About 200 full passages: what is asked about again and again is not encoded again.
CACHE_BYTES = 64 * 1024 * 1024


class TokenCache:
    """Token vectors of the passages that were read last. Safe to use from many threads."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._held = 0
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, TokenVectors] = OrderedDict()

    def get(self, encoder: Encoder, texts: Sequence[str]) -> list[TokenVectors]:
        """One for each text, in order."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
            for text in found:
                self._kept.move_to_end(text)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, encoder.passage_tokens(missing), strict=True))
            with self._lock:
                self._keep({text: found[text] for text in missing})
        return [found[text] for text in texts]

    def _keep(self, new: dict[str, TokenVectors]) -> None:
        for text, tokens in new.items():
            if text not in self._kept:
                self._kept[text] = tokens
                self._held += _size(tokens)
        while self._held > self._limit:
            _, tokens = self._kept.popitem(last=False)
            self._held -= _size(tokens)


def maxsim(query: TokenVectors, passage: TokenVectors, span: Span | None = None) -> float:
    """The mean best cosine of the query's tokens, within `span` of the passage if given."""
    vectors = passage.vectors
    if span is not None:
        starts, ends = passage.spans[:, 0], passage.spans[:, 1]
        vectors = vectors[(starts >= span.start) & (ends <= span.end)]
    if not len(vectors) or not len(query.vectors):
        return 0.0
    return float((query.vectors @ vectors.T).max(axis=1).mean())


def rerank(query: TokenVectors, hits: Sequence[Hit], read: Mapping[str, TokenVectors]) -> list[Hit]:
    """The hits in their new order. `read` has the passages' tokens by id; hits that are not in it
    get no bonus, and so stay behind those that are."""
    near = [maxsim(query, read[h.passage.id]) if h.passage.id in read else None for h in hits]
    known = [value for value in near if value is not None]
    low, width = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    scored = [
        replace(
            hit, score=round((1 - WEIGHT) * hit.score + WEIGHT * _stretched(value, low, width), 6)
        )
        for hit, value in zip(hits, near, strict=True)
    ]
    return sorted(scored, key=lambda hit: -hit.score)


def _stretched(value: float | None, low: float, width: float) -> float:
    if value is None:
        return 0.0
    return (value - low) / width if width > 0 else 1.0


def _size(tokens: TokenVectors) -> int:
    return tokens.vectors.nbytes + tokens.spans.nbytes
