"""How far the inputs of each linear map reach on sample texts -> embeddings/minilm/ranges.npz.

    .venv/bin/python -m tests.bench.training.ranges [--multilingual] FILE.jsonl…

In float32, from a hundred texts of each file, records with a `text`. What quality is reported on is
not used. With `--multilingual` of multilingual-e5-small, from thirty, each as a passage and its
beginning as a question -> embeddings/e5/ranges.npz; and what token vectors have in common ->
centre.npy beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from embeddings.e5 import e5_encoder
from embeddings.e5.as_trained import CENTRE
from embeddings.e5.e5_encoder import MultilingualEncoder
from embeddings.e5.model_file import verified_file
from embeddings.e5.packed_file import PackedFile
from embeddings.e5.packed_weights import PackedWeights, PackedWords
from embeddings.minilm.bert import Bert, WordLookup, layer_stack
from embeddings.minilm.linear import FloatLinear
from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.ranges import FILE, Range, Ranges
from embeddings.minilm.weights import encoder_weights

EACH, FEW = 100, 30  # texts of each file, evenly spread
QUESTION, PASSAGE = 80, 800  # characters of a text's beginning that are taken for one


def save_ranges(ranges: Ranges, file: Path = FILE) -> None:
    arrays = {
        f"{layer}.{name}": np.stack([seen.low.numpy(), seen.high.numpy()]).astype(np.float16)
        for (layer, name), seen in ranges.items()
    }
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


class Watched(nn.Module):
    """A linear map that notes how far its inputs reach."""

    def __init__(self, inner: FloatLinear) -> None:
        super().__init__()
        self.inner = inner
        self.seen: Range | None = None

    def forward(self, x: Tensor) -> Tensor:
        mapped: Tensor = self.inner(self._noted(x))
        return mapped

    def plus(self, x: Tensor, residual: Tensor) -> Tensor:
        return self.inner.plus(self._noted(x), residual)

    def _noted(self, x: Tensor) -> Tensor:
        low, high = x.amin(0), x.amax(0)
        if self.seen:
            low, high = torch.minimum(low, self.seen.low), torch.maximum(high, self.seen.high)
        self.seen = Range(low, high)
        return x


def measure(
    weights: Mapping[str, Tensor],
    texts: Sequence[Sequence[int]],
    seconds: Sequence[int] | None = None,
    words: WordLookup | None = None,
) -> Ranges:
    """The ranges over texts of token numbers, in float32; `seconds` as in Bert."""
    stack = layer_stack(weights, "float32", {})
    watched: dict[tuple[int, str], Watched] = {}
    for number, layer in enumerate(stack.layers):
        for name, owner in (
            ("qkv", layer),
            ("output", layer),
            ("up", layer.feed),
            ("down", layer.feed),
        ):
            watched[number, name] = Watched(getattr(owner, name))
            setattr(owner, name, watched[number, name])
    model = Bert(weights, stack, words)
    for number, text in enumerate(texts):
        model([text], seconds and [seconds[number]])
    return {key: one.seen for key, one in watched.items() if one.seen}


def main(arguments: Sequence[str]) -> None:
    paths = [Path(path) for path in arguments if path != "--multilingual"]
    if len(paths) < len(arguments):
        multilingual([text[:PASSAGE] for path in paths for text in _texts(path, FEW)])
        return
    folder = verified_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    texts = [text for path in paths for text in _texts(path, EACH)]
    tokens = [encoding.ids for encoding in tokenizer.encode_batch(texts)]
    save_ranges(measure(encoder_weights(), tokens))
    print(f"{FILE.name}: {len(texts)} texts")


def multilingual(texts: Sequence[str]) -> None:
    """The ranges of the multilingual model, and the mean of each passage's mean token vector."""
    file = PackedFile(verified_file())
    encoder = MultilingualEncoder("float32", centred=False)
    questions = [text[:QUESTION] for text in texts]
    tokens = [encoder.framed(one, encoder.passage_head) for one in encoder._tokens(texts)]
    tokens += [encoder.framed(one, encoder.query_head) for one in encoder._tokens(questions)]
    save_ranges(measure(PackedWeights(file), tokens, words=PackedWords(file)), e5_encoder.RANGES)
    found = MultilingualEncoder(centred=False).encode_passages(texts)
    means = [one.tokens.vectors.mean(0) for one in found]
    np.save(CENTRE, np.mean(means, axis=0, dtype=np.float32))
    print(f"{e5_encoder.RANGES.name}: {len(tokens)} texts")


def _texts(path: Path, count: int) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[:: max(1, len(lines) // count)]]


if __name__ == "__main__":
    main(sys.argv[1:])
