"""A deterministic encoder without a model: words hashed to signed dimensions.

It understands nothing, but equal words give equal vectors on every machine, so tests can assert
exact results and run in milliseconds.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from embeddings.types import Encoded, TokenVectors, Vectors

_WORD = re.compile(r"\w+")
# A long "word" would count as one token, and a passage could then grow without end.
_TOKEN = re.compile(r"\w{1,32}|[^\w\s]")


class HashEncoder:
    """Bag of hashed words; cosine is word overlap."""

    name = "hash"
    dimension = 256
    max_tokens = 254
    digest = hashlib.sha256(b"footnote hash encoder 1, 256 dimensions").hexdigest()

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in _TOKEN.finditer(text)]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        vectors = _bags(texts, self.dimension)
        return [Encoded(v, self._tokens(text)) for v, text in zip(vectors, texts, strict=True)]

    encode_queries = encode_passages

    def _tokens(self, text: str) -> TokenVectors:
        words = list(_WORD.finditer(text))[: self.max_tokens]
        spans = np.array([word.span() for word in words], np.int32).reshape(-1, 2)
        return TokenVectors(_bags([word.group() for word in words], self.dimension), spans)


def _bags(texts: Sequence[str], dimension: int) -> Vectors:
    vectors = np.zeros((len(texts), dimension), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in _WORD.findall(text.casefold()):
            index, sign = _place(word, dimension)
            row[index] += sign
        norm = np.linalg.norm(row)
        if norm:
            row /= norm
        else:  # no word, or all cancelled out: any unit vector, but always the same one
            row[0] = 1.0
    return vectors


@lru_cache(maxsize=65536)
def _place(word: str, dimension: int) -> tuple[int, float]:
    number = int.from_bytes(
        hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest()
    )
    return number % dimension, 1.0 if (number >> 32) & 1 else -1.0
