"""What ranking and sentence choices are worth, on training data: figures for docs/decisions.

    .venv/bin/python -m tests.bench.ablation [scifact_train squadshifts_reddit …]

Prints nDCG@10 by title placement and dense weight, then by MaxSim depth and weight, and the share
of questions whose chosen sentence holds the answer. Samples are fixed.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import nDCG

import embeddings
from embeddings import TokenVectors
from qa.adding import passages
from qa.chunking import Chunking, with_title
from qa.fusion import fuse
from qa.lexical import LexicalIndex, LexicalSearcher
from qa.rerank import maxsim
from qa.sentences import sentences
from qa.types import Article, Ranked

TRAIN = Path(__file__).resolve().parents[3] / "shared" / "data" / "train"
QUESTIONS, DISTRACTORS = 400, 400
WEIGHTS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)


@dataclass
class Sample:
    """A fixed part of a set, cut and embedded."""

    name: str
    questions: dict[str, dict[str, Any]]
    relevant: dict[str, dict[str, int]]
    owners: list[str]
    titles: list[str]
    texts: list[str]
    leads: list[bool]

    @classmethod
    def load(cls, name: str, encoder: embeddings.Encoder) -> Sample:
        chooser, folder = random.Random(1), TRAIN / name
        rows = [
            r.split("\t") for r in next(folder.glob("qrels/*.tsv")).read_text().splitlines()[1:]
        ]
        relevant: dict[str, dict[str, int]] = {}
        for question, article, score in rows:
            relevant.setdefault(question, {})[article] = int(score)
        chosen = chooser.sample(sorted(relevant), min(QUESTIONS, len(relevant)))
        relevant = {q: relevant[q] for q in chosen}
        articles = {r["_id"]: r for r in _rows(folder / "corpus.jsonl")}
        keep = {article for judged in relevant.values() for article in judged}
        rest = sorted(set(articles) - keep)
        keep |= set(chooser.sample(rest, min(DISTRACTORS, len(rest))))
        questions = {r["_id"]: r for r in _rows(folder / "queries.jsonl") if r["_id"] in relevant}
        sample = cls(name, questions, relevant, [], [], [], [])
        for id_ in sorted(keep):
            sample._cut(articles[id_], encoder)
        return sample

    def _cut(self, row: dict[str, Any], encoder: embeddings.Encoder) -> None:
        article = Article(row["_id"], row["text"], title=row.get("title") or None)
        title, spans = passages(article, encoder, Chunking())
        for number, span in enumerate(spans):
            self.owners.append(article.id)
            self.titles.append(title)
            self.texts.append(article.text[span.start : span.end])
            self.leads.append(number == 0)


def main() -> None:
    encoder = embeddings.load()
    for name in sys.argv[1:] or ["scifact_train", "squadshifts_reddit"]:
        sample = Sample.load(name, encoder)
        print(f"\n{name}: {len(sample.questions)} questions, {len(sample.texts)} passages")
        ids = list(sample.questions)
        asked = [sample.questions[i]["text"] for i in ids]
        queries = encoder.encode_queries(asked)
        titled = encoder.encode_passages(list(map(with_title, sample.titles, sample.texts)))
        plain = encoder.encode_passages(sample.texts)
        lead = np.where(np.array(sample.leads)[:, None], titled, plain)
        lexical = _lexical(sample)
        words = [lexical.search(question, 200) for question in asked]
        print(f"{'dense weight':>24} " + " ".join(f"{w:>6}" for w in WEIGHTS))
        for label, vectors in (("all", titled), ("lead", lead), ("none", plain)):
            dense = [_nearest(query, vectors) for query in queries]
            scores = [
                _ndcg(sample, ids, [fuse(d, x, w) for d, x in zip(dense, words, strict=True)])
                for w in WEIGHTS
            ]
            print(f"{'title in front: ' + label:>24} " + " ".join(f"{s:.4f}" for s in scores))
        fused = [fuse(_nearest(q, lead), x, 0.4) for q, x in zip(queries, words, strict=True)]
        tokens = [encoder.query_tokens(question) for question in asked]
        _reranking(sample, ids, fused, tokens, encoder)
        _sentences(sample, ids, tokens, queries, lexical, encoder)


def _reranking(
    sample: Sample,
    ids: list[str],
    fused: list[Ranked],
    queries: list[TokenVectors],
    encoder: embeddings.Encoder,
) -> None:
    kept: dict[int, TokenVectors] = {}
    for depth in (10, 20):
        wanted = sorted({k for f in fused for k in f.keys[:depth].tolist()} - set(kept))
        kept.update(
            zip(wanted, encoder.passage_tokens([sample.texts[k] for k in wanted]), strict=True)
        )
        near = [
            np.array([maxsim(q, kept[k]) for k in f.keys[:depth].tolist()])
            for q, f in zip(queries, fused, strict=True)
        ]
        scores = []
        for weight in (0.0, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0):
            ranked = [_mixed(f, n, weight) for f, n in zip(fused, near, strict=True)]
            scores.append(_ndcg(sample, ids, ranked))
        print(f"{f'MaxSim, first {depth}':>24} " + " ".join(f"{s:.4f}" for s in scores))


def _mixed(fused: Ranked, near: np.ndarray[Any, Any], weight: float) -> Ranked:
    scores = (1 - weight) * fused.scores
    width = float(np.ptp(near)) if len(near) else 0.0
    scores[: len(near)] += weight * ((near - near.min()) / width if width else 1.0)
    # With all the weight on MaxSim, what was not read again must still stay behind.
    scores[len(near) :] -= 1.0
    order = np.argsort(-scores, kind="stable")
    return Ranked(fused.keys[order], scores[order])


def _sentences(
    sample: Sample,
    ids: list[str],
    tokens: list[TokenVectors],
    queries: np.ndarray[Any, Any],
    lexical: LexicalSearcher,
    encoder: embeddings.Encoder,
) -> None:
    """Within the judged passage: which way of choosing finds the sentence with the answer?"""
    ways: dict[str, list[bool]] = {}
    for id_, query, vector in zip(ids, tokens, queries, strict=True):
        question = sample.questions[id_]
        for index, text in enumerate(sample.texts):
            answers = [a for a in question.get("answers", []) if a in text]
            if sample.owners[index] not in sample.relevant[id_] or not answers:
                continue
            spans = sentences(text)
            right = [any(a in text[s.start : s.end] for a in answers) for s in spans]
            if len(spans) < 2 or not any(right):
                continue
            [read] = encoder.passage_tokens([text])
            pieces = [text[s.start : s.end] for s in spans]
            near = np.array([maxsim(query, read, span) for span in spans])
            shared = np.array([_coverage(question["text"], piece, lexical) for piece in pieces])
            scored = {
                "cosine": encoder.encode_passages(pieces) @ vector,
                "shared words": shared,
                "MaxSim": near,
                "MaxSim + 0.15 words": near + 0.15 * shared,
                "MaxSim + 0.3 words": near + 0.3 * shared,
            }
            for way, scores in scored.items():
                ways.setdefault(way, []).append(right[int(np.argmax(scores))])
    for way, hits in ways.items():
        print(f"{'sentence by ' + way:>32} {np.mean(hits):.4f} of {len(hits)}")


def _coverage(question: str, text: str, lexical: LexicalSearcher) -> float:
    terms = lexical.terms(question)
    weights, there = lexical.rarity(terms), set(lexical.terms(text))
    found = sum(w for term, w in zip(terms, weights, strict=True) if term in there)
    return float(found / (weights.sum() or 1.0))


def _lexical(sample: Sample) -> LexicalSearcher:
    index = LexicalIndex(Path(tempfile.mkdtemp()))
    index.update((), enumerate(map(with_title, sample.titles, sample.texts)))
    return index.searcher()


def _nearest(query: np.ndarray[Any, Any], vectors: np.ndarray[Any, Any]) -> Ranked:
    cosines = vectors @ query
    keys = np.argsort(-cosines, kind="stable")[:200]
    return Ranked(keys, cosines[keys])


def _ndcg(sample: Sample, ids: Sequence[str], ranked: Sequence[Ranked]) -> float:
    judgements = [
        ir_measures.Qrel(q, article, score)
        for q, judged in sample.relevant.items()
        for article, score in judged.items()
    ]
    run = []
    for id_, result in zip(ids, ranked, strict=True):
        articles = dict.fromkeys(sample.owners[key] for key in result.keys.tolist())
        run += [ir_measures.ScoredDoc(id_, a, -float(n)) for n, a in enumerate(articles)]
    found: Callable[..., Any] = ir_measures.calc_aggregate
    return float(found([nDCG @ 10], judgements, run)[nDCG @ 10])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


if __name__ == "__main__":
    main()
