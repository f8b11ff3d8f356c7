"""The passages that training sets are cut into, those near a question, and what is not trained on.

That is the last two articles of squad2_reading, which are reported, and one more; of each set one
article in ten.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from qa import Corpus
from qa.retrieval.search import Query, search
from qa.text.sentences import sentences
from tests.bench.corpora import hits_of
from tests.bench.training.reader.examples import Passage, Place

# Of squad2_reading; on these span F1 is reported.
REPORTED_ARTICLES = frozenset({"French and Indian War", "Force"})
VALIDATION_ARTICLES = frozenset({"Normans"})
NEIGHBOURS = 20  # sentences or paragraphs of one matter, which stand one behind the other


def held_out(article: str) -> bool:
    """Whether an article is left for fitting what the reader's outputs count: one in ten.

    With all its questions, and never as a negative: a passage that was seen beside other questions
    is known to answer something. "Snow-man:3" is part of a story, "s41" of twenty sentences.
    """
    unit = article.partition(":")[0]
    if unit[:1] == "s" and unit[1:].isdecimal():
        unit = f"s{int(unit[1:]) // NEIGHBOURS}"
    return zlib.crc32(unit.encode()) % 10 == 0


class Part(Enum):
    """What is trained on, or what is left for choosing and fitting; never what is reported."""

    TRAINED = False
    LEFT_OUT = True

    def has(self, article: str, title: str | None = None) -> bool:
        if title in REPORTED_ARTICLES:
            return False
        return (held_out(article) or title in VALIDATION_ARTICLES) is self.value


# Hits among which hard negatives are drawn; few of them are left out.
NEAR = {Part.TRAINED: 15, Part.LEFT_OUT: 120}


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The records of a file with one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


def without(passage: Passage) -> Passage | None:
    """The passage without the sentences in which an answer stands; None if too little is left."""
    spans = sentences(passage.text)
    kept = [
        passage.text[s.start : s.end]
        for s in spans
        if not any(start < s.end and end > s.start for start, end in passage.spans)
        and not (passage.sentence and passage.sentence[0] < s.end and passage.sentence[1] > s.start)
    ]
    if not kept or len(kept) == len(spans):
        return None
    return Passage(" ".join(kept), passage.title)


@dataclass(frozen=True)
class Piece:
    """A passage at its place in the article."""

    start: int
    passage: Passage

    def answers(self, row: Mapping[str, Any]) -> tuple[Place, ...]:
        """Where answers stand in it: at their places if these are known, else where found."""
        text = self.passage.text
        if starts := row.get("answer_starts"):
            places = [
                (start - self.start, start - self.start + len(answer))
                for answer, start in zip(row["answers"], starts, strict=False)
            ]
            return tuple(
                dict.fromkeys(
                    (s, e)
                    for (s, e), answer in zip(places, row["answers"], strict=False)
                    if s >= 0 and text[s:e] == answer
                )
            )
        lowered = text.casefold()
        found = [
            (match.start(), match.end())
            for answer in row.get("answers") or ()
            if len(answer) > 2 and len(lowered) == len(text)
            for match in re.finditer(rf"\b{re.escape(answer.casefold())}\b", lowered)
        ]
        return tuple(found) if len(found) <= 2 else ()


def passages_of(corpus: Corpus, id_: str) -> list[Piece]:
    return [
        Piece(hit.passage.start, Passage(hit.passage.text, hit.source.title or ""))
        for hit in hits_of(corpus.view, id_)
    ]


class Near:
    """The nearest passages of each question, encoded by the hundred."""

    def __init__(self, corpus: Corpus, questions: Sequence[str], part: Part) -> None:
        self._corpus, self._questions, self._part = corpus, questions, part
        self._vectors: list[Any] = []

    def of(self, number: int) -> list[tuple[str, Passage]]:
        while len(self._vectors) <= number:
            start = len(self._vectors)
            encoded = self._corpus.encoder.encode_queries(self._questions[start : start + 256])
            self._vectors += [one.vector for one in encoded]
        query = Query(self._questions[number], self._vectors[number], top_k=NEAR[self._part])
        return [
            (hit.passage.article_id, Passage(hit.passage.text, hit.source.title or ""))
            for hit in search(self._corpus.view, query)
            if self._part.has(hit.passage.article_id, hit.source.title)
        ]
