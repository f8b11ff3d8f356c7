"""What the reader is trained on: a question or a statement, with passages and what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

# What a passage says of a statement, in the order of the reader's outputs.
SAYS = ("supports", "contradicts", "nothing")
Place = tuple[int, int]  # the code points of a passage, without its title


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage beside a question, with what of it answers.

    With places, one of them is the answer. Without, it answers nothing if that is `known`; else
    nobody said where.
    """

    text: str
    title: str = ""
    spans: tuple[Place, ...] = ()  # the very words
    sentence: Place | None = None  # only the sentence is known in which they stand
    known: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A question or a statement with passages."""

    source: str
    query: str
    passages: tuple[Passage, ...]
    relevant: int | None = None  # the passage that is more relevant than the others
    says: int | None = None  # what the first passage says of the statement, of SAYS


def write(path: Path, examples: Iterable[Example]) -> int:
    """Writes one JSON object a line; gives back how many."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example), ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """The examples of a file that `write` wrote."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            passages = tuple(
                Passage(
                    p["text"],
                    p["title"],
                    tuple((s, e) for s, e in p["spans"]),
                    tuple(p["sentence"]) if p["sentence"] else None,
                    p["known"],
                )
                for p in row.pop("passages")
            )
            yield Example(passages=passages, **row)
