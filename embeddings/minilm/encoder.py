"""The default model on the CPU: questions one at a time, passages in batches.

In int8 questions are read by ONNX Runtime, and torch is loaded when the first passage comes. In
other numbers, or without ONNX Runtime, torch reads both.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings.minilm import package_files as minilm
from embeddings.minilm.processor import Precision
from embeddings.minilm.runtime import Graph, runs_here
from embeddings.minilm.word_pieces import CLS, MAX_TOKENS, SEP, WordPieces
from embeddings.package_data import shipped
from embeddings.types import Encoded, TokenVectors, Vectors

if TYPE_CHECKING:
    from embeddings.minilm.torch_encoder import TorchMiniLM

GRAPH = Path(__file__).with_name("whole.onnx")
GRAPH_SHA256 = "0dd7632e17c15f782dd7985a74b9771c8000cabfdf5fa07d30d6c03505273fc8"


class MiniLMEncoder:
    """The default model. Safe to use from many threads."""

    name = minilm.NAME
    digest = minilm.DIGEST
    dimension = 384
    max_tokens = MAX_TOKENS

    def __init__(self, numbers: Precision | None = None) -> None:
        """Loads the model, to compute in `numbers`, by torch, or as is fastest here."""
        self._numbers, self._loading = numbers, threading.Lock()
        self._torch: TorchMiniLM | None = None
        self._tokenizer = WordPieces()
        self._graph = (
            Graph(shipped(GRAPH, GRAPH_SHA256)) if numbers is None and runs_here() else None
        )
        if self._graph is None:
            _ = self.in_torch

    @property
    def in_torch(self) -> TorchMiniLM:
        """The model in torch, which takes two seconds to import: loaded on first use."""
        with self._loading:
            if self._torch is None:
                from embeddings.minilm.torch_encoder import TorchMiniLM

                self._torch = TorchMiniLM(self._numbers)
            return self._torch

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return list(self._tokenizer([text])[0].offsets)

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        return self.in_torch.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        if self._graph is None:
            return self.in_torch.encode_queries(texts)
        return [_encoded(self._graph, *one) for one in self._cut(texts)]

    def _cut(self, texts: Sequence[str]) -> list[tuple[list[int], list[tuple[int, int]]]]:
        found = self._tokenizer(texts)
        return [(one.ids[:MAX_TOKENS], one.offsets[:MAX_TOKENS]) for one in found]


def _encoded(graph: Graph, numbers: list[int], spans: list[tuple[int, int]]) -> Encoded:
    [states] = graph([CLS, *numbers, SEP])
    places = np.array(spans, np.int32).reshape(-1, 2)
    return Encoded(_unit(states.mean(0)), TokenVectors(_unit(states[1:-1]), places))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Vectors = vectors / np.maximum(lengths, 1e-12)
    return found
