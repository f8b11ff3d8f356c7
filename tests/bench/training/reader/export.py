"""Weights as they were trained -> what the package ships: bfloat16, ranges for int8, the digest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.runtime import WORDS
from embeddings.minilm.weights import word_vectors
from embeddings.reader import pair_reader as shipped
from tests.bench.training.ranges import measure, save_ranges
from tests.bench.training.reader.batches import Maker
from tests.bench.training.reader.examples import Example

SAMPLES = 400


def export(weights: Path, examples: Sequence[Example], folder: Path = shipped.FOLDER) -> str:
    """Writes weights and ranges into `folder`; gives back the weights' SHA-256.

    The ranges are those of the first passages of `examples`.
    """
    tensors = {name: value.to(torch.bfloat16) for name, value in load_file(weights).items()}
    path = folder / shipped.WEIGHTS.name
    save_file(tensors, path)
    rounded = {name: value.float() for name, value in tensors.items()}
    save_ranges(
        measure({**rounded, WORDS: word_vectors()}, *_pairs(examples)), folder / shipped.RANGES.name
    )
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if folder == shipped.FOLDER:
        _pin(digest)
    return digest


def _pairs(examples: Sequence[Example]) -> tuple[list[list[int]], list[int]]:
    tokenizer = Tokenizer.from_file(str(verified_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    maker = Maker(tokenizer)
    pairs = [maker.group(example).pairs[0] for example in examples[:SAMPLES]]
    return [p.tokens.tolist() for p in pairs], [p.passage for p in pairs]


def _pin(digest: str) -> None:
    path = Path(shipped.__file__)
    code = path.read_text("utf-8")
    path.write_text(re.sub(r'(?m)^DIGEST = ".*"$', f'DIGEST = "{digest}"', code), "utf-8")
