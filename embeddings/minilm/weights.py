"""The default model's weights. Its word vectors, half of them all, are held once in a process."""

from __future__ import annotations

import torch
from safetensors import safe_open
from torch import Tensor

from embeddings.minilm import runtime
from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.runtime import WORDS


def word_vectors() -> Tensor:
    """The vectors of the tokenizer's words; shape (words, dimension)."""
    return torch.from_numpy(runtime.words())


def encoder_weights() -> dict[str, Tensor]:
    """All weights by their names."""
    with safe_open(verified_folder() / "model.safetensors", "pt") as file:
        wanted = [name for name in file.keys() if name != WORDS]  # noqa: SIM118
        return {**{name: file.get_tensor(name) for name in wanted}, WORDS: word_vectors()}
