"""The multilingual model's weights by the names that BERT's layers have, out of its packed file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor

from embeddings.e5.packed_file import PackedFile, Shape, unpacked
from embeddings.minilm.bert import KINDS, PLACES

# The parts of a layer as the file calls them, each with its sizes out and in.
_MAPS = {
    "attention.self.query": ("q", "width", "width"),
    "attention.self.key": ("k", "width", "width"),
    "attention.self.value": ("v", "width", "width"),
    "attention.output.dense": ("ao", "width", "width"),
    "intermediate.dense": ("fi", "hidden", "width"),
    "output.dense": ("fo", "width", "hidden"),
}
_NORMS = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
_Place = tuple[str, tuple[int, ...]]  # the name in the file, and the shape


class PackedWeights(Mapping[str, Tensor]):
    """All weights but the words', each unpacked when it is asked for, and not kept."""

    def __init__(self, file: PackedFile) -> None:
        self._file = file
        self.places = dict(_places(file.shape))

    def __getitem__(self, name: str) -> Tensor:
        """A weight in float32. Raises PackedFileDamaged when the file lacks it."""
        stored, shape = self.places[name]
        return torch.from_numpy(self._file.floats(stored, shape))

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


class PackedWords:
    """The words' vectors, left packed: those of a batch are unpacked as it is read.

    Of 250,037 words a batch has some hundreds: in the file they take 54 MB, unpacked 384.
    """

    def __init__(self, file: PackedFile) -> None:
        """Raises PackedFileDamaged when the file lacks them."""
        self._rows = file.packed("emb.word", (file.shape.rows, file.shape.width))

    def __call__(self, tokens: Tensor) -> Tensor:
        distinct, places = np.unique(tokens.numpy(), return_inverse=True)
        vectors = unpacked(self._rows[distinct]).reshape(len(distinct), -1)
        return torch.from_numpy(vectors[places])


def _places(shape: Shape) -> Iterator[tuple[str, _Place]]:
    sizes = {"width": shape.width, "hidden": shape.hidden}
    yield PLACES, ("emb.pos", (shape.places, shape.width))
    yield KINDS, ("emb.type", (shape.kinds, shape.width))
    yield from _norm("embeddings.LayerNorm", "emb.ln", shape)
    for layer in range(shape.layers):
        prefix = f"encoder.layer.{layer}"
        for name, (stored, out, into) in _MAPS.items():
            yield f"{prefix}.{name}.weight", (f"l{layer}.{stored}.w", (sizes[out], sizes[into]))
            yield f"{prefix}.{name}.bias", (f"l{layer}.{stored}.b", (sizes[out],))
        for name, stored in _NORMS.items():
            yield from _norm(f"{prefix}.{name}", f"l{layer}.{stored}", shape)


def _norm(name: str, stored: str, shape: Shape) -> Iterator[tuple[str, _Place]]:
    yield f"{name}.weight", (f"{stored}.w", (shape.width,))
    yield f"{name}.bias", (f"{stored}.b", (shape.width,))
