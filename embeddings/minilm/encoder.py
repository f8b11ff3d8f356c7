"""The default model on the CPU, in the numbers that the processor computes fast.

Texts are cut into batches of about a thousand tokens, and each batch is one core's: cores that
share a product wait for one another, the more so on a busy machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch.nn import functional

from embeddings.minilm import package_files as minilm
from embeddings.minilm.bert import bert
from embeddings.minilm.linear import has_int8
from embeddings.minilm.processor import Precision, cores, give_way, precision
from embeddings.minilm.ranges import load_ranges
from embeddings.minilm.weights import encoder_weights
from embeddings.types import Encoded, TokenVectors

BATCH_TOKENS = 1024
# The special tokens' numbers in the tokenizer's file, whose digest is checked.
CLS, SEP = 101, 102
# Passages give way to questions, which run in threads of normal priority.
NICENESS = 10


class MiniLMEncoder:
    """The default model. Safe to use from many threads.

    Queries run in the caller's thread, passages on every core.
    """

    name = minilm.NAME
    digest = minilm.DIGEST
    dimension = 384
    max_tokens = 254

    def __init__(self, numbers: Precision | None = None) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        folder = minilm.verified_folder()
        self.precision = numbers or fastest_here()
        ranges = load_ranges() if self.precision == "int8" else {}
        self._bert = bert(encoder_weights(), self.precision, ranges)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cores = ThreadPoolExecutor(cores(), "passages", give_way, (NICENESS,))

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        batches = list(self._batches(texts))
        # One batch runs here: behind those of a whole collection it would wait for them.
        run = self._cores.map if len(batches) > 1 else map
        return [encoded for batch in run(self._encode, batches) for encoded in batch]

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        return [encoded for batch in self._batches(texts) for encoded in self._encode(batch)]

    def _batches(self, texts: Sequence[str]) -> Iterator[list[Encoding]]:
        return _batches(self._tokenizer.encode_batch(list(texts), add_special_tokens=False))

    def _encode(self, encodings: Sequence[Encoding]) -> list[Encoded]:
        read = [encoding.ids[: self.max_tokens] for encoding in encodings]
        states = self._bert([[CLS, *ids, SEP] for ids in read])
        pooled = functional.normalize(torch.stack([state.mean(0) for state in states])).numpy()
        tokens = functional.normalize(torch.cat([state[1:-1] for state in states])).numpy()
        ends = [0, *accumulate(len(ids) for ids in read)]
        return [
            Encoded(vector, TokenVectors(tokens[start:end], _spans(encoding, end - start)))
            for vector, encoding, (start, end) in zip(
                pooled, encodings, pairwise(ends), strict=True
            )
        ]


def fastest_here() -> Precision:
    """The numbers that this processor computes fastest, if this torch can compute in them."""
    found = precision()
    return found if found != "int8" or has_int8() else "float32"


def _spans(encoding: Encoding, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.int32]]:
    return np.array(encoding.offsets[:count], np.int32).reshape(count, 2)


def _batches(encodings: Sequence[Encoding]) -> Iterator[list[Encoding]]:
    """Batches of about BATCH_TOKENS tokens each, in order."""
    batch: list[Encoding] = []
    tokens = 0
    for encoding in encodings:
        batch.append(encoding)
        tokens += len(encoding.ids)
        if tokens >= BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch
