"""The encoder: passages a second and one question, in each kind of numbers, beside the publisher's.

    .venv/bin/python -m tests.bench.encoder [--quality]

Rounds are interleaved; the best and the median are printed. The processor's peak is that of
one large product in the same numbers, measured in the same run. With `--quality` nDCG@10 of the
reported sets by the cosine alone, for float32 and for the numbers that are fastest here.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import ir_measures
import numpy as np
import torch
from ir_measures import nDCG
from sentence_transformers import SentenceTransformer

from embeddings.minilm.encoder import MiniLMEncoder
from embeddings.minilm.linear import Int8Linear, LinearWeights
from embeddings.minilm.package_files import verified_folder
from embeddings.minilm.processor import Precision, cores, precision
from qa.ingest import Limits, read_record
from qa.passages.chunking import Chunking, with_title
from qa.passages.prepare import passages
from tests.bench.corpora import REPORTED, RETRIEVAL

ROUNDS, PASSAGES, QUESTIONS = 5, 128, 60
WORDS = 120
# Multiplications and additions of one token in the six layers' linear maps.
LINEAR = 2 * 6 * (4 * 384 * 384 + 2 * 384 * 1536)
ATTENTION = 2 * 6 * 2 * 384  # for each pair of tokens


def main() -> None:
    if "--quality" in sys.argv:
        quality()
    else:
        speed()


def speed() -> None:
    encoders = _encoders()
    publisher = SentenceTransformer(str(verified_folder()), device="cpu")
    rows = _rows(RETRIEVAL / "scifact" / "corpus.jsonl")[:PASSAGES]
    texts = [" ".join(row["text"].split()[:WORDS]) for row in rows]
    questions = [row["text"] for row in _rows(RETRIEVAL / "squad2_dev500" / "queries.jsonl")]
    questions = questions[:QUESTIONS]
    lengths = np.array([len(encoders["int8"].token_spans(text)) + 2 for text in texts])
    took: dict[str, list[float]] = defaultdict(list)
    asked: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        torch.set_num_threads(cores())
        took["publisher"].append(_seconds(partial(publisher.encode, texts, batch_size=32)))
        asked["publisher"] += [_seconds(partial(publisher.encode, [q])) for q in questions[:20]]
        torch.set_num_threads(1)
        for name, encoder in encoders.items():
            took[name].append(_seconds(partial(encoder.encode_passages, texts)))
            asked[name] += [_seconds(partial(encoder.encode_queries, [q])) for q in questions]
        took["peak"].append(_seconds(_peak()))
    print(f"{lengths.mean():.0f} tokens a passage, none of them padding")
    work = LINEAR * lengths.sum() + ATTENTION * (lengths**2).sum()
    peak = PEAK_WORK * cores() / min(took.pop("peak"))
    base = np.median(took["publisher"])
    for name, seconds in took.items():
        best, median = min(seconds), float(np.median(seconds))
        question = np.percentile(np.array(asked[name]) * 1000, [0, 50])
        print(
            f"{name:10} passages/s {len(texts) / median:6.1f} (best {len(texts) / best:6.1f}), "
            f"{base / median:4.2f} x; one question p50 {question[1]:5.2f} ms (best "
            f"{question[0]:.2f}); {work / best / 1e9:4.0f} G/s"
        )
    print(f"peak of a large int8 product on {cores()} cores: {peak / 1e9:.0f} G/s")


def quality() -> None:
    encoders = {"float32": MiniLMEncoder("float32"), SHIPPED: MiniLMEncoder()}
    for name in REPORTED:
        found = {kind: _ndcg(RETRIEVAL / name, e) for kind, e in encoders.items()}
        print(name, "  ".join(f"{kind} {score:.4f}" for kind, score in found.items()))


# What is fastest here, and in int8 questions by ONNX Runtime.
SHIPPED = "shipped"
PEAK_ROWS, PEAK_WORK = 4096, 2 * 4096 * 1536 * 1536


def _peak() -> Callable[[], object]:
    """One large product for each core."""
    weights = LinearWeights(torch.randn(1536, 1536), torch.zeros(1536))
    linear = Int8Linear(weights, torch.ones(1536), torch.zeros(1536))
    x = torch.randint(0, 255, (PEAK_ROWS, 1536), dtype=torch.uint8)
    out = torch.zeros(PEAK_ROWS, 1536)
    threads = ThreadPoolExecutor(cores())

    def run() -> object:
        futures = [threads.submit(linear.plus_whole, x, out.clone()) for _ in range(cores())]
        return [future.result() for future in futures]

    run()
    return run


def _ndcg(folder: Path, encoder: MiniLMEncoder) -> float:
    texts, articles = [], []
    for row in _rows(folder / "corpus.jsonl"):
        record = {"id": row["_id"], "title": row.get("title"), "text": row["text"]}
        article = read_record(record, origin=row["_id"], limits=Limits()).article
        title, spans = passages(article, encoder, Chunking())
        cut = [article.text[span.start : span.end] for span in spans]
        texts += [with_title(title, cut[0]), *cut[1:]]
        articles += [row["_id"]] * len(spans)
    vectors = np.array([encoded.vector for encoded in encoder.encode_passages(texts)])
    lines = next(folder.glob("qrels/*.tsv")).read_text("utf-8").splitlines()[1:]
    judged = [ir_measures.Qrel(q, d, int(s)) for q, d, s in (line.split("\t") for line in lines)]
    questions = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    run = []
    for id_ in dict.fromkeys(judgement.query_id for judgement in judged):
        scores = vectors @ encoder.encode_queries([questions[id_]])[0].vector
        nearest = np.argsort(-scores)[:100].tolist()
        best = dict.fromkeys(articles[i] for i in nearest)
        run += [ir_measures.ScoredDoc(id_, a, -float(rank)) for rank, a in enumerate(best)]
    return float(ir_measures.calc_aggregate([nDCG @ 10], judged, run)[nDCG @ 10])


def _encoders() -> dict[str, MiniLMEncoder]:
    kinds: tuple[Precision, ...] = ("float32", "bfloat16", "int8")
    computed = [kind for kind in kinds if kind != "int8" or precision() == "int8"]
    return {**{kind: MiniLMEncoder(kind) for kind in computed}, SHIPPED: MiniLMEncoder()}


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
