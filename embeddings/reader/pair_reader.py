"""A small cross-encoder: the default model's layers over question and passage, and three heads.

Trained by `python -m tests.bench.training.reader`; MODEL_CARD.md says on what, and for what it must
not be used. Its word vectors are the default model's own, so only what was trained is shipped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import torch
from safetensors.torch import load
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from embeddings.coalesce import Coalescer
from embeddings.minilm.bert import WORDS, bert
from embeddings.minilm.bert_encoder import fastest_here
from embeddings.minilm.encoder import CLS, SEP
from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.processor import Precision, cores
from embeddings.minilm.ranges import Ranges, load_ranges
from embeddings.minilm.weights import word_vectors
from embeddings.types import EncoderUnavailable, Reading

FOLDER = Path(__file__).parent
WEIGHTS, RANGES = FOLDER / "reader.safetensors", FOLDER / "ranges.npz"
DIGEST = "c23ef6daacaa7cbdca089826cd0c07fb79fb3bbf549000479f56683f5da9000e"
# In tokens, as it was trained.
QUERY_TOKENS, TITLE_TOKENS, PAIR_TOKENS = 64, 32, 288
# Pairs of different questions that are read at once: with 32 clients, each of whom has one passage
# read, a question takes a sixth less of the processor.
TOGETHER = 8
HEADS = ("span", "relevance", "says")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question and a passage as tokens."""

    tokens: list[int]
    second: int  # where the second part begins: title and passage
    passage: int  # where the passage begins
    spans: list[tuple[int, int]]  # of the passage's tokens


class PairReader:
    """The packaged reader on the CPU. Safe to use from many threads."""

    name = "footnote-reader-1"
    digest = DIGEST

    def __init__(self, numbers: Precision | None = None, weights: Path = WEIGHTS) -> None:
        """Loads the model, to compute in `numbers`, or in those that are fastest here."""
        torch.set_num_threads(1)
        tensors = {name: tensor.float() for name, tensor in load(verified(weights)).items()}
        self.precision = numbers or fastest_here()
        ranges = _ranges(weights.with_name(RANGES.name)) if self.precision == "int8" else {}
        # Beside int8 there is no AMX, and without it attention in bfloat16 takes twice as long.
        self._bert = bert(
            {**tensors, WORDS: word_vectors()}, self.precision, ranges, attention=torch.float32
        )
        self._heads = {
            name: (tensors[f"{name}.weight"].T.contiguous(), tensors[f"{name}.bias"])
            for name in HEADS
        }
        self._tokenizer = Tokenizer.from_file(str(verified_folder() / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._cores = ThreadPoolExecutor(cores(), "reader")
        self._one = Coalescer(self._read, most=TOGETHER)

    def read(self, query: str, passages: Sequence[tuple[str, str]]) -> list[Reading]:
        """What it makes of each passage, given as title (or "") and text; in order."""
        pairs = self._pairs(query, passages)
        if len(pairs) == 1:
            return [self._one(pairs[0])]
        parts = _parts([len(pair.tokens) for pair in pairs], cores())
        run = self._cores.map if len(parts) > 1 else map
        read = run(lambda part: self._read([pairs[i] for i in part]), parts)
        found = dict(
            zip([i for part in parts for i in part], [r for p in read for r in p], strict=True)
        )
        return [found[i] for i in range(len(pairs))]

    def _pairs(self, query: str, passages: Sequence[tuple[str, str]]) -> list[_Pair]:
        texts = [query, *(text for passage in passages for text in passage)]
        asked, *rest = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [_pair(asked, *both) for both in zip(rest[::2], rest[1::2], strict=True)]

    def _read(self, pairs: Sequence[_Pair]) -> list[Reading]:
        states = self._bert([p.tokens for p in pairs], [p.second for p in pairs])
        with torch.inference_mode():
            # One by one: a product of other rows would round otherwise.
            relevance = [float(self._head("relevance", state[:1])) for state in states]
            says = [self._head("says", state[:1])[0].numpy() for state in states]
            ends = [self._head("span", state).numpy() for state in states]
        return [
            Reading(
                spans=np.array(pair.spans, np.int32).reshape(-1, 2),
                starts=end[pair.passage : -1, 0],
                ends=end[pair.passage : -1, 1],
                none=float(end[0].sum()),
                relevance=relevant,
                says=say,
            )
            for pair, end, relevant, say in zip(pairs, ends, relevance, says, strict=True)
        ]

    def _head(self, name: str, states: Tensor) -> Tensor:
        weight, bias = self._heads[name]
        return torch.addmm(bias, states, weight)


def verified(path: Path) -> bytes:
    """The weights' file. Raises EncoderUnavailable if it is not there, or not what was shipped."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderUnavailable(
            f"cannot read {path}: {error.strerror}; reinstall footnote-qa, or set QA_READ=off"
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if path == WEIGHTS and found != DIGEST:
        raise EncoderUnavailable(
            f"{path} has SHA-256 {found[:12]}…, expected {DIGEST[:12]}…: reinstall footnote-qa, "
            "or set QA_READ=off"
        )
    return content


def _ranges(path: Path) -> Ranges:
    try:
        return load_ranges(path)
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise EncoderUnavailable(
            f"cannot read {path}: {type(error).__name__}; reinstall footnote-qa, or set QA_READ=off"
        ) from error


def _pair(asked: Encoding, title: Encoding, text: Encoding) -> _Pair:
    question, named = asked.ids[:QUERY_TOKENS], title.ids[:TITLE_TOKENS]
    room = PAIR_TOKENS - len(question) - len(named) - 3
    second = len(question) + 2
    tokens = [CLS, *question, SEP, *named, *text.ids[:room], SEP]
    return _Pair(tokens, second, second + len(named), text.offsets[:room])


def _parts(sizes: Sequence[int], count: int) -> list[list[int]]:
    """The numbers of pairs in at most `count` parts of about the same size."""
    parts: list[list[int]] = [[] for _ in range(count)]
    filled = [0] * count
    for number in sorted(range(len(sizes)), key=lambda n: -sizes[n]):
        least = filled.index(min(filled))
        parts[least].append(number)
        filled[least] += sizes[number]
    return [part for part in parts if part]
