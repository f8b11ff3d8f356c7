"""Judged questions in BEIR layout -> nDCG@10, Recall, MRR and latency, through `Corpus.ask`.

A folder holds `corpus.jsonl` ({_id, title, text}), `queries.jsonl` ({_id, text}) and `qrels/*.tsv`
(query-id, corpus-id, score). Metrics are those of ir-measures.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, R, nDCG

from qa.corpus import Corpus
from qa.errors import InvalidInput
from qa.ingest import Input, Limits, find_inputs, read_input
from qa.types import Mode

MEASURES = {"ndcg@10": nDCG @ 10, "recall@20": R @ 20, "recall@100": R @ 100, "mrr@10": RR @ 10}


def evaluate(
    folder: Path, model: str, mode: Mode = "hybrid", data: Path | None = None
) -> dict[str, Any]:
    """Adds the folder's articles to a corpus (a temporary one, unless `data` is given) and asks."""
    queries, judgements = _queries(folder), _judgements(folder)
    if data is not None:
        return _evaluate(folder, queries, judgements, model, mode, data)
    with tempfile.TemporaryDirectory() as temporary:
        return _evaluate(folder, queries, judgements, model, mode, Path(temporary))


def _evaluate(
    folder: Path,
    queries: dict[str, str],
    judgements: list[Any],
    model: str,
    mode: Mode,
    data: Path,
) -> dict[str, Any]:
    judged = queries.keys() & {j.query_id for j in judgements}
    if not judged:
        raise InvalidInput(
            f"{folder} has no judgement of a question in queries.jsonl", code="not_beir"
        )
    with Corpus.open(data, model=model) as corpus:
        started = time.perf_counter()
        sources = [i for i in find_inputs([folder / "corpus.jsonl"]) if isinstance(i, Input)]
        documents = (item for source in sources for item in read_input(source, Limits()))
        counts = Counter(outcome.name for outcome in corpus.add(documents))
        adding = time.perf_counter() - started
        run: list[Any] = []
        took: list[float] = []
        for id_ in (q for q in queries if q in judged):
            answer = corpus.ask(queries[id_], top_k=100, mode=mode)
            took.append(answer.took_ms)
            run += _ranking(id_, [hit.passage.article_id for hit in answer.hits])
    scores = ir_measures.calc_aggregate(list(MEASURES.values()), judgements, run)
    return {
        "name": folder.name,
        "mode": mode,
        "articles": counts.total() - counts["refused"],
        "refused": counts["refused"],
        "added_per_second": round(counts.total() / adding, 1),
        "questions": len(took),
        **{name: round(scores[measure], 4) for name, measure in MEASURES.items()},
        "ask_p50_ms": round(float(np.percentile(took, 50)), 1),
        "ask_p99_ms": round(float(np.percentile(took, 99)), 1),
    }


def _ranking(query: str, articles: list[str]) -> Iterator[Any]:
    """Articles by their best passage."""
    for rank, article in enumerate(dict.fromkeys(articles)):
        yield ir_measures.ScoredDoc(query, article, -float(rank))


def _queries(folder: Path) -> dict[str, str]:
    for name in ("corpus.jsonl", "queries.jsonl"):
        if not (folder / name).is_file():
            raise InvalidInput(f"{folder} is not in BEIR layout: it has no {name}", code="not_beir")
    lines = (folder / "queries.jsonl").read_text("utf-8").split("\n")
    rows = (json.loads(line) for line in lines if line.strip())
    return {str(row["_id"]): row["text"] for row in rows}


def _judgements(folder: Path) -> list[Any]:
    rows = [
        line.split("\t")
        for path in sorted(folder.glob("qrels/*.tsv"))
        for line in path.read_text("utf-8").splitlines()[1:]
    ]
    found = [ir_measures.Qrel(row[0], row[1], int(row[2])) for row in rows if len(row) == 3]
    if not found:
        raise InvalidInput(f"{folder} has no judgements in qrels/*.tsv", code="not_beir")
    return found
