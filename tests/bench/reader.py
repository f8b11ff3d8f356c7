"""How well the packaged reader reads what it is given: words, whether any answer, what is said.

    .venv/bin/python -m tests.bench.reader [--every N]

Needs the data beside the project. Of squad2_reading the two articles that it was not trained on:
exact match and F1 of the words against the best of the answers, for the questions that have one,
and AUROC of the margin between these and those written to deceive, in the paragraph of each. Of
FEVER dev the claims whose pages it was not trained on, of SciFact the claims of the dev split:
AUROC of what supports against what contradicts. 95 % intervals of 1,000 bootstrap samples.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

import embeddings
from embeddings import Reader, Reading
from qa.evaluation.measures import words_exact, words_f1
from qa.passages.chunking import Chunking, chunk
from qa.retrieval.reading import log_odds, margin, words
from qa.types import Span
from tests.bench.corpora import TRAIN
from tests.bench.training.reader.sources import REPORTED_ARTICLES
from tests.bench.training.reader.statements import VERDICTS, fever_reported

SAMPLES, SEED = 1000, 0
Floats = NDArray[np.float64]


def main() -> None:
    every = int(sys.argv[sys.argv.index("--every") + 1]) if "--every" in sys.argv else 1
    reader, encoder = embeddings.load_reader(), embeddings.load()
    _spans(reader, encoder, every)
    _claims("FEVER dev, pages left out", reader, fever_reported()[::every])
    rows = _rows(VERDICTS / "verdict_scifact" / "pairs.jsonl")
    _claims("SciFact dev", reader, [row for row in rows if row["split"] == "dev"][::every])


def _spans(reader: Reader, encoder: Any, every: int) -> None:
    folder = TRAIN / "squad2_reading"
    articles = {row["_id"]: row for row in _rows(folder / "corpus.jsonl")}
    rows = [
        row
        for row in _rows(folder / "queries.jsonl")
        if articles[row["paragraph"]]["title"] in REPORTED_ARTICLES
    ][::every]
    found = [_read(reader, encoder, row["text"], articles[row["paragraph"]]) for row in rows]
    scores = [
        (words_exact(said, row["answers"]), words_f1(said, row["answers"]))
        for (said, _), row in zip(found, rows, strict=True)
        if row["answers"]
    ]
    exact, f1 = np.mean(scores, axis=0)
    answerable = np.array([bool(row["answers"]) for row in rows])
    margins = np.array([margin_ for _, margin_ in found])
    print(f"words: exact {exact:.3f}, F1 {f1:.3f} of {len(scores)} questions")
    _say("answerable or not", answerable, margins)


def _read(
    reader: Reader, encoder: Any, question: str, article: dict[str, Any]
) -> tuple[str, float]:
    """The words of the paragraph that answer best, and by how much."""
    text, budget = article["text"], Chunking().tokens
    parts = chunk(text, budget=budget, token_spans=encoder.token_spans)
    pairs = [(article["title"], text[part.start : part.end]) for part in parts]
    readings = reader.read(question, pairs)
    best = max(range(len(parts)), key=lambda i: margin(readings[i]))
    found = words(readings[best], Span(0, len(pairs[best][1])))
    said = pairs[best][1][found[0].start : found[0].end] if found else ""
    return said, margin(readings[best])


def _claims(title: str, reader: Reader, rows: Sequence[dict[str, Any]]) -> None:
    supports = np.array([row["label"] == "supports" for row in rows])
    readings = list(_evidence(reader, rows))
    scores = [log_odds(r, 0) - log_odds(r, 1) for r in readings]
    _say(title, supports, np.array(scores))


def _evidence(reader: Reader, rows: Sequence[dict[str, Any]]) -> Iterator[Reading]:
    for row in rows:
        yield reader.read(row["claim"], [("", " ".join("\n".join(row["evidence"]).split()))])[0]


def _say(title: str, right: NDArray[np.bool_], scores: Floats) -> None:
    chooser, areas = np.random.default_rng(SEED), list[float]()
    while len(areas) < SAMPLES:
        drawn = chooser.integers(0, len(right), len(right))
        if 0 < right[drawn].sum() < len(right):
            areas.append(float(roc_auc_score(right[drawn], scores[drawn])))
    low, high = np.percentile(areas, [2.5, 97.5])
    area = roc_auc_score(right, scores)
    print(f"{title}: AUROC {area:.3f} [{low:.3f}, {high:.3f}], {len(right)} of them", flush=True)


def _rows(path: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip()]


if __name__ == "__main__":
    main()
