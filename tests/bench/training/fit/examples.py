"""Training questions as the first passages show them: with an answer, without, two in one."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoder, Reader
from qa import Corpus
from qa.ask.confidence import Signals, coefficients
from qa.ask.rerank import (
    READ,
    RERANKED,
    features,
    read_features,
    rerank,
    reread,
    standardised,
    stretched,
)
from qa.ask.statement import sentence_scores
from qa.evaluation.judged import JudgedQuestion, read_set, unanswerable
from qa.evaluation.outcomes import expected_places, holds
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.retrieval.reading import readings
from qa.retrieval.search import Query, search
from qa.types import Depth, Hit
from tests.bench.corpora import ROOT, TRAIN, TRAINING, corpus_of, hits_of
from tests.bench.training.reader.sources import Part, rows_of

QUESTIONS = 300
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question as the first passages show it."""

    kind: str  # one of SHARES
    features: Matrix  # shape (hits, features), stretched
    read: Matrix  # shape (hits that were read, READ_FEATURES), standardised, in features' order
    relevant: NDArray[np.bool_]  # shape (hits,)
    relevant_read: NDArray[np.bool_]  # shape (hits that were read,)
    question: Question
    hits: Sequence[Hit]  # in that order
    interactions: Sequence[Interaction]  # of all of them, the first ones read
    answerable: bool
    sentences: tuple[Matrix, NDArray[np.bool_]] | None  # of the judged passage: two scores, right
    signals: Mapping[Depth, Signals] = field(default_factory=dict)

    def judged(self, reading: Mapping[str, float]) -> Example:
        """The example with its signals, the passages in the order that these weights give."""
        unread = [replace(one, reading=None) for one in self.interactions]
        first = [*self.interactions[:1], *unread[1:]]
        _, reordered = reread(self.question.text, self.hits, self.interactions, reading)
        orders: Mapping[Depth, Sequence[Interaction]] = {
            "off": unread,
            "fast": first,
            "deep": reordered,
        }
        signals = {depth: Signals.of(self.question, order) for depth, order in orders.items()}
        return replace(self, signals=signals)


def of_training(
    name: str, encoder: Encoder, reader: Reader, kept: Path | None, asked: int = QUESTIONS
) -> list[Example]:
    """The examples of a training set, of each kind some.

    All of them among articles that the reader was not trained on: with others beside them it could
    tell by having seen them which passages answer.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = left_out(name, Path(temporary))
        found = list(_of_training(name, folder, encoder, reader, kept, asked))
    print(f"read {name}", flush=True)
    return found


def of_seeds(encoder: Encoder, reader: Reader) -> list[Example]:
    """The questions of `seeds/`, answerable and not."""
    with corpus_of(ROOT / "seeds", encoder) as corpus:
        questions = read_set(ROOT / "seeds").questions
        return [_example(corpus, reader, question, "own") for question in questions]


def _of_training(
    name: str, folder: Path, encoder: Encoder, reader: Reader, kept: Path | None, asked: int
) -> Iterator[Example]:
    chooser = random.Random(name)
    questions = _left_out(name)
    questions = chooser.sample(questions, min(asked, len(questions)))
    with corpus_of(folder, encoder, kept) as corpus:
        for question in questions:
            yield _example(corpus, reader, question, "own" if question.answerable else "deceptive")
        others = list(_of_others(name, chooser, asked // 2))
        for question in others:
            yield _example(corpus, reader, question, "foreign")
        own = [q for q in questions if q.answerable]
        for question in _in_twos(own[: asked // 2]):
            yield _example(corpus, reader, question, "two own")
        for question in _in_twos(others):
            yield _example(corpus, reader, question, "two foreign")
        for question in own[: asked // 2]:
            yield _example(corpus, reader, question, "hidden", _chunks(corpus, question))


def left_out(name: str, folder: Path) -> Path:
    """A folder with those articles of a set that no reader is trained on."""
    own = folder / f"{name}-left-out"
    own.mkdir()
    with (own / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for row in rows_of(TRAIN / name / "corpus.jsonl"):
            if Part.LEFT_OUT.has(row["_id"], row.get("title")):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return own


def _left_out(name: str) -> list[JudgedQuestion]:
    """The questions on these articles; what was written to deceive was asked of a paragraph."""
    titles = {row["_id"]: row.get("title") for row in rows_of(TRAIN / name / "corpus.jsonl")}
    asked = {row["_id"]: row.get("paragraph") for row in rows_of(TRAIN / name / "queries.jsonl")}

    def has(question: JudgedQuestion) -> bool:
        ids = [e.article for e in question.expected] or [asked[question.id]]
        return all(id_ and Part.LEFT_OUT.has(id_, titles.get(id_)) for id_ in ids)

    return [question for question in read_set(TRAIN / name).questions if has(question)]


def _of_others(name: str, chooser: random.Random, count: int) -> Iterator[JudgedQuestion]:
    others = [n for n in TRAINING if n != name and n[:7] != name[:7]]
    for other in others:
        questions = [q for q in read_set(TRAIN / other).questions if q.answerable]
        yield from unanswerable(tuple(chooser.sample(questions, count // len(others))))


def _in_twos(questions: Sequence[JudgedQuestion]) -> Iterator[JudgedQuestion]:
    """Two questions in one: what training sets lack, and people ask, is long questions."""
    for one, other in zip(questions[::2], questions[1::2], strict=False):
        expected, answerable = one.expected + other.expected, one.answerable and other.answerable
        yield JudgedQuestion(one.id, f"{one.text} {other.text}", expected, (), answerable)


def _chunks(corpus: Corpus, question: JudgedQuestion) -> frozenset[int]:
    """The keys of the passages of the articles that answer."""
    articles = (expected.article or "" for expected in question.expected)
    return frozenset(hit.chunk for id_ in articles for hit in hits_of(corpus.view, id_))


def _example(
    corpus: Corpus,
    reader: Reader,
    judged: JudgedQuestion,
    kind: str,
    hidden: frozenset[int] = frozenset(),
) -> Example:
    view, encoder = corpus.view, corpus.encoder
    [encoded] = encoder.encode_queries([judged.text])
    question = Question.of(judged.text, encoded, view)
    hits = search(view, Query(judged.text, encoded.vector, top_k=RERANKED, exclude=hidden))
    found = interactions(view, question, hits)
    fitted = coefficients(encoder.name)
    ranked, in_order = rerank(hits, found, fitted.ranking)
    made = readings(reader, judged.text, ranked[: READ["deep"]])
    read = [replace(one, reading=m) for one, m in zip(in_order, made, strict=False)]
    places = expected_places(corpus, judged, strict=False)

    def relevant(some: Sequence[Hit]) -> NDArray[np.bool_]:
        return np.array([any(place.shown_by(hit) for place in places) for hit in some], bool)

    return Example(
        kind,
        stretched(features(hits, found)).astype(np.float64),
        standardised(read_features(ranked[: len(read)], read)).astype(np.float64),
        relevant(hits),
        relevant(ranked[: len(read)]),
        question,
        ranked,
        [*read, *in_order[len(read) :]],
        judged.answerable and kind != "hidden",
        _sentences(ranked[: len(read)], read, relevant(ranked[: len(read)]), judged.golds),
    )


def _sentences(
    hits: Sequence[Hit],
    read: Sequence[Interaction],
    relevant: NDArray[np.bool_],
    golds: Sequence[str],
) -> tuple[Matrix, NDArray[np.bool_]] | None:
    """Of the first judged passage: each sentence's scores, and whether it holds a gold."""
    if not golds or not relevant.any():
        return None
    hit, one = hits[int(relevant.argmax())], read[int(relevant.argmax())]
    scores, candidates = sentence_scores(hit, one)
    texts = [hit.passage.text[c.span.start : c.span.end] for c in candidates]
    right = np.array([holds(text, golds) for text in texts])
    return (scores.astype(np.float64), right) if right.any() and not right.all() else None
