"""What the files of a model hold: the names of their tensors, and a digest of what was loaded.

A checkpoint may lack what its class has, a pooler above all: the library then makes it up anew each
time, at random. By a digest of memory two loads of one folder would be two models.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor

log = logging.getLogger(__name__)
# What no vector is made of: sentences are pooled from the vectors of tokens.
_UNUSED = ".pooler."


def weight_files(folder: Path) -> list[Path]:
    """The files of weights in a model's folder, and in those of its modules ("2_Dense")."""
    return sorted([*folder.glob("*.safetensors"), *folder.glob("[0-9]*_*/*.safetensors")])


def digest_of(beside: Sequence[str], tensors: Mapping[str, Tensor], files: Sequence[Path]) -> str:
    """SHA-256 over what stands beside the weights, and over those weights that the files hold.

    Where the files call some of them otherwise than the loaded model does, over the files as they
    are. Without files, over all weights.
    """
    digest = hashlib.sha256()
    for text in beside:
        digest.update(text.encode())
    lacking = _lacking(tensors, files)
    if any(_UNUSED not in name for name in lacking):
        for file in files:
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        return digest.hexdigest()
    for name, tensor in sorted(tensors.items()):
        if name not in lacking:
            digest.update(name.encode())
            digest.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _lacking(tensors: Mapping[str, Tensor], files: Sequence[Path]) -> set[str]:
    """The tensors that no file has by their name; says so when they can be in none by another."""
    held = {name: {name, name.partition(".")[2]} for name in _names(files)}
    known = frozenset[str]().union(*held.values())
    found = {name: known & set(_without_module(name)) for name in tensors}
    lacking = {name for name, its in found.items() if not its} if files else set()
    vectors = [name for name in sorted(lacking) if _UNUSED not in name]
    taken = frozenset[str]().union(*found.values())
    others = [name for name, its in held.items() if not its & taken]
    if len(vectors) > len(others):
        log.warning(
            "the model's files lack %d of its weights, %s among them: these are made up at random, "
            "otherwise at each start",
            len(vectors) - len(others),
            vectors[0],
        )
    return lacking


def _names(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        with safe_open(file, "pt") as opened:
            yield from opened.keys()


def _without_module(name: str) -> Iterator[str]:
    """How a file may call a tensor: "0.auto_model.embeddings.x" is "embeddings.x" there."""
    for _ in range(2):
        name = name.partition(".")[2]
        yield name
