"""The sentences and token vectors that a passage is compared by, packed.

A vector is kept as signs: each coordinate is -1, 0 or +1 times one factor, with 0 for those that
are small against the vector's own size (ternary quantisation with the threshold that is best for
normally distributed values). Five coordinates go into a byte, since 3**5 = 243: with 384
dimensions a token takes 83 bytes instead of 1,536, and ranking and sentences come out the same
(docs/decisions/0006-stored-token-vectors.md).

Layout, little endian: tokens, sentences: uint16 · sentence spans, token spans: int16 pairs ·
factors: float16 · codes: uint8, ceil(dimension / 5) for each token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings import TokenVectors
from qa.types import Span

# Share of the root mean square; the best for a ternary code of a normal distribution.
THRESHOLD = 0.612
_POWERS = 3 ** np.arange(5, dtype=np.uint8)
_DIGITS = (np.arange(243)[:, None] // _POWERS % 3 - 1).astype(np.float32)  # code -> 5 signs


@dataclass(frozen=True, slots=True, eq=False)
class PassageTokens:
    """Sentences and token vectors of a passage; spans count from its beginning.

    Tokens of what stood in front of it when it was encoded (the title) have negative spans.
    """

    tokens: TokenVectors
    sentences: tuple[Span, ...]


def pack(passage: PassageTokens) -> bytes:
    """The packed bytes. Raises ValueError for spans past 32,767: passages are far shorter."""
    vectors, spans = passage.tokens.vectors, passage.tokens.spans
    sentences = np.array([(s.start, s.end) for s in passage.sentences], np.int64).reshape(-1, 2)
    if max(np.abs(spans).max(initial=0), sentences.max(initial=0)) > np.iinfo(np.int16).max:
        raise ValueError("a passage is longer than its spans can say")
    size = np.sqrt(np.mean(vectors**2, axis=1, keepdims=True))
    signs = np.sign(vectors) * (np.abs(vectors) > THRESHOLD * size)
    # With this factor the product with the vector itself is 1, as it was.
    product = np.sum(signs * vectors, axis=1)
    factors = np.divide(1, product, out=np.zeros_like(product), where=product > 0)
    padding = -vectors.shape[1] % 5
    digits = np.pad(signs.astype(np.int8) + 1, ((0, 0), (0, padding)), constant_values=1)
    codes = digits.astype(np.uint8).reshape(-1, 5) @ _POWERS
    return b"".join(
        (
            np.array([len(vectors), len(sentences)], "<u2").tobytes(),
            sentences.astype("<i2").tobytes(),
            spans.astype("<i2").tobytes(),
            factors.astype("<f2").tobytes(),
            codes.astype(np.uint8).tobytes(),
        )
    )


def unpack(data: bytes, dimension: int) -> PassageTokens:
    """What `pack` was given, with quantised vectors: of about unit length."""
    count, sentence_count = np.frombuffer(data, "<u2", 2).tolist()
    at = 4
    sentences = np.frombuffer(data, "<i2", 2 * sentence_count, at).reshape(-1, 2)
    at += sentences.nbytes
    spans = np.frombuffer(data, "<i2", 2 * count, at).reshape(-1, 2)
    at += spans.nbytes
    factors = np.frombuffer(data, "<f2", count, at)
    codes = np.frombuffer(data, np.uint8, offset=at + factors.nbytes)
    vectors = _signs(codes, count, dimension)
    vectors *= factors.astype(np.float32)[:, None]
    return PassageTokens(TokenVectors(vectors, spans.astype(np.int32)), _spans(sentences.tolist()))


def _signs(codes: NDArray[np.uint8], count: int, dimension: int) -> NDArray[np.float32]:
    width = -(-dimension // 5) * 5
    # Four times as fast as _DIGITS[codes], which is the same.
    signs: NDArray[np.float32] = _DIGITS.take(codes, axis=0).reshape(count, width)[:, :dimension]
    return signs


def _spans(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)
