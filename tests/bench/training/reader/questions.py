"""The training sets with questions -> examples, with hard negatives from our own retrieval.

Passages are cut as the product cuts them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embeddings import Encoder
from qa.evaluation.judged import read_set
from tests.bench.corpora import TRAIN, corpus_of
from tests.bench.training.reader.alterations import altered_question
from tests.bench.training.reader.examples import Example, Passage
from tests.bench.training.reader.sources import (
    Near,
    Part,
    Piece,
    passages_of,
    rows_of,
    without,
)

_NAMES = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]{2,})*")


@dataclass(frozen=True)
class Share:
    """What is made of the questions of a set."""

    name: str
    near: bool  # whether near passages that do not answer stand beside the right one
    without: float  # share whose passage comes once more without the sentence that answers
    altered: float  # share of which an altered question is tried as well


NEGATIVES = 6  # near passages kept for a question; training draws of them
SPANS = (
    Share("squad2_reading", True, 0.3, 1.0),
    Share("squadshifts_reddit", True, 0.3, 0.6),
    Share("squadshifts_amazon", True, 0.3, 0.6),
    Share("policyqa", False, 0.3, 0.0),
    Share("fairytaleqa_train", True, 0.3, 0.3),
)


# --- questions with spans -----------------------------------------------------------------------


def of_spans(
    share: Share, encoder: Encoder, kept: Path | None, rng: random.Random, part: Part
) -> Iterator[Example]:
    """The questions of a set with their passage, near ones that do not answer, and changed ones."""
    folder = TRAIN / share.name
    rows = rows_of(folder / "queries.jsonl")
    articles = {row["_id"]: row for row in rows_of(folder / "corpus.jsonl")}
    judged = {q.id: q for q in read_set(folder).questions}
    names = sorted({n for a in articles.values() for n in _NAMES.findall(a["text"])})
    titles = {id_: article.get("title") for id_, article in articles.items()}
    rows = [
        row
        for row in rows
        if (id_ := _article(row, judged)) is not None and part.has(id_, titles[id_])
    ]
    rng.shuffle(rows)
    with corpus_of(folder, encoder, kept) as corpus:
        near = Near(corpus, [row["text"] for row in rows], part)
        cut = {id_: passages_of(corpus, id_) for id_ in articles}
        for number, row in enumerate(rows):
            id_ = _article(row, judged) or ""
            yield from _of_question(share, row, id_, cut, near.of(number), names, rng)


def _article(row: Mapping[str, Any], judged: Mapping[str, Any]) -> str | None:
    if "paragraph" in row:
        return str(row["paragraph"])
    found = judged.get(row["_id"])
    return found.expected[0].article if found and found.expected else None


def _of_question(
    share: Share,
    row: Mapping[str, Any],
    id_: str,
    cut: Mapping[str, Sequence[Piece]],
    near: Sequence[tuple[str, Passage]],
    names: Sequence[str],
    rng: random.Random,
) -> Iterator[Example]:
    question = row["text"]
    if row.get("is_impossible"):
        for piece in cut[id_]:
            yield Example(share.name, question, (piece.passage,))
        return
    found = [(p, p.answers(row)) for p in cut[id_]]
    answering = [replace(p.passage, spans=spans) for p, spans in found if spans]
    if not answering:
        # What no words of the passage answer is judged to be answered there all the same.
        whole = [replace(p.passage, known=False) for p in cut[id_]]
        others = _negatives(share, id_, row, near, rng)
        if others and len(whole) == 1:
            yield Example(share.name, question, (whole[0],), others, 0)
        return
    passage = answering[0]
    others = _negatives(share, id_, row, near, rng)
    left = without(passage) if rng.random() < share.without else None
    beside = (passage, left) if left else (passage,)
    yield Example(share.name, question, beside, others, 0 if left or others else None)
    if rng.random() >= share.altered:
        return
    if changed := altered_question(rng, question, passage.text, names):
        yield Example(f"{share.name}/altered", changed, (replace(passage, spans=()),))


def _negatives(
    share: Share,
    id_: str,
    row: Mapping[str, Any],
    near: Sequence[tuple[str, Passage]],
    rng: random.Random,
) -> tuple[Passage, ...]:
    if not share.near:
        return ()
    answers = [a.casefold() for a in row.get("answers") or () if len(a) > 3]
    able = [
        passage
        for article, passage in near
        if article != id_ and not any(a in passage.text.casefold() for a in answers)
    ]
    # The nearest are the hardest, and the ones that may answer after all.
    return tuple(rng.sample(able[:10], min(NEGATIVES, len(able[:10]))))


# --- questions with sentences -------------------------------------------------------------------


def of_qamr(rng: random.Random, count: int, part: Part) -> Iterator[Example]:
    """Questions on one sentence, which stands among others."""
    folder = TRAIN / "qamr"
    texts = {row["_id"]: row["text"] for row in rows_of(folder / "corpus.jsonl")}
    judged = {q.id: q for q in read_set(folder).questions}
    rows = [
        r
        for r in rows_of(folder / "queries.jsonl")
        if r["_id"] in judged and part.has(judged[r["_id"]].expected[0].article or "")
    ]
    ids = sorted(id_ for id_ in texts if part.has(id_))
    for row in rng.sample(rows, min(count, len(rows))):
        id_ = judged[row["_id"]].expected[0].article or ""
        own = texts[id_]
        spans = [
            (start, start + len(answer))
            for answer, start in zip(row["answers"], row["answer_starts"], strict=False)
            if own[start : start + len(answer)] == answer
        ]
        if not spans:
            continue
        others = [texts[o] for o in rng.sample(ids, rng.randint(0, 3)) if o != id_]
        before, after = others[: len(others) // 2], others[len(others) // 2 :]
        at = sum(len(text) + 1 for text in before)
        passage = Passage(
            " ".join([*before, own, *after]), spans=tuple((at + s, at + e) for s, e in spans)
        )
        left = Passage(" ".join(others)) if others and rng.random() < 0.3 else None
        beside = (passage, left) if left else (passage,)
        yield Example("qamr", row["text"], beside, (), 0 if left else None)


def of_squad_sentences(rng: random.Random, count: int, part: Part) -> Iterator[Example]:
    """Questions on a sentence, which stands among the sentences around it."""
    folder = TRAIN / "squad_sents_test"
    texts = [row["text"] for row in rows_of(folder / "corpus.jsonl")]
    places = {row["_id"]: n for n, row in enumerate(rows_of(folder / "corpus.jsonl"))}
    questions = [
        q
        for q in read_set(folder).questions
        if len(q.expected) == 1 and part.has(q.expected[0].article or "")
    ]
    for question in rng.sample(questions, min(count, len(questions))):
        at = places[question.expected[0].article or ""]
        first = max(0, at - rng.randint(0, 3))
        around = texts[first : first + 4]
        start = sum(len(t) + 1 for t in around[: at - first])
        passage = Passage(" ".join(around), sentence=(start, start + len(texts[at])))
        beside = (
            texts[first + 4 : first + 8] if rng.random() < 0.5 else texts[max(0, first - 4) : first]
        )
        other = Passage(" ".join(beside)) if beside else without(passage)
        if other is not None:
            yield Example("squad_sents", question.text, (passage, other), (), 0)
