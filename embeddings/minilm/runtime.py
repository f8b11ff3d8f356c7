"""The int8 layers in ONNX Runtime: one text at a time, without torch.

A question takes 0.6 of torch's processor time, and the model is there in 0.1 s where torch takes
two: `qa ask` needs nothing else. Batches of passages stay with torch, which is as fast there. The
graphs have the whole numbers of torch's layers (`python -m tests.bench.training.graph`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.processor import precision
from embeddings.types import Vectors

WORDS = "embeddings.word_embeddings.weight"
# How many places a text may have; behind them stand those of a second part.
PLACES = 512


def runs_here() -> bool:
    """Whether the processor computes int8 fast, and ONNX Runtime is installed."""
    return precision() == "int8" and find_spec("onnxruntime") is not None


@cache
def words() -> Vectors:
    """The vectors of the tokenizer's words, held once in a process; shape (words, dimension)."""
    with safe_open(verified_folder() / "model.safetensors", "np") as file:
        found: Vectors = file.get_tensor(WORDS)
    return found


class Graph:
    """A model's layers. Safe to use from many threads: each call runs in its own."""

    def __init__(self, model: bytes) -> None:
        """Takes a file that was shipped."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the caller's own
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._words = words()

    def __call__(self, text: Sequence[int], second: int | None = None) -> list[Vectors]:
        """The outputs for a text of token numbers, whose second part begins at `second`."""
        places = np.arange(len(text), dtype=np.int64)
        if second is not None:
            places[second:] += PLACES
        rows = self._words[np.asarray(text)]
        found: list[NDArray[np.float32]] = self._session.run(
            None, {"words": rows[None], "places": places[None]}
        )
        return [output[0] for output in found]
