"""Fits what ranking and confidence are computed with, on training questions.

    .venv/bin/python -m tests.bench.training.fit [--write] [--keep FOLDER]

Ranking: weights that give the judged passages the greatest softmax probability among the first 20,
each training set counting the same. Confidence: a logistic regression on questions that have an
answer (a training set's own) and questions that have none: those of another set, and own ones
whose judged article is hidden; some of them two in one, since training sets have no long ones;
with the questions of seeds/, answerable and not. What quality is reported on is not used. Prints
how good it is on the set that was left out of the fit; --write puts the coefficients into
qa/ask/coefficients.json. Takes about half an hour on two cores, most of it for building corpora;
with --keep they are there the next time.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import embeddings
from embeddings import Encoder
from qa import Corpus
from qa.ask.confidence import Signals, coefficients
from qa.ask.rerank import FEATURES, RERANKED, features, rerank, stretched
from qa.evaluation.judged import JudgedQuestion, read_set, unanswerable
from qa.evaluation.outcomes import expected_places
from qa.retrieval.late_interaction import Question, interactions
from qa.retrieval.search import Query, search
from tests.bench.corpora import ROOT, TRAIN, TRAINING, corpus_of, hits_of

QUESTIONS = 300
# What each kind of question weighs in a set, all of its questions together.
SHARES = {"own": 2.0, "foreign": 1.0, "hidden": 1.0, "two own": 0.3, "two foreign": 0.3}
SEEDS_SHARE = 5.0
REGULARISATION = 1e-3
# On the questions of seeds/, 0.5 is right 46 times of 59, 0.45 49 times and 0.4 51 times.
THRESHOLD = 0.45
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question as the first passages show it."""

    kind: str  # one of SHARES
    features: NDArray[np.floating[Any]]  # shape (hits, features), stretched
    relevant: NDArray[np.bool_]  # shape (hits,)
    signals: Signals | None
    answerable: bool


def main() -> None:
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    encoder = embeddings.load()
    sets = {name: list(_examples(name, encoder, kept)) for name in TRAINING}
    with corpus_of(ROOT / "seeds", encoder) as corpus:
        seeds = [
            _example(corpus, question, "own") for question in read_set(ROOT / "seeds").questions
        ]
    _report(sets, seeds)
    ranking = dict(zip(FEATURES, fit_ranking(list(sets.values())).round(3).tolist(), strict=True))
    intercept, weights = _fit_confidence(list(sets.values()), seeds)
    fitted = {
        "ranking": ranking,
        "confidence": {
            "intercept": round(intercept, 3),
            "weights": dict(zip(_names(), weights.round(3).tolist(), strict=True)),
        },
        "threshold": THRESHOLD,
    }
    print(json.dumps(fitted, indent=2))
    if "--write" in sys.argv:
        path = ROOT / "qa" / "ask" / "coefficients.json"
        content = json.loads(path.read_text("utf-8"))
        content["encoders"][encoder.name] = fitted
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


# --- examples -----------------------------------------------------------------------------------


def _examples(name: str, encoder: Encoder, kept: Path | None) -> Iterator[Example]:
    chooser = random.Random(name)
    questions = chooser.sample(list(read_set(TRAIN / name).questions), QUESTIONS)
    with corpus_of(TRAIN / name, encoder, kept) as corpus:
        for question in questions:
            yield _example(corpus, question, "own")
        others = list(_of_others(name, chooser))
        for question in others:
            yield _example(corpus, question, "foreign")
        for question in _in_twos(questions[:150]):
            yield _example(corpus, question, "two own")
        for question in _in_twos(others):
            yield _example(corpus, question, "two foreign")
        for question in questions[: QUESTIONS // 2]:
            yield _example(corpus, question, "hidden", _chunks(corpus, question))
    print(f"read {name}", file=sys.stderr, flush=True)


def _of_others(name: str, chooser: random.Random) -> Iterator[JudgedQuestion]:
    others = [n for n in TRAINING if n != name and n[:7] != name[:7]]
    for other in others:
        questions = list(read_set(TRAIN / other).questions)
        yield from unanswerable(tuple(chooser.sample(questions, QUESTIONS // 2 // len(others))))


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
    corpus: Corpus, judged: JudgedQuestion, kind: str, hidden: frozenset[int] = frozenset()
) -> Example:
    view, encoder = corpus.view, corpus.encoder
    [encoded] = encoder.encode_queries([judged.text])
    question = Question.of(judged.text, encoded, view)
    hits = search(view, Query(judged.text, encoded.vector, top_k=RERANKED, exclude=hidden))
    read = interactions(view, question, hits)
    expected = expected_places(corpus, judged, strict=False)
    _, in_order = rerank(hits, read, coefficients(encoder.name).ranking)
    return Example(
        kind,
        stretched(features(hits, read)).astype(np.float64),
        np.array([any(place.shown_by(hit) for place in expected) for hit in hits], bool),
        Signals.of(question, in_order),
        judged.answerable and kind != "hidden",
    )


# --- ranking ------------------------------------------------------------------------------------


def fit_ranking(sets: Sequence[Sequence[Example]]) -> Matrix:
    """Weights >= 0, shape (features,), that add up to 1."""

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = 0.0, np.zeros_like(weights)
        for examples in sets:
            ranked = [e for e in examples if e.kind == "own" and e.relevant.any()]
            for example in ranked:
                z = example.features @ weights
                odds = np.exp(z - z.max())
                right = odds * example.relevant
                total -= np.log(right.sum() / odds.sum()) / len(ranked)
                change = odds / odds.sum() - right / right.sum()
                slope += change @ example.features / len(ranked)
        n = len(sets)
        return (
            total / n + REGULARISATION * float(weights @ weights),
            slope / n + 2 * REGULARISATION * weights,
        )

    start = np.zeros(len(FEATURES))
    bounds = [(0, None)] * len(FEATURES)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return np.asarray(found / found.sum())


def _first(examples: Sequence[Example], weights: Matrix) -> float:
    """The share of own questions whose first passage is a judged one."""
    own = [e for e in examples if e.kind == "own" and len(e.features)]
    return float(np.mean([e.relevant[np.argmax(e.features @ weights)] for e in own]))


# --- confidence ---------------------------------------------------------------------------------


def _names() -> list[str]:
    return list(Signals.__dataclass_fields__)


def _matrix(examples: Sequence[Example]) -> Matrix:
    return np.array([astuple(e.signals) for e in examples if e.signals])


def _fit_confidence(
    sets: Sequence[Sequence[Example]], seeds: Sequence[Example]
) -> tuple[float, Matrix]:
    """Intercept and weights, shape (signals,)."""
    examples, shares = [], []
    for part in sets:
        for kind, share in SHARES.items():
            found = [e for e in part if e.kind == kind]
            examples += found
            shares += [share / len(found)] * len(found)
    for answerable in (True, False):
        found = [e for e in seeds if e.answerable == answerable]
        examples += found
        shares += [SEEDS_SHARE / 2 / len(found)] * len(found)
    x, y = _matrix(examples), np.array([e.answerable for e in examples])
    middle, width = x.mean(axis=0), x.std(axis=0)
    weights = np.array(shares) * len(shares) / np.sum(shares)
    model = LogisticRegression().fit((x - middle) / width, y, sample_weight=weights)
    slopes = model.coef_[0] / width
    return float(model.intercept_[0] - slopes @ middle), slopes


def _separation(examples: Sequence[Example], against: str, rule: tuple[float, Matrix]) -> float:
    """AUROC of own questions against those of a kind that have no answer."""
    chosen = [e for e in examples if e.kind in ("own", against)]
    scores = rule[0] + _matrix(chosen) @ rule[1]
    return float(roc_auc_score([e.answerable for e in chosen], scores))


def _report(sets: dict[str, list[Example]], seeds: list[Example]) -> None:
    equal = np.eye(len(FEATURES))[FEATURES.index("lexical")]
    print("each set with what was fitted on the others:")
    print(f"{'':20}{'first: BM25':>12}{'fitted':>8}{'AUROC foreign':>15}{'hidden':>8}")
    for name, examples in sets.items():
        others = [e for other, e in sets.items() if other[:7] != name[:7]]
        weights, rule = fit_ranking(others), _fit_confidence(others, seeds)
        print(
            f"{name:20}{_first(examples, equal):12.3f}{_first(examples, weights):8.3f}"
            f"{_separation(examples, 'foreign', rule):15.3f}"
            f"{_separation(examples, 'hidden', rule):8.3f}"
        )
    own = list(sets.values())
    for signal in _names():
        alone = (0.0, np.array([float(name == signal) for name in _names()]))
        found = [
            np.mean([_separation(e, kind, alone) for e in own]) for kind in ("foreign", "hidden")
        ]
        print(f"{signal + ' alone':20}{'':20}{found[0]:15.3f}{found[1]:8.3f}")


if __name__ == "__main__":
    main()
