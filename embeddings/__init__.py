"""Encoders: text to unit vectors. Knows nothing of articles, passages or the service.

>>> encoder = load("hash")
>>> [encoded] = encoder.encode_queries(["harbour pilot"])
>>> encoded.vector.shape, encoded.tokens.vectors.shape
((256,), (2, 256))
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from embeddings.hashing import HashEncoder
from embeddings.minilm.package_files import DIGEST, NAME, verified_folder
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

__all__ = [
    "DEFAULT_MODEL",
    "HASH",
    "WARM_UP_CALLS",
    "Encoded",
    "Encoder",
    "EncoderUnavailable",
    "HashEncoder",
    "Reader",
    "Reading",
    "TokenVectors",
    "Vectors",
    "load",
    "load_reader",
    "reader_digest",
]


def load(model: str = DEFAULT_MODEL) -> Encoder:
    """The encoder of that name: the packaged default, `hash`, or any sentence-transformers model.

    Raises EncoderUnavailable with what mends it.
    """
    if model == HASH:
        return HashEncoder()
    # torch takes two seconds to import: only those who need it pay.
    import torch

    installed = find_spec("sentence_transformers") is not None
    if model == DEFAULT_MODEL and not (torch.cuda.is_available() and installed):
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
    return SentenceTransformerEncoder(model, name=model)


def load_reader() -> Reader:
    """The packaged reader. Raises EncoderUnavailable with what mends it."""
    from embeddings.reader.pair_reader import PairReader

    return PairReader()


def reader_digest() -> str:
    """The digest of the packaged reader, which is not loaded for it."""
    from embeddings.reader.pair_reader import DIGEST

    return DIGEST
