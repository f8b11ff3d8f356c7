"""What the parts of ranking and sentence choice are worth, on training data.

    .venv/bin/python -m tests.bench.ablation [--keep FOLDER]

nDCG@10 over every n-th question of each training set: by dense weight of the fusion; by how many
hits are read; with one feature left out, weights fitted on the other sets; with token vectors as
the encoder gives them instead of as they are stored. Then the share of judged passages whose
chosen sentence holds the answer. With --keep the corpora of `tests.bench.training.fit` are used
again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from embeddings import Encoder, TokenVectors
from qa import Corpus
from qa.ask.confidence import coefficients
from qa.ask.rerank import FEATURES, RERANKED, features, stretched
from qa.evaluation.judged import JudgedQuestion, read_set
from qa.evaluation.outcomes import holds
from qa.passages.chunking import with_title
from qa.retrieval import search
from qa.retrieval.fusion import dense_weight
from qa.retrieval.late_interaction import Interaction, Question, interaction, interactions, mean
from qa.storage.token_vectors import PassageTokens
from qa.types import Hit
from tests.bench.corpora import TRAIN, TRAINING, corpus_of
from tests.bench.training.fit.ranking import fit_ranking

QUESTIONS, EXACT = 300, 60
DEEPEST = 40
WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 1.0, None)  # None: by the rule
DEPTHS = (5, 10, 20, 30, DEEPEST)


@dataclass(frozen=True)
class Asked:
    """A question with its hits, read."""

    judged: JudgedQuestion
    hits: list[Hit]
    interactions: list[Interaction]
    features: np.ndarray[Any, Any]  # shape (hits, features), not stretched

    def ndcg(self, order: Sequence[int]) -> float:
        return ndcg(self.judged, [self.hits[i].passage.article_id for i in order])


def main() -> None:
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    encoder = embeddings.load()
    sets: dict[str, list[Asked]] = {}
    _head("dense weight", WEIGHTS)
    exact: dict[str, tuple[float, float]] = {}
    sentences: dict[str, dict[str, float]] = {}
    for name in TRAINING:
        questions = _every(read_set(TRAIN / name).questions, QUESTIONS)
        with corpus_of(TRAIN / name, encoder, kept) as corpus:
            _row(name, [_fused(corpus, questions, weight) for weight in WEIGHTS])
            sets[name] = [_ask(corpus, question) for question in questions]
            exact[name] = _exact(sets[name][:EXACT], encoder)
            sentences[name] = _sentences(corpus, sets[name])
    _depths(sets)
    _without(sets)
    print("\nfirst 20 by the shipped weights, token vectors as stored / as the encoder gives them")
    for name, (stored, full) in exact.items():
        _row(name, [stored, full])
    print("\nsentence with the answer, chosen in the judged passage by")
    for name, shares in sentences.items():
        print(f"{name:20} " + "  ".join(f"{way} {share:.3f}" for way, share in shares.items()))


# --- ranking ------------------------------------------------------------------------------------


def _fused(corpus: Corpus, questions: Sequence[JudgedQuestion], weight: float | None) -> float:
    if weight is not None:
        search.__dict__["dense_weight"] = lambda *_, **__: weight
    try:
        found = [
            ndcg(question, [hit.passage.article_id for hit in _hits(corpus, question)[1]])
            for question in questions
        ]
    finally:
        search.__dict__["dense_weight"] = dense_weight
    return float(np.mean(found))


def _hits(corpus: Corpus, judged: JudgedQuestion) -> tuple[Question, list[Hit]]:
    [encoded] = corpus.encoder.encode_queries([judged.text])
    query = search.Query(judged.text, encoded.vector, top_k=DEEPEST)
    return Question.of(judged.text, encoded, corpus.view), search.search(corpus.view, query)


def _ask(corpus: Corpus, judged: JudgedQuestion) -> Asked:
    question, hits = _hits(corpus, judged)
    read = interactions(corpus.view, question, hits)
    return Asked(judged, hits, read, features(hits, read))


def _depths(sets: dict[str, list[Asked]]) -> None:
    """By the weights that are shipped."""
    weights = _shipped()
    _head("hits read", DEPTHS)
    for name, asked in sets.items():
        _row(name, [float(np.mean([_reranked(a, weights, d) for a in asked])) for d in DEPTHS])


def _reranked(asked: Asked, weights: np.ndarray[Any, Any], depth: int = RERANKED) -> float:
    scores = stretched(asked.features[:depth]) @ weights
    order = np.argsort(-scores, kind="stable").tolist()
    return asked.ndcg([*order, *range(len(order), len(asked.hits))])


def _without(sets: dict[str, list[Asked]]) -> None:
    """Fitted anew each time, on the other sets."""
    print(f"\n{'without':20}" + "".join(f"{name[:12]:>14}" for name in sets) + f"{'mean':>8}")
    for left_out in (None, *FEATURES):
        keep = np.array([float(name != left_out) for name in FEATURES])
        scores = []
        for name, asked in sets.items():
            others = [v for other, v in sets.items() if other[:7] != name[:7]]
            weights = fit_ranking([[_example(a, keep) for a in other] for other in others])
            scores.append(float(np.mean([_reranked(a, weights * keep) for a in asked])))
        print(
            f"{left_out or '(nothing)':20}"
            + "".join(f"{score:14.4f}" for score in scores)
            + f"{np.mean(scores):8.4f}"
        )


def _example(
    asked: Asked, keep: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    expected = {e.article for e in asked.judged.expected}
    relevant = np.array([hit.passage.article_id in expected for hit in asked.hits[:RERANKED]], bool)
    return stretched(asked.features[:RERANKED]) * keep, relevant


def _exact(asked: Sequence[Asked], encoder: Encoder) -> tuple[float, float]:
    weights, full = _shipped(), []
    for one in asked:
        hits = one.hits[:RERANKED]
        fronts = [front(hit) for hit in hits]
        encoded = encoder.encode_passages(
            [front + hit.passage.text for front, hit in zip(fronts, hits, strict=True)]
        )
        exact = []
        for hit, front, stored, found in zip(hits, fronts, one.interactions, encoded, strict=False):
            tokens = TokenVectors(found.tokens.vectors, found.tokens.spans - len(front))
            spans = tuple(s.span for s in stored.sentences)
            exact.append(interaction(stored.question, hit, PassageTokens(tokens, spans)))
        scores = stretched(features(hits, exact)) @ weights
        full.append(one.ndcg(np.argsort(-scores, kind="stable").tolist()))
    as_stored = [_reranked(one, weights) for one in asked]
    return float(np.mean(as_stored)), float(np.mean(full))


def front(hit: Hit) -> str:
    title = hit.words.partition("\n")[0]
    in_front = with_title(title, hit.passage.text) if hit.lead else hit.passage.text
    return in_front.removesuffix(hit.passage.text)


def _shipped() -> np.ndarray[Any, Any]:
    weights = coefficients("all-MiniLM-L6-v2").ranking
    return np.array([weights[name] for name in FEATURES])


# --- sentences ----------------------------------------------------------------------------------


def _sentences(corpus: Corpus, asked: Sequence[Asked]) -> dict[str, float]:
    ways: dict[str, list[bool]] = {}
    for one in asked:
        expected = {e.article for e in one.judged.expected}
        for hit, read in zip(one.hits, one.interactions, strict=True):
            texts = [hit.passage.text[s.span.start : s.span.end] for s in read.sentences]
            right = [holds(text, one.judged.golds) for text in texts]
            if hit.passage.article_id in expected and any(right) and not all(right):
                for way, scores in _scored(corpus, texts, read).items():
                    ways.setdefault(way, []).append(right[int(np.argmax(scores))])
    return {way: float(np.mean(found)) for way, found in ways.items()}


def _scored(corpus: Corpus, texts: Sequence[str], read: Interaction) -> dict[str, Any]:
    near = np.array([mean(s.near) for s in read.sentences])
    pooled = np.array([s.cosine for s in read.sentences])
    words = np.array([s.coverage for s in read.sentences])
    rare = np.array([mean(s.near, read.question.weights) for s in read.sentences])
    alone = np.array([encoded.vector for encoded in corpus.encoder.encode_passages(texts)])
    return {
        "cosine": alone @ read.question.encoded.vector,
        "words": words,
        "MaxSim": near,
        "weighted": rare,
        "MaxSim+pooled+words": near + 0.45 * pooled + 0.08 * words,
    }


# --- figures ------------------------------------------------------------------------------------


def ndcg(judged: JudgedQuestion, articles: Sequence[str]) -> float:
    """nDCG@10 of a ranking of passages, each article counted at its first."""
    grades = {e.article: e.grade for e in judged.expected}
    first = list(dict.fromkeys(articles))[:10]
    gain = sum(grades.get(a, 0) / np.log2(rank + 2) for rank, a in enumerate(first))
    best = sorted(grades.values(), reverse=True)[:10]
    return float(gain / sum(g / np.log2(rank + 2) for rank, g in enumerate(best)))


def _every(items: Sequence[Any], count: int) -> list[Any]:
    return list(items[:: max(1, len(items) // count)][:count])


def _head(label: str, columns: Sequence[float | None]) -> None:
    print(f"\n{label:20}" + "".join(f"{column!s:>8}" for column in columns))


def _row(name: str, figures: Sequence[float]) -> None:
    print(f"{name:20}" + "".join(f"{figure:8.4f}" for figure in figures), flush=True)


if __name__ == "__main__":
    main()
