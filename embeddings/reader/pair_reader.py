"""A small cross-encoder: the default model's layers over question and passage, and three heads.

Trained by `python -m tests.bench.training.reader`; MODEL_CARD.md says on what, and for what it must
not be used. Its word vectors are the default model's own, so only what was trained is shipped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from embeddings.coalesce import Coalescer
from embeddings.minilm.processor import Precision, cores
from embeddings.minilm.runtime import Graph, runs_here
from embeddings.minilm.word_pieces import CLS, SEP, WordPieces
from embeddings.package_data import shipped
from embeddings.types import Reading, Vectors

FOLDER = Path(__file__).parent
GRAPH = FOLDER / "whole.onnx"
GRAPH_SHA256 = "f4708bb4675b6bbed619074960097759740c58f267e6f20b9c6e9b4c80a91dda"
WEIGHTS, RANGES = FOLDER / "reader.safetensors", FOLDER / "ranges.npz"
MENDS = "reinstall footnote-qa, or set QA_READ=off"
DIGEST = "c23ef6daacaa7cbdca089826cd0c07fb79fb3bbf549000479f56683f5da9000e"
# In tokens, as it was trained.
QUERY_TOKENS, TITLE_TOKENS, PAIR_TOKENS = 64, 32, 288
# Pairs of different questions that are read at once: with 32 clients, each of whom has one passage
# read, a question takes a sixth less of the processor.
TOGETHER = 8
# Of each pair: (n, 2), how well an answer begins and ends with each token; (1, 1), how much the
# passage is to the point; (1, 3), that it supports, contradicts, says neither.
Outputs = tuple[Vectors, Vectors, Vectors]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question and a passage as tokens."""

    tokens: list[int]
    second: int  # where the second part begins: title and passage
    passage: int  # where the passage begins
    spans: list[tuple[int, int]]  # of the passage's tokens


class PairReader:
    """The packaged reader on the CPU. Safe to use from many threads."""

    name = "footnote-reader-1"
    digest = DIGEST

    def __init__(self, numbers: Precision | None = None, weights: Path = WEIGHTS) -> None:
        """Loads the model, to compute in `numbers`, by torch, or as is fastest here."""
        self._outputs: Callable[[Sequence[_Pair]], list[Outputs]]
        if numbers is None and runs_here():
            graph = Graph(shipped(GRAPH, GRAPH_SHA256, MENDS))
            self._outputs = lambda pairs: [_by_graph(graph, pair) for pair in pairs]
            most = 1  # nothing is saved by reading them together
        else:
            from embeddings.reader.torch_pairs import TorchPairs

            layers, most = TorchPairs(weights, numbers), TOGETHER
            self._outputs = lambda pairs: layers(
                [p.tokens for p in pairs], [p.second for p in pairs]
            )
        self._tokenizer = WordPieces()
        self._cores = ThreadPoolExecutor(cores(), "reader")
        self._one = Coalescer(self._read, most=most)

    def read(self, query: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """What it makes of each passage, given as title (or "") and text; in order."""
        pairs = self._pairs(query, passages)
        if len(pairs) == 1:
            return [self._one(pairs[0])]
        parts = _parts([len(pair.tokens) for pair in pairs], cores())
        run = self._cores.map if len(parts) > 1 else map
        read = run(lambda part: self._read([pairs[i] for i in part]), parts)
        found = dict(
            zip([i for part in parts for i in part], [r for p in read for r in p], strict=True)
        )
        return [found[i] for i in range(len(pairs))]

    def _pairs(self, query: str, passages: Sequence[tuple[str, str]]) -> list[_Pair]:
        texts = [query, *(text for passage in passages for text in passage)]
        asked, *rest = self._tokenizer(texts)
        return [_pair(asked, *both) for both in zip(rest[::2], rest[1::2], strict=True)]

    def _read(self, pairs: Sequence[_Pair]) -> list[Reading]:
        return [
            Reading(
                spans=np.array(pair.spans, np.int32).reshape(-1, 2),
                starts=ends[pair.passage : -1, 0],
                ends=ends[pair.passage : -1, 1],
                none=float(ends[0].sum()),
                relevance=float(relevance[0, 0]),
                says=says[0],
            )
            for pair, (ends, relevance, says) in zip(pairs, self._outputs(pairs), strict=True)
        ]


def _by_graph(graph: Graph, pair: _Pair) -> Outputs:
    ends, relevance, says = graph(pair.tokens, pair.second)
    return ends, relevance, says


def verified(path: Path) -> bytes:
    """The weights' file. Raises EncoderUnavailable if it is not there, or not what was shipped."""
    return shipped(path, DIGEST if path == WEIGHTS else None, MENDS)


def _pair(asked: Encoding, title: Encoding, text: Encoding) -> _Pair:
    question, named = asked.ids[:QUERY_TOKENS], title.ids[:TITLE_TOKENS]
    room = PAIR_TOKENS - len(question) - len(named) - 3
    second = len(question) + 2
    tokens = [CLS, *question, SEP, *named, *text.ids[:room], SEP]
    return _Pair(tokens, second, second + len(named), text.offsets[:room])


def _parts(sizes: Sequence[int], count: int) -> list[list[int]]:
    """The numbers of pairs in at most `count` parts of about the same size."""
    parts: list[list[int]] = [[] for _ in range(count)]
    filled = [0] * count
    for number in sorted(range(len(sizes)), key=lambda n: -sizes[n]):
        least = filled.index(min(filled))
        parts[least].append(number)
        filled[least] += sizes[number]
    return [part for part in parts if part]
