"""The default model's weights. Its word vectors, half of them all, are held once in a process."""

from __future__ import annotations

from functools import cache

from safetensors import safe_open
from torch import Tensor

from embeddings.minilm.bert import WORDS
from embeddings.minilm.package_files import verified_folder


@cache
def word_vectors() -> Tensor:
    """The vectors of the tokenizer's words; shape (words, dimension)."""
    return _tensors([WORDS])[WORDS]


def encoder_weights() -> dict[str, Tensor]:
    """All weights by their names."""
    return {**_tensors(), WORDS: word_vectors()}


def _tensors(names: list[str] | None = None) -> dict[str, Tensor]:
    with safe_open(verified_folder() / "model.safetensors", "pt") as file:
        wanted = names or [name for name in file.keys() if name != WORDS]  # noqa: SIM118
        return {name: file.get_tensor(name) for name in wanted}
