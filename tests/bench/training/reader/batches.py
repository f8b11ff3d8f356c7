"""Examples -> token numbers, with targets; batches of them as tensors."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from tests.bench.training.reader.examples import Example, Passage
from tests.bench.training.reader.network import Layout

CLS, SEP = 101, 102
QUERY_TOKENS, TITLE_TOKENS, PAIR_TOKENS = 64, 32, 288
# All texts of these sets have the same title.
_NO_TITLE = ("squadshifts", "qamr", "squad_sents")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the of to in on at for by with from is are was were do does did be been has have had"
        " what which who whom whose when where why how many much that this it its and or",
    )
)
_MARKS = frozenset(".,;:!?\"'()[]-–—“”‘’")
# Shares of the questions and passages that are shown otherwise than they stand.
NO_QUESTION_MARK, KEYWORDS, NO_TITLE, NO_MARKS = 0.2, 0.05, 0.3, 0.05
UNKNOWN = -1
Tokens = NDArray[np.int64]


@dataclass(slots=True)
class Pair:
    """One passage beside its question, in token numbers."""

    tokens: Tokens
    kinds: Tokens
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


@dataclass(frozen=True, slots=True)
class Tensors:
    """A batch: T tokens one behind the other, of P pairs in G groups; or UNKNOWN."""

    tokens: Tensor  # (T,)
    kinds: Tensor  # (T,), 1 for title and passage
    open: Tensor  # (T,), whether an answer can begin or end there, or that there is none be said
    right: Tensor  # (T, 2), whether one does begin, and end, there
    weights: Tensor  # (P,), of each pair's span; 0 where nobody knows
    group: Tensor  # (P,)
    place: Tensor  # (P,), within the group
    relevant: Tensor  # (G,), the place of the relevant one
    answers: Tensor  # (G,), 1 or 0
    says: Tensor  # (G,)
    first: Tensor  # (G,), the first pair
    sizes: Tensor  # (G,), how many pairs
    layout: Layout

    def to(self, device: str) -> Tensors:
        """The same on a device; pinned first, so that a GPU is not waited for."""

        def move(tensor: Tensor) -> Tensor:
            tensor = tensor.pin_memory() if device == "cuda" else tensor
            return tensor.to(device, non_blocking=True)

        tensors = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "layout"}
        moved = {name: move(tensor) for name, tensor in tensors.items()}
        return Tensors(**moved, layout=self.layout.moved(move))


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

    def tensors(self) -> Tensors:
        pairs, sizes = self.pairs, [len(group.pairs) for group in self.groups]
        lengths = [len(pair.tokens) for pair in pairs]
        opened, right = np.zeros(sum(lengths), bool), np.zeros((sum(lengths), 2), bool)
        at = 0
        for pair, length in zip(pairs, lengths, strict=True):
            opened[at] = True
            opened[at + pair.passage : at + length - 1] = True
            for side, marked in enumerate((pair.starts, pair.ends)):
                right[[at + token for token in marked or ()], side] = True
            at += length
        ranked = [
            group.relevant if group.relevant is not None and size > 1 else UNKNOWN
            for group, size in zip(self.groups, sizes, strict=True)
        ]
        return Tensors(
            tokens=torch.from_numpy(np.concatenate([pair.tokens for pair in pairs])),
            kinds=torch.from_numpy(np.concatenate([pair.kinds for pair in pairs])),
            open=torch.from_numpy(opened),
            right=torch.from_numpy(right),
            weights=torch.tensor([p.weight if p.starts is not None else 0.0 for p in pairs]),
            group=torch.tensor([n for n, size in enumerate(sizes) for _ in range(size)]),
            place=torch.tensor([n for size in sizes for n in range(size)]),
            relevant=torch.tensor(ranked),
            answers=torch.tensor(
                [_known(group.answers) for group in self.groups], dtype=torch.float
            ),
            says=torch.tensor([_known(group.says) for group in self.groups]),
            first=torch.tensor([0, *sizes[:-1]]).cumsum(0),
            sizes=torch.tensor(sizes),
            layout=Layout.of(lengths),
        )


def _answers(example: Example) -> float | None:
    """Whether the first passage answers, or says anything of the statement; None: no matter.

    What only lacks the sentence that would say it is on the matter all the same.
    """
    own = example.passages[0]
    if example.source.startswith("topic") or (
        example.says == 2 and not example.source.endswith("/other")
    ):
        return None
    if example.says is not None:
        return float(example.says != 2)
    if not own.known:
        return 1.0 if example.relevant == 0 else None
    return float(bool(own.spans or own.sentence))


def _known(value: float | None) -> float:
    return UNKNOWN if value is None else value


class Maker:
    """Makes groups of examples, some of them with a title or marks left out."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Takes all of the other passages; nothing is left to chance and nothing left out."""
        self._tokenizer, self._drawn = tokenizer, 0
        self._rng: random.Random | None = None
        self._seen: dict[str, tuple[Tokens, Tokens]] = {}
        marks = (tokenizer.token_to_id(mark) for mark in _MARKS)
        self._marks = np.array([mark for mark in marks if mark is not None])

    def begin(self, rng: random.Random, drawn: int) -> None:
        """Draws so many of the other passages, and shows some texts otherwise than they stand."""
        self._rng, self._drawn = rng, drawn

    def know(self, examples: Sequence[Example]) -> None:
        """Tokenises all their texts at once, on all cores."""
        texts = {e.query for e in examples}
        for example in examples:
            for passage in (*example.passages, *example.others):
                texts |= {passage.text, passage.title}
        listed = sorted(texts)
        made = self._tokenizer.encode_batch(listed, add_special_tokens=False)
        self._seen = {text: _arrays(one) for text, one in zip(listed, made, strict=True)}

    def group(self, example: Example) -> Group:
        query = self._encoded(self._query(example))[0][:QUERY_TOKENS]
        others = example.others
        if self._rng:
            others = tuple(self._rng.sample(others, min(self._drawn, len(others))))
        passages = (*example.passages, *others)
        pairs = [self._pair(query, passage, example, len(passages) > 1) for passage in passages]
        answers = _answers(example)
        return Group(pairs, example.relevant, example.says, answers, example.source)

    def _query(self, example: Example) -> str:
        query = example.query
        if self._rng and example.says is None:
            chance = self._rng.random()
            if chance < NO_QUESTION_MARK:
                return query.rstrip("?. ")
            if chance < NO_QUESTION_MARK + KEYWORDS:
                words = [w for w in re.findall(r"[\w'’-]+", query) if w.casefold() not in _STOP]
                return " ".join(words) or query
        return query

    def _pair(self, query: Tokens, passage: Passage, example: Example, several: bool) -> Pair:
        title = self._encoded(self._title(passage, example))[0][:TITLE_TOKENS]
        ids, offsets = self._encoded(passage.text)
        if self._rng and self._rng.random() < NO_MARKS:
            kept = ~np.isin(ids, self._marks)
            ids, offsets = ids[kept], offsets[kept]
        room = PAIR_TOKENS - 3 - len(query) - len(title)
        ids, offsets = ids[:room], offsets[:room]
        tokens = np.concatenate([[CLS], query, [SEP], title, ids, [SEP]])
        second = len(query) + 2
        starts, ends = _targets(passage, offsets, second + len(title))
        weight = 0.4 if starts == [0] and several else 1.0
        if example.says is not None and starts == [0]:
            starts = ends = None
        kinds = (np.arange(len(tokens)) >= second).astype(np.int64)
        return Pair(tokens, kinds, second, starts, ends, weight)

    def _title(self, passage: Passage, example: Example) -> str:
        if example.source.startswith(_NO_TITLE) or "/squadshifts" in example.source:
            return ""
        return passage.title if not self._rng or self._rng.random() >= NO_TITLE else ""

    def _encoded(self, text: str) -> tuple[Tokens, Tokens]:
        """Token numbers, shape (n,), and which characters they are of, shape (n, 2)."""
        if text not in self._seen:
            made = self._tokenizer.encode(text, add_special_tokens=False)
            self._seen[text] = _arrays(made)
        return self._seen[text]


def _arrays(made: Encoding) -> tuple[Tokens, Tokens]:
    return np.array(made.ids, np.int64), np.array(made.offsets, np.int64).reshape(-1, 2)


def _targets(
    passage: Passage, offsets: Tokens, first: int
) -> tuple[list[int] | None, list[int] | None]:
    if not passage.known:
        return None, None
    starts, ends = offsets[:, 0], offsets[:, 1]
    if passage.sentence:
        start, end = passage.sentence
        inside = (first + np.flatnonzero((starts >= start) & (ends <= end))).tolist()
        return (inside, inside) if inside else (None, None)
    if not passage.spans:
        return [0], [0]
    found = [np.flatnonzero((starts < end) & (ends > start)) for start, end in passage.spans]
    found = [inside for inside in found if len(inside)]
    if not found:
        return None, None
    begin, last = ({first + int(inside[n]) for inside in found} for n in (0, -1))
    return sorted(begin), sorted(last)


def batches(examples: Iterable[Example], maker: Maker, tokens: int) -> Iterator[Batch]:
    """Batches of about so many tokens, in the order of the examples."""
    batch, size = Batch(), 0
    for example in examples:
        group = maker.group(example)
        batch.groups.append(group)
        size += group.tokens
        if size >= tokens:
            yield batch
            batch, size = Batch(), 0
    if batch.groups:
        yield batch
