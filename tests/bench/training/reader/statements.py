"""The training sets with statements -> examples: what their passages say of them.

FEVER goes by pages: what shares a sentence is either trained on or reported.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from embeddings import Encoder
from qa.evaluation.judged import read_set
from tests.bench.corpora import SHARED, TRAIN, corpus_of
from tests.bench.training.reader.alterations import (
    CONTRADICTING,
    SUPPORTING,
    altered_statement,
    text_of,
)
from tests.bench.training.reader.examples import SAYS, Example, Passage
from tests.bench.training.reader.sources import (
    Near,
    Part,
    passages_of,
    rows_of,
    without,
)

VERDICTS = SHARED / "data" / "verdict"
SUPPORTS, CONTRADICTS, NOTHING = range(len(SAYS))
NEGATIVES = 6


def of_scifact(
    encoder: Encoder, kept: Path | None, rng: random.Random, part: Part
) -> Iterator[Example]:
    """Claims with the abstract that is cited for them, and near ones."""
    rows = {row["_id"]: row for row in rows_of(TRAIN / "scifact_train" / "queries.jsonl")}
    questions = [
        q
        for q in read_set(TRAIN / "scifact_train").questions
        if q.expected and all(part.has(e.article or "") for e in q.expected)
    ]
    with corpus_of(TRAIN / "scifact_train", encoder, kept) as corpus:
        near = Near(corpus, [q.text for q in questions], part)
        for number, question in enumerate(questions):
            cited = {e.article or "" for e in question.expected}
            evidence = rows[question.id].get("evidence") or {}
            others = [p for article, p in near.of(number) if article not in cited]
            for id_ in sorted(cited):
                stated = evidence.get(id_)
                for piece in passages_of(corpus, id_):
                    negatives = tuple(rng.sample(others[:12], min(NEGATIVES, len(others[:12]))))
                    passage, says = _said(piece.passage, stated)
                    if stated and says is None:
                        continue
                    yield Example("scifact", question.text, (passage,), negatives, 0, says)
                    if negatives and rng.random() < 0.5:
                        yield _statement("scifact/other", question.text, negatives[0], NOTHING)


def _statement(source: str, text: str, passage: Passage, says: int) -> Example:
    return Example(source, text, (passage,), says=says)


def _said(passage: Passage, stated: Mapping[str, Any] | None) -> tuple[Passage, int | None]:
    """The passage with the sentence that states it, and what it says; None if it is elsewhere."""
    if not stated:
        return replace(passage, known=False), None
    for sentence in stated["sentences"]:
        start = passage.text.find(sentence.strip())
        if start >= 0:
            says = SUPPORTS if stated["label"].startswith("SUPPORT") else CONTRADICTS
            return replace(passage, sentence=(start, start + len(sentence.strip()))), says
    return passage, None


def of_fever(encoder: Encoder, rng: random.Random, part: Part) -> Iterator[Example]:
    """Claims with their evidence, with near evidence of others, and two claims in one."""
    rows = fever_training() if part is Part.TRAINED else fever_left_out()
    claims = [row["claim"] for row in rows]
    texts = [" ".join(row["evidence"][0].split()) for row in rows]
    vectors = [
        one.vector
        for start in range(0, len(claims), 256)
        for one in encoder.encode_queries(claims[start : start + 256])
    ]
    distinct = sorted(set(texts))
    places = encoder.encode_passages(distinct)
    matrix = np.array([p.vector for p in places])
    for number, row in enumerate(rows):
        says = SUPPORTS if row["label"] == "supports" else CONTRADICTS
        passage = _shortened(texts[number], rng)
        yield _statement("fever", claims[number], replace(passage, known=False), says)
        if rng.random() < 0.4:
            order = np.argsort(-(matrix @ vectors[number]))[:8]
            other = distinct[int(rng.choice(order.tolist()))]
            if other != texts[number] and other[:40] != texts[number][:40]:
                negative = _shortened(other, rng)
                yield _statement("fever/other", claims[number], negative, NOTHING)
        if says == SUPPORTS and rng.random() < 0.15:
            second = rng.randrange(len(rows))
            joined = f"{claims[number].rstrip('.')}, and {claims[second]}"
            yield _statement("fever/two", joined, replace(passage, known=False), NOTHING)


def _shortened(text: str, rng: random.Random) -> Passage:
    """At most 1,200 characters of it."""
    return Passage(text[:1200])


def fever_training() -> list[dict[str, Any]]:
    """The rows whose pages are neither reported nor left out."""
    return [row for row, use in _fever_parts() if use == "trained"]


def fever_left_out() -> list[dict[str, Any]]:
    """Rows of pages that are left for choosing among trained readers, about a twentieth of all."""
    return [row for row, use in _fever_parts() if use == "left out"]


def fever_reported() -> list[dict[str, Any]]:
    """Rows of pages no sentence of which is trained on, about a fifth of all."""
    return [row for row, use in _fever_parts() if use == "reported"]


def _fever_parts() -> list[tuple[dict[str, Any], str]]:
    """Rows that share a sentence are of one part."""
    rows = rows_of(VERDICTS / "verdict_fever_dev" / "pairs.jsonl")
    parent = list(range(len(rows)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        for sentence in re.split(r"(?<=\.) ", row["evidence"][0]):
            if len(sentence) > 30:
                other = first.setdefault(sentence, number)
                parent[root(number)] = root(other)
    groups = defaultdict(list)
    for number in range(len(rows)):
        groups[root(number)].append(number)
    chooser, second = random.Random(0), random.Random(1)
    uses = ["trained"] * len(rows)
    for members in sorted(groups.values()):
        reported = len(members) < 200 and chooser.random() < 0.25
        left_out = len(members) < 200 and second.random() < 0.06
        if reported or left_out:
            for number in members:
                uses[number] = "reported" if reported else "left out"
    return list(zip(rows, uses, strict=True))


def of_sentences(
    rng: random.Random, texts: Iterable[tuple[str, str]], count: int, source: str
) -> Iterator[Example]:
    """Sentences of texts, as they stand and changed, beside the passage that they are from."""
    made = 0
    for title, text in texts:
        parts = text_of("", text)
        able = [n for n, s in enumerate(parts.sentences) if 8 <= len(s.split()) <= 40]
        for number in rng.sample(able, min(2, len(able))):
            passage = Passage(text[:1200], title)
            if parts.sentences[number] not in passage.text:
                continue
            if case := altered_statement(rng, parts, number, CONTRADICTING):
                unknown = replace(passage, known=False)
                yield _statement(f"{source}/changed", case.quote, unknown, CONTRADICTS)
            else:
                continue
            start = passage.text.find(parts.sentences[number])
            place = (start, start + len(parts.sentences[number]))
            kept = altered_statement(rng, parts, number, SUPPORTING)
            statement = kept.quote if kept and rng.random() < 0.7 else parts.sentences[number]
            own = replace(passage, sentence=place)
            yield _statement(f"{source}/kept", statement, own, SUPPORTS)
            if left := without(own):
                yield _statement(f"{source}/left out", statement, left, NOTHING)
            made += 1
            if made >= count:
                return


def texts_of(name: str, rng: random.Random, part: Part) -> list[tuple[str, str]]:
    """Title and text of a training set's articles, in an order of chance."""
    rows = rows_of(TRAIN / name / "corpus.jsonl")
    rows = [r for r in rows if part.has(r["_id"], r.get("title"))]
    found = [(r.get("title") or "", r["text"]) for r in rows]
    rng.shuffle(found)
    return found
