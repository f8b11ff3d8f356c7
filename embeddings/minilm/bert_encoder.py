"""Texts -> vectors by a BERT whose token vectors are averaged, in batches of one core each.

Texts are cut into batches of about a thousand tokens, and each batch is one core's: cores that
share a product wait for one another, the more so on a busy machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from embeddings.minilm.bert import Bert
from embeddings.minilm.linear import has_int8
from embeddings.minilm.processor import Precision, cores, give_way, precision
from embeddings.types import Encoded, TokenVectors

BATCH_TOKENS = 1024
# Passages give way to questions, which run in threads of normal priority.
NICENESS = 10


class NumberedTokens(NamedTuple):
    """A text's tokens by their numbers, and the code points that each is of."""

    numbers: Sequence[int]
    spans: Sequence[tuple[int, int]]


class BertEncoder:
    """A model on the CPU. Safe to use from many threads.

    Queries run in the caller's thread, passages on every core. Who inherits says how a text is cut
    into tokens (`_tokens`), and what stands around them.
    """

    def __init__(
        self,
        model: Bert,
        *,
        query_head: Sequence[int],
        passage_head: Sequence[int],
        end: int,
        centre: Tensor | None = None,
    ) -> None:
        """`centre` is what all token vectors have in common, which is taken off them."""
        self._bert = model
        self.query_head, self.passage_head, self._end = [*query_head], [*passage_head], end
        self._centre = centre
        self.dimension = model.dimension
        self._cores = ThreadPoolExecutor(cores(), "passages", give_way, (NICENESS,))

    max_tokens: int

    def _tokens(self, texts: Sequence[str]) -> Sequence[NumberedTokens]:
        raise NotImplementedError

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokens([text])[0].spans)

    def framed(self, tokens: NumberedTokens, head: Sequence[int]) -> list[int]:
        """A text's tokens, as many as are read, with what stands around them."""
        return [*head, *tokens.numbers[: self.max_tokens], self._end]

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        batches = list(_batches(self._tokens(texts)))
        # One batch runs here: behind those of a whole collection it would wait for them.
        run = self._cores.map if len(batches) > 1 else map
        encode = partial(self._encode, self.passage_head)
        return [encoded for batch in run(encode, batches) for encoded in batch]

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        batches = _batches(self._tokens(texts))
        return [one for batch in batches for one in self._encode(self.query_head, batch)]

    def _encode(self, head: list[int], batch: Sequence[NumberedTokens]) -> list[Encoded]:
        states = self._bert([self.framed(tokens, head) for tokens in batch])
        pooled = functional.normalize(torch.stack([state.mean(0) for state in states])).numpy()
        own = torch.cat([state[len(head) : -1] for state in states])
        if self._centre is not None:
            own = functional.normalize(own) - self._centre
        vectors = functional.normalize(own).numpy()
        ends = [0, *accumulate(len(state) - len(head) - 1 for state in states)]
        return [
            Encoded(vector, TokenVectors(vectors[start:end], _spans(tokens, end - start)))
            for vector, tokens, (start, end) in zip(pooled, batch, pairwise(ends), strict=True)
        ]


def fastest_here() -> Precision:
    """The numbers that this processor computes fastest, if this torch can compute in them."""
    found = precision()
    return found if found != "int8" or has_int8() else "float32"


def _spans(tokens: NumberedTokens, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.array(tokens.spans[:count], np.int32).reshape(count, 2)


def _batches(texts: Sequence[NumberedTokens]) -> Iterator[list[NumberedTokens]]:
    """Batches of about BATCH_TOKENS tokens each, in order."""
    batch: list[NumberedTokens] = []
    count = 0
    for tokens in texts:
        batch.append(tokens)
        count += len(tokens.numbers)
        if count >= BATCH_TOKENS:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
