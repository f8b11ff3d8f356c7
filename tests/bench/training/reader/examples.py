"""What the reader is trained on: a question or a statement, with passages and what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
    passages: tuple[Passage, ...]  # what is asked of the first one is known
    others: tuple[Passage, ...] = ()  # near ones that do not answer; some are drawn each time
    relevant: int | None = None  # the passage that is more relevant than the others
    says: int | None = None  # what the first passage says of the statement, of SAYS


def write(path: Path, examples: Iterable[Example]) -> int:
    """Writes one JSON object a line, each text before the first example with it; how many."""
    texts: dict[tuple[str, str], int] = {}
    count = 0
    with path.open("w", encoding="utf-8") as file:

        def number(passage: Passage) -> int:
            key = passage.title, passage.text
            if key not in texts:
                texts[key] = len(texts)
                file.write(json.dumps(key, ensure_ascii=False) + "\n")
            return texts[key]

        def row(passage: Passage) -> list[object]:
            return [number(passage), passage.spans, passage.sentence, passage.known]

        for example in examples:
            found = {
                "source": example.source,
                "query": example.query,
                "passages": [row(p) for p in example.passages],
                "others": [row(p) for p in example.others],
                "relevant": example.relevant,
                "says": example.says,
            }
            file.write(json.dumps(found, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(path: Path) -> Iterator[Example]:
    """The examples of a file that `write` wrote."""
    texts: list[tuple[str, str]] = []

    def passage(
        number: int, spans: list[list[int]], sentence: list[int] | None, known: bool
    ) -> Passage:
        title, text = texts[number]
        places = tuple((start, end) for start, end in spans)
        return Passage(text, title, places, (sentence[0], sentence[1]) if sentence else None, known)

    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if isinstance(row, list):
                texts.append((row[0], row[1]))
                continue
            for name in ("passages", "others"):
                row[name] = tuple(passage(*each) for each in row[name])
            yield Example(**row)
