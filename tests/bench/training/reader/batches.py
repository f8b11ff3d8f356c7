"""Examples -> token numbers, with targets."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from tokenizers import Tokenizer
from torch import Tensor

from tests.bench.training.reader.examples import Example, Passage

CLS, SEP = 101, 102
QUERY_TOKENS, TITLE_TOKENS, PAIR_TOKENS = 64, 32, 288
# All texts of these sets have the same title.
_NO_TITLE = ("squadshifts", "qamr", "squad_sents")
_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "by",
        "with",
        "from",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "be",
        "been",
        "has",
        "have",
        "had",
        "what",
        "which",
        "who",
        "whom",
        "whose",
        "when",
        "where",
        "why",
        "how",
        "many",
        "much",
        "that",
        "this",
        "it",
        "its",
        "and",
        "or",
    ]
)


@dataclass(slots=True)
class Pair:
    """One passage beside its question, in token numbers."""

    tokens: list[int]
    kinds: list[int]
    passage: int  # the first token of title and passage
    starts: list[int] | None  # tokens where an answer begins; [0] for none; None if nobody knows
    ends: list[int] | None
    weight: float = 1.0


@dataclass(slots=True)
class Group:
    """The pairs of an example."""

    pairs: list[Pair]
    relevant: int | None
    says: int | None
    answers: float | None  # whether the first passage answers; None if it is no matter
    source: str = ""

    @property
    def tokens(self) -> int:
        return sum(len(pair.tokens) for pair in self.pairs)


@dataclass(slots=True)
class Batch:
    """Groups whose pairs make up about as many tokens as are wanted."""

    groups: list[Group] = field(default_factory=list)

    @property
    def pairs(self) -> list[Pair]:
        return [pair for group in self.groups for pair in group.pairs]

    def part(self, number: int, parts: int) -> Batch:
        """One of so many parts of about the same size; a group stays together."""
        if parts == 1:
            return self
        sizes = [0] * parts
        own = Batch()
        for group in sorted(self.groups, key=lambda g: -g.tokens):
            least = sizes.index(min(sizes))
            sizes[least] += group.tokens
            if least == number:
                own.groups.append(group)
        return own

    def tensors(self, device: str) -> tuple[Tensor, Tensor, list[int]]:
        pairs = self.pairs
        tokens = torch.tensor([t for pair in pairs for t in pair.tokens], device=device)
        kinds = torch.tensor([k for pair in pairs for k in pair.kinds], device=device)
        return tokens, kinds, [len(pair.tokens) for pair in pairs]


class Maker:
    """Makes groups of examples, some of them with a title or marks left out."""

    def __init__(self, tokenizer: Tokenizer, rng: random.Random | None) -> None:
        """Without `rng` nothing is left to chance, and nothing left out."""
        self._tokenizer = tokenizer
        self._rng = rng

    def group(self, example: Example) -> Group:
        query = self._query(example)
        pairs = [self._pair(query, passage, example) for passage in example.passages]
        own = example.passages[0]
        answers: float | None = float(bool(own.spans or own.sentence))
        if not own.known:
            answers = 1.0 if example.relevant == 0 or example.says in (0, 1) else None
        if example.says == 2:
            answers = 0.0
        return Group(pairs, example.relevant, example.says, answers, example.source)

    def _query(self, example: Example) -> str:
        query = example.query
        if self._rng and example.says is None:
            chance = self._rng.random()
            if chance < 0.2:
                return query.rstrip("?. ")
            if chance < 0.25:
                words = [w for w in re.findall(r"[\w'’-]+", query) if w.casefold() not in _STOP]
                return " ".join(words) or query
        return query

    def _pair(self, query: str, passage: Passage, example: Example) -> Pair:
        text, title = passage.text, self._title(passage, example)
        asked = self._tokenizer.encode(query, add_special_tokens=False).ids[:QUERY_TOKENS]
        named = self._tokenizer.encode(title, add_special_tokens=False).ids[:TITLE_TOKENS]
        read = self._tokenizer.encode(text, add_special_tokens=False)
        room = PAIR_TOKENS - 3 - len(asked) - len(named)
        ids, offsets = read.ids[:room], read.offsets[:room]
        tokens = [CLS, *asked, SEP, *named, *ids, SEP]
        kinds = [0] * (len(asked) + 2) + [1] * (len(tokens) - len(asked) - 2)
        first = len(asked) + 2 + len(named)
        starts, ends = _targets(passage, offsets, first)
        weight = 0.4 if starts == [0] and len(example.passages) > 1 else 1.0
        if example.says is not None and starts == [0]:
            starts = ends = None
        return Pair(tokens, kinds, len(asked) + 2, starts, ends, weight)

    def _title(self, passage: Passage, example: Example) -> str:
        if example.source.startswith(_NO_TITLE) or "/squadshifts" in example.source:
            return ""
        return passage.title if not self._rng or self._rng.random() < 0.7 else ""


def _targets(
    passage: Passage, offsets: Sequence[tuple[int, int]], first: int
) -> tuple[list[int] | None, list[int] | None]:
    if not passage.known:
        return None, None
    if passage.sentence:
        start, end = passage.sentence
        inside = [first + n for n, (s, e) in enumerate(offsets) if s >= start and e <= end]
        return (inside, inside) if inside else (None, None)
    if not passage.spans:
        return [0], [0]
    starts, ends = set(), set()
    for start, end in passage.spans:
        inside = [n for n, (s, e) in enumerate(offsets) if s < end and e > start]
        if inside:
            starts.add(first + inside[0])
            ends.add(first + inside[-1])
    return (sorted(starts), sorted(ends)) if starts else (None, None)


def batches(examples: Sequence[Example], maker: Maker, tokens: int) -> Iterator[Batch]:
    """Batches of about so many tokens, in the order of the examples."""
    batch, size = Batch(), 0
    for example in examples:
        group = maker.group(example)
        batch.groups.append(group)
        size += sum(len(pair.tokens) for pair in group.pairs)
        if size >= tokens:
            yield batch
            batch, size = Batch(), 0
    if batch.groups:
        yield batch
