"""The reader's layers and heads in torch, in the numbers that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import torch
from safetensors.torch import load
from torch import Tensor

from embeddings.minilm.bert import bert
from embeddings.minilm.bert_encoder import fastest_here
from embeddings.minilm.processor import Precision
from embeddings.minilm.ranges import Ranges, load_ranges
from embeddings.minilm.runtime import WORDS
from embeddings.minilm.weights import word_vectors
from embeddings.reader.pair_reader import RANGES, Outputs, verified
from embeddings.types import EncoderUnavailable

HEADS_OF_PAIRS = ("span", "relevance", "says")


class TorchPairs:
    """Pairs of texts -> what the heads make of them, several pairs at once."""

    def __init__(self, weights: Path, numbers: Precision | None = None) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        tensors = reader_weights(weights)
        self.precision = numbers or fastest_here()
        ranges = _ranges(weights.with_name(RANGES.name)) if self.precision == "int8" else {}
        # Beside int8 there is no AMX, and without it attention in bfloat16 takes twice as long.
        self._bert = bert(
            {**tensors, WORDS: word_vectors()}, self.precision, ranges, attention=torch.float32
        )
        self._heads = {
            name: (tensors[f"{name}.weight"].T.contiguous(), tensors[f"{name}.bias"])
            for name in HEADS_OF_PAIRS
        }

    @torch.inference_mode()
    def __call__(self, texts: Sequence[Sequence[int]], seconds: Sequence[int]) -> list[Outputs]:
        """What the heads make of each pair of token numbers, whose second part begins there."""
        # The states one by one: a product of other rows would round otherwise.
        return [
            (
                self._head("span", state).numpy(),
                self._head("relevance", state[:1]).numpy(),
                self._head("says", state[:1]).numpy(),
            )
            for state in self._bert(texts, seconds)
        ]

    def _head(self, name: str, states: Tensor) -> Tensor:
        weight, bias = self._heads[name]
        return torch.addmm(bias, states, weight)


def reader_weights(file: Path) -> dict[str, Tensor]:
    """What was trained, in float32. Raises EncoderUnavailable for a file that is not as shipped."""
    return {name: tensor.float() for name, tensor in load(verified(file)).items()}


def _ranges(path: Path) -> Ranges:
    try:
        return load_ranges(path)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise EncoderUnavailable(
            f"cannot read {path}: {type(error).__name__}; reinstall footnote-qa, or set QA_READ=off"
        ) from error
