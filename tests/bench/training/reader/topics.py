"""Texts alone -> examples: a sentence or a title, and the passage that it was taken from.

What questions with answers teach of relevance is whether a passage answers. People and claims also
want the passage that is on the matter: "Effects of aspirin on platelets" has no words that answer.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from embeddings import Encoder
from qa.text.sentences import sentences
from tests.bench.corpora import TRAIN, corpus_of
from tests.bench.training.reader.examples import Example, Passage
from tests.bench.training.reader.sources import Near, Part, Piece, passages_of, rows_of, without

NEGATIVES = 6
WITHOUT = 0.7  # share of the passages that the sentence is taken out of
WORDS = range(8, 41)


def of_topics(
    name: str, count: int, encoder: Encoder, kept: Path | None, rng: random.Random, part: Part
) -> Iterator[Example]:
    """So many sentences of a set's texts, or titles where it has one for each text."""
    rows = [
        r
        for r in rows_of(TRAIN / name / "corpus.jsonl")
        if part.has(r["_id"], r.get("title") if name == "squad2_reading" else None)
    ]
    rows = rng.sample(rows, min(count, len(rows)))
    titles = name == "scifact_train"
    with corpus_of(TRAIN / name, encoder, kept) as corpus:
        made = []
        for number, row in enumerate(rows):
            pieces = passages_of(corpus, row["_id"])
            found = (
                _titled(row["title"], pieces) if titles and number % 2 else _sentence(pieces, rng)
            )
            if found:
                made.append((row["_id"], *found))
        near = Near(corpus, [query for _, query, _ in made], part)
        for number, (id_, query, passage) in enumerate(made):
            others = [replace(p, title="") for article, p in near.of(number) if article != id_][:10]
            others = rng.sample(others, min(NEGATIVES, len(others)))
            if others:
                own = replace(passage, title="", known=False)
                yield Example(f"topic/{name}", query, (own,), tuple(others), 0)


def _titled(title: str, pieces: list[Piece]) -> tuple[str, Passage] | None:
    return (title, pieces[0].passage) if title and pieces else None


def _sentence(pieces: list[Piece], rng: random.Random) -> tuple[str, Passage] | None:
    if not pieces:
        return None
    passage = rng.choice(pieces).passage
    able = [
        s for s in sentences(passage.text) if len(passage.text[s.start : s.end].split()) in WORDS
    ]
    if not able:
        return None
    span = rng.choice(able)
    query = passage.text[span.start : span.end]
    if rng.random() >= WITHOUT:
        return query, passage
    left = without(replace(passage, sentence=(span.start, span.end)))
    return (query, left) if left else None
