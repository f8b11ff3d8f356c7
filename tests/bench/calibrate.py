"""Fits the coefficients of confidence and writes qa/calibration.json.

    .venv/bin/python -m tests.bench.calibrate [--write]

Data: the gold questions of seeds/ (answered and not), and, where the evaluation data lies beside
the project, training questions asked of their own corpus (answered) and of another's (not
answered). Nothing that quality is reported on is used.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from qa.answer import Signals
from qa.corpus import Corpus
from qa.ingest import Input, Limits, find_inputs, read_input

ROOT = Path(__file__).resolve().parents[2]
TRAIN = ROOT.parent / "shared" / "data" / "train"
SETS = ("squadshifts_reddit", "squadshifts_amazon", "fairytaleqa_train", "scifact_train")
QUESTIONS = 50
ARTICLES = 200
# Weight of the gold questions together: they are few, and what users ask is like them.
GOLD_SHARE = 0.5
THRESHOLD = 0.5


def main() -> None:
    signals, labels, gold = [], [], []
    for label, is_gold, found in _examples():
        signals.append([found.sentence, found.coverage, found.passage])
        labels.append(label)
        gold.append(is_gold)
    x, y, g = np.array(signals), np.array(labels), np.array(gold)
    model = LogisticRegression(C=10).fit(x, y, sample_weight=_weights(y, g))
    probability = model.predict_proba(x)[:, 1]
    for name, rows in (("all", g | ~g), ("gold", g), ("train", ~g)):
        if rows.any():
            right = ((probability >= THRESHOLD) == y)[rows].mean()
            area = roc_auc_score(y[rows], probability[rows])
            print(f"{name:>6}: {rows.sum()} questions, AUROC {area:.3f}, right {right:.1%}")
    names = ("sentence", "coverage", "passage")
    for name, column in zip(names, x.T, strict=True):
        print(f"{name:>9} alone: AUROC {roc_auc_score(y[~g], column[~g]):.3f} on train")
    fitted = dict(zip(names, (round(float(c), 3) for c in model.coef_[0]), strict=True))
    rule = {"intercept": round(float(model.intercept_[0]), 3), **fitted, "threshold": THRESHOLD}
    print(json.dumps(rule))
    if "--write" in sys.argv:
        path = ROOT / "qa" / "calibration.json"
        content = json.loads(path.read_text("utf-8"))
        content["encoders"]["all-MiniLM-L6-v2"] = rule
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _weights(answerable: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """Answerable and unanswerable count the same in each source, whatever their numbers."""
    weights = np.zeros(len(answerable))
    for source, share in ((gold, GOLD_SHARE), (~gold, 1 - GOLD_SHARE)):
        for rows in (source & answerable, source & ~answerable):
            weights[rows] = len(answerable) * share / 2 / max(1, rows.sum())
    return weights


def _examples() -> Iterator[tuple[bool, bool, Signals]]:
    with tempfile.TemporaryDirectory() as folder, Corpus.open(folder) as corpus:
        inputs = [i for i in find_inputs([ROOT / "seeds"]) if isinstance(i, Input)]
        for source in inputs:
            list(corpus.add(read_input(source, Limits())))
        for line in (ROOT / "seeds" / "questions.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            yield row["answerable"], True, corpus.signals(row["question"])
    for name in SETS:
        if (TRAIN / name).is_dir():
            yield from _crossed(name)


def _crossed(name: str) -> Iterator[tuple[bool, bool, Signals]]:
    """Questions of a set asked of its own corpus, and as many of the other sets asked of it."""
    chooser = random.Random(name)
    own, articles = _sample(name, chooser)
    others = [q for other in SETS if other != name for q in _questions(other)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        path.write_text("\n".join(articles), "utf-8")
        [source] = [i for i in find_inputs([path]) if isinstance(i, Input)]
        with Corpus.open(Path(folder) / "data") as corpus:
            list(corpus.add(read_input(source, Limits())))
            for question in own:
                yield True, False, corpus.signals(question)
            for question in chooser.sample(others, len(own)):
                yield False, False, corpus.signals(question)


def _sample(name: str, chooser: random.Random) -> tuple[list[str], list[str]]:
    folder = TRAIN / name
    qrels = next(folder.glob("qrels/*.tsv")).read_text("utf-8").splitlines()[1:]
    relevant = {row.split("\t")[0]: row.split("\t")[1] for row in qrels}
    texts = {r["_id"]: r["text"] for r in _rows(folder / "queries.jsonl")}
    chosen = chooser.sample(sorted(relevant), QUESTIONS)
    articles = {r["_id"]: json.dumps(r) for r in _rows(folder / "corpus.jsonl")}
    keep = {relevant[id_] for id_ in chosen}
    rest = sorted(set(articles) - keep)
    keep |= set(chooser.sample(rest, min(len(rest), max(0, ARTICLES - len(keep)))))
    return [texts[id_] for id_ in chosen], [articles[id_] for id_ in sorted(keep)]


def _questions(name: str) -> list[str]:
    return [row["text"] for row in _rows(TRAIN / name / "queries.jsonl")]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())


if __name__ == "__main__":
    main()
