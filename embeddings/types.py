"""What an encoder is, and what it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

# After so many calls a model on the CPU is as fast as it gets (embeddings.minilm.script).
WARM_UP_CALLS = 8


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors:
    """The contextual vectors of a text's tokens, without special tokens."""

    vectors: Vectors  # shape (n, dimension), unit length
    spans: NDArray[np.int32]  # shape (n, 2): the code point range of each token


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A text's own vector and the vectors of its tokens, from one pass through the model."""

    vector: Vectors  # shape (dimension,), unit length
    tokens: TokenVectors


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a reader makes of a passage beside a question or a statement.

    All outputs are unscaled log-odds: the higher, the surer.
    """

    spans: NDArray[np.int32]  # shape (n, 2): the code point range of each token that was read
    starts: Vectors  # shape (n,): that the words which answer begin with this token
    ends: Vectors  # shape (n,): that they end with it
    none: float  # that nothing answers; comparable with the sum of a start and an end
    relevance: float
    says: Vectors  # shape (3,): that it supports the statement, contradicts it, says neither


class EncoderUnavailable(Exception):
    """The model is not there, or its files are not the ones they should be."""


class Encoder(Protocol):
    """Turns text into unit vectors; passages and queries separately, as many models want it."""

    @property
    def name(self) -> str:
        """What a user calls the encoder."""

    @property
    def digest(self) -> str:
        """SHA-256 over whatever decides the vectors: equal digests, comparable vectors."""

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """How many tokens of a passage are encoded, without special tokens and passage prompt."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The code point range of every token of `text`, in order; no special tokens."""

    def encode_passages(self, texts: Sequence[str]) -> list[Encoded]:
        """Each text's vector, and the vectors of its first `max_tokens` tokens; in order."""

    def encode_queries(self, texts: Sequence[str]) -> list[Encoded]:
        """Each question's vector, and the vectors of its tokens; in order."""


class Reader(Protocol):
    """Reads passages beside a question: what answers, in which words, and what is said."""

    @property
    def name(self) -> str:
        """What a user calls the reader."""

    @property
    def digest(self) -> str:
        """SHA-256 of its weights."""

    def read(self, query: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """What it makes of each passage, given as title (or "") and text; in order."""
