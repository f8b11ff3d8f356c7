"""Encoders: text to unit vectors. Knows nothing of articles, passages or the service.

>>> encoder = load("hash")
>>> [encoded] = encoder.encode_queries(["harbour pilot"])
>>> encoded.vector.shape, encoded.tokens.vectors.shape
((256,), (2, 256))
"""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec

from embeddings.e5.as_trained import ORIGINAL, centre, lowered
from embeddings.e5.model_file import NAME as MULTILINGUAL
from embeddings.hashing import HashEncoder
from embeddings.minilm.package_files import DIGEST, NAME, verified_folder
from embeddings.prompts import E5_PROMPTS, NO_PROMPTS, Prompts
from embeddings.types import (
    WARM_UP_CALLS,
    Encoded,
    Encoder,
    EncoderUnavailable,
    Reader,
    Reading,
    TokenVectors,
    Vectors,
)

DEFAULT_MODEL, HASH = NAME, "hash"
# Of NVIDIA's cards, of AMD's, and of those that Windows lends to Linux.
_DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")

__all__ = [
    "DEFAULT_MODEL",
    "HASH",
    "MULTILINGUAL",
    "NO_PROMPTS",
    "WARM_UP_CALLS",
    "Encoded",
    "Encoder",
    "EncoderUnavailable",
    "HashEncoder",
    "Prompts",
    "Reader",
    "Reading",
    "TokenVectors",
    "Vectors",
    "load",
    "load_reader",
    "reader_digest",
]


def load(model: str = DEFAULT_MODEL, prompts: Prompts = NO_PROMPTS) -> Encoder:
    """The encoder of that name: a packaged one, `hash`, or any sentence-transformers model.

    `prompts` are for the last alone. Raises EncoderUnavailable with what mends it.
    """
    if prompts.given and model in (HASH, DEFAULT_MODEL, MULTILINGUAL):
        raise EncoderUnavailable(
            f"{model} has no other prompts than its own: leave QA_QUERY_PROMPT and "
            "QA_PASSAGE_PROMPT out"
        )
    if model == HASH:
        return HashEncoder()
    if model == MULTILINGUAL:
        from embeddings.e5.e5_encoder import MultilingualEncoder

        return MultilingualEncoder()
    installed = find_spec("sentence_transformers") is not None
    if model == DEFAULT_MODEL and not (installed and _has_gpu()):
        from embeddings.minilm.encoder import MiniLMEncoder

        return MiniLMEncoder()
    if not installed:
        raise EncoderUnavailable(
            f"the model {model!r} needs a library that is not installed: "
            f"{sys.executable} -m pip install 'sentence-transformers>=6,<7'"
        )
    from embeddings.sentence_transformer import SentenceTransformerEncoder

    if model == DEFAULT_MODEL:
        folder = str(verified_folder())
        return SentenceTransformerEncoder(folder, name=model, digest=DIGEST)
    if model == ORIGINAL:
        return SentenceTransformerEncoder(
            model,
            name=model,
            prompts=prompts if prompts.given else E5_PROMPTS,
            centre=centre(),
            read_as=lowered,
        )
    return SentenceTransformerEncoder(model, name=model, prompts=prompts)


def _has_gpu() -> bool:
    """Whether torch can compute on a graphics card.

    torch takes two seconds to import: where the system has no driver of one, it is not asked.
    """
    if sys.platform == "linux" and not any(os.path.exists(driver) for driver in _DRIVERS):
        return False
    import torch

    return torch.cuda.is_available()


def load_reader() -> Reader:
    """The packaged reader. Raises EncoderUnavailable with what mends it."""
    from embeddings.reader.pair_reader import PairReader

    return PairReader()


def reader_digest() -> str:
    """The digest of the packaged reader, which is not loaded for it."""
    from embeddings.reader.pair_reader import DIGEST

    return DIGEST
