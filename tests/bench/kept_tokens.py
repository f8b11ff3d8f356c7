"""What is kept of each passage's tokens, and what that is worth: ranking, sentences, bytes.

    .venv/bin/python -m tests.bench.kept_tokens [--keep FOLDER] [--questions N]

Training sets; the weights of ranking are fitted anew for each way, on the other sets. With --keep
the corpora of `tests.bench.training.fit` are used again.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from embeddings import Encoder, TokenVectors
from qa import Corpus
from qa.ask.rerank import FEATURES, RERANKED, features, stretched
from qa.evaluation.judged import JudgedQuestion, read_set
from qa.evaluation.outcomes import holds
from qa.retrieval import search
from qa.retrieval.late_interaction import Interaction, Question, interaction, mean
from qa.storage.token_vectors import PassageTokens, pack, unpack
from qa.types import Hit
from tests.bench.ablation import front, ndcg
from tests.bench.corpora import TRAIN, TRAINING, corpus_of
from tests.bench.training.fit.ranking import fit_ranking

Array = np.ndarray[Any, Any]
# What of a passage without token vectors cannot be told.
OF_VECTORS = ("nearness", "sentence_cosine")


def stored(passage: PassageTokens) -> tuple[PassageTokens, int]:
    """As it is kept today: -1, 0, +1 and a factor (docs/decisions/0006-stored-token-vectors.md)."""
    packed = pack(passage)
    return unpack(packed, passage.tokens.vectors.shape[1]), len(packed)


def signs(passage: PassageTokens) -> tuple[PassageTokens, int]:
    """One bit for each coordinate; no factor."""
    vectors = passage.tokens.vectors
    count, dimension = vectors.shape
    flat = np.where(vectors < 0, -1, 1).astype(np.float32) / np.sqrt(dimension, dtype=np.float32)
    size = _spans(passage) + count * (4 + dimension // 8)
    return _with(passage, flat, passage.tokens.spans), size


def first(most: int) -> Callable[[PassageTokens], tuple[PassageTokens, int]]:
    """Those of the first tokens alone, as today."""

    def kept(passage: PassageTokens) -> tuple[PassageTokens, int]:
        tokens = passage.tokens
        return stored(_with(passage, tokens.vectors[:most], tokens.spans[:most]))

    return kept


def means(passage: PassageTokens) -> tuple[PassageTokens, int]:
    """One vector for each sentence and for the title: the mean of its tokens."""
    starts = passage.tokens.spans[:, 0]
    bounds = [
        starts.min(initial=0),
        *(s.start for s in passage.sentences),
        starts.max(initial=0) + 1,
    ]
    vectors, spans = [], []
    for begin, end in pairwise(bounds):
        inside = (starts >= begin) & (starts < end)
        if inside.any():
            sum_ = passage.tokens.vectors[inside].sum(axis=0)
            vectors.append(sum_ / np.linalg.norm(sum_))
            spans.append((begin, end))
    return stored(_with(passage, np.array(vectors, np.float32), np.array(spans, np.int32)))


def none(passage: PassageTokens) -> tuple[PassageTokens, int]:
    """The places of the sentences alone."""
    return passage, _spans(passage)


WAYS = {
    "as stored": stored,
    "signs alone": signs,
    "first 128": first(128),
    "first 64": first(64),
    "sentences' means": means,
    "none": none,
}


@dataclass(frozen=True)
class Read:
    """A question, its hits, and for each way what it makes of them."""

    judged: JudgedQuestion
    hits: list[Hit]
    features: dict[str, Array]  # way -> shape (hits, features), stretched
    right: dict[str, list[bool]]  # way -> whether each judged passage's sentence holds the answer
    bytes: dict[str, int]

    @property
    def relevant(self) -> Array:
        expected = {e.article for e in self.judged.expected}
        return np.array([hit.passage.article_id in expected for hit in self.hits], bool)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    encoder, sets = embeddings.load(), {}
    for name in TRAINING:
        questions = read_set(TRAIN / name).questions
        questions = questions[:: max(1, len(questions) // given.questions)][: given.questions]
        with corpus_of(TRAIN / name, encoder, given.keep) as corpus:
            sets[name] = [_read(corpus, encoder, question) for question in questions]
    passages = sum(len(one.hits) for asked in sets.values() for one in asked)
    print("nDCG@10 of the first twenty, and sentence that holds the answer in the judged passage")
    print("| kept | bytes | " + " | ".join(sets) + " | mean | sentence |")
    for way in WAYS:
        scores = [_ndcg(way, name, sets) for name in sets]
        right = [r for asked in sets.values() for one in asked for r in one.right[way]]
        size = sum(one.bytes[way] for asked in sets.values() for one in asked) / passages
        figures = " | ".join(f"{score:.4f}" for score in [*scores, float(np.mean(scores))])
        print(f"| {way} | {size:,.0f} | {figures} | {np.mean(right):.3f} ({len(right)}) |")


def _read(corpus: Corpus, encoder: Encoder, judged: JudgedQuestion) -> Read:
    [encoded] = encoder.encode_queries([judged.text])
    query = search.Query(judged.text, encoded.vector, top_k=RERANKED)
    hits = search.search(corpus.view, query)
    question = Question.of(judged.text, encoded, corpus.view)
    exact = _exact(corpus, encoder, hits)
    made: dict[str, Array] = {}
    right: dict[str, list[bool]] = {}
    sizes: dict[str, int] = {}
    for way, keep in WAYS.items():
        kept = [keep(passage) for passage in exact]
        read = [
            interaction(question, *pair) for pair in zip(hits, (p for p, _ in kept), strict=True)
        ]
        made[way] = stretched(features(hits, read)) * _mask(way)
        right[way] = [
            r for pair in zip(hits, read, strict=True) for r in _right(judged, way, *pair)
        ]
        sizes[way] = sum(size for _, size in kept)
    return Read(judged, hits, made, right, sizes)


def _exact(corpus: Corpus, encoder: Encoder, hits: Sequence[Hit]) -> list[PassageTokens]:
    """The passages' tokens as the encoder gives them."""
    fronts = [front(hit) for hit in hits]
    texts = [before + hit.passage.text for before, hit in zip(fronts, hits, strict=True)]
    places = corpus.view.token_vectors([hit.chunk for hit in hits])
    return [
        PassageTokens(
            TokenVectors(found.tokens.vectors, found.tokens.spans - len(before)), place.sentences
        )
        for found, before, place in zip(encoder.encode_passages(texts), fronts, places, strict=True)
    ]


def _mask(way: str) -> Array:
    return np.array([float(way != "none" or name not in OF_VECTORS) for name in FEATURES])


def _right(judged: JudgedQuestion, way: str, hit: Hit, read: Interaction) -> list[bool]:
    if hit.passage.article_id not in {e.article for e in judged.expected}:
        return []
    texts = [hit.passage.text[s.span.start : s.span.end] for s in read.sentences]
    right = [holds(text, judged.golds) for text in texts]
    if not any(right) or all(right):
        return []
    words = np.array([s.coverage for s in read.sentences])
    near = np.array([mean(s.near) + 0.45 * s.cosine for s in read.sentences])
    scores = words if way == "none" else near + 0.08 * words
    return [right[int(np.argmax(scores))]]


def _ndcg(way: str, name: str, sets: dict[str, list[Read]]) -> float:
    """Of a set, by weights that were fitted on the others."""
    others = [asked for other, asked in sets.items() if other[:7] != name[:7]]
    weights = fit_ranking(
        [[(one.features[way], one.relevant) for one in asked] for asked in others]
    )
    scores = []
    for one in sets[name]:
        order = np.argsort(-(one.features[way] @ weights), kind="stable")
        scores.append(ndcg(one.judged, [one.hits[i].passage.article_id for i in order]))
    return float(np.mean(scores))


def _with(passage: PassageTokens, vectors: Array, spans: Array) -> PassageTokens:
    return PassageTokens(TokenVectors(vectors, spans), passage.sentences)


def _spans(passage: PassageTokens) -> int:
    return 4 + 4 * len(passage.sentences)


if __name__ == "__main__":
    main()
