"""Fits what ranking, sentences and confidence are computed with, on training questions.

    .venv/bin/python -m tests.bench.training.fit [--write] [--keep FOLDER]

Ranking: weights that give the judged passages the greatest softmax probability among the first 20,
each training set counting the same; then the same for those that the reader reads. Sentences: what
the reader's share counts beside nearness, by the share of judged passages whose sentence is right.
Confidence: a logistic regression, for each depth of reading, on questions that have an answer (a
training set's own) and questions that have none: those of another set, own ones whose judged
article is hidden, and ones that were written to deceive; some of them two in one, since training
sets have no long ones; with the questions of seeds/, answerable and not. What quality is reported
on is not used, nor what the reader was trained on. Prints how good it is on the set that was left
out of the fit; --write puts the coefficients into qa/ask/coefficients.json. Takes about half an
hour on two cores, most of it for building corpora; with --keep they are there the next time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from qa.ask.rerank import FEATURES, READ_FEATURES
from qa.types import Depth
from tests.bench.corpora import ROOT, TRAINING
from tests.bench.training.fit.confidence import Rule, fit_confidence, separation
from tests.bench.training.fit.examples import Example, Matrix, of_seeds, of_training
from tests.bench.training.fit.ranking import fit_ranking, fit_sentences

# Those with questions that were written to deceive, and the sets that ranking is fitted on.
SETS = (*TRAINING, "squad2_reading")
DEPTHS: tuple[Depth, ...] = ("off", "fast", "deep")
SIGNALS: Mapping[Depth, tuple[str, ...]] = {
    "off": ("sentence", "coverage", "rarity", "length"),
    "fast": ("sentence", "coverage", "rarity", "length", "margin", "relevance"),
    "deep": ("sentence", "coverage", "rarity", "length", "margin", "relevance"),
}
# What does not depend on the encoder's cosines, for encoders that nothing was fitted for.
OTHERS = ("coverage", "margin", "relevance")
# On the questions of seeds/, 0.5 is right 46 times of 59, 0.45 49 times and 0.4 51 times.
THRESHOLDS: Mapping[Depth, float] = {"off": 0.45, "fast": 0.45, "deep": 0.45}
FILE = ROOT / "qa" / "ask" / "coefficients.json"


def main() -> None:
    kept = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    encoder, reader = embeddings.load(), embeddings.load_reader()
    sets = {name: of_training(name, encoder, reader, kept) for name in SETS}
    seeds = of_seeds(encoder, reader)
    ranked = [sets[name] for name in TRAINING]
    _report(sets, seeds)
    reading, sentence = _reading(list(sets.values())), fit_sentences(list(sets.values()))
    fitted = {
        "ranking": _rounded(FEATURES, fit_ranking(_lists(ranked))),
        "confidence": {
            depth: _confidence(list(sets.values()), seeds, depth, SIGNALS[depth])
            for depth in DEPTHS
        },
        "threshold": THRESHOLDS,
    }
    print(json.dumps({"reading": reading, "sentence": sentence, **fitted}, indent=2))
    if "--write" in sys.argv:
        content = json.loads(FILE.read_text("utf-8"))
        content["reading"] = reading
        content["encoders"][encoder.name] = fitted
        for depth in DEPTHS[1:]:
            content["encoders"]["other"]["confidence"][depth] = _confidence(
                list(sets.values()), seeds, depth, OTHERS
            )
        FILE.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _lists(sets: Sequence[Sequence[Example]]) -> list[list[tuple[Matrix, Any]]]:
    return [[(e.features, e.relevant) for e in each if e.kind == "own"] for each in sets]


def _read_lists(sets: Sequence[Sequence[Example]]) -> list[list[tuple[Matrix, Any]]]:
    return [[(e.read, e.relevant_read) for e in each if e.kind == "own"] for each in sets]


def _reading(sets: Sequence[Sequence[Example]]) -> dict[str, float]:
    """The weights of what is read, and the sum at which a passage is as likely to answer as not."""
    weights = fit_ranking(_read_lists(sets), unit=False)
    sums = [
        (e.read @ weights)[e.relevant_read.argmax()]
        for each in sets
        for e in each
        if e.kind == "own" and e.relevant_read.any()
    ]
    return {**_rounded(READ_FEATURES, weights), "middle": round(float(np.median(sums)), 3)}


def _confidence(
    sets: Sequence[Sequence[Example]],
    seeds: Sequence[Example],
    depth: Depth,
    names: Sequence[str],
) -> dict[str, Any]:
    intercept, weights = fit_confidence(sets, seeds, depth, names)
    return {"intercept": round(intercept, 3), "weights": _rounded(names, weights)}


def _rounded(names: Sequence[str], values: Matrix) -> dict[str, float]:
    return dict(zip(names, values.round(3).tolist(), strict=True))


def _first(lists: Sequence[tuple[Matrix, Any]], weights: Matrix) -> float:
    """The share of own questions whose first passage is a judged one."""
    found = [relevant[np.argmax(x @ weights)] for x, relevant in lists if len(x)]
    return float(np.mean(found))


def _report(sets: Mapping[str, list[Example]], seeds: Sequence[Example]) -> None:
    lexical = np.eye(len(FEATURES))[FEATURES.index("lexical")]
    print("each set with what was fitted on the others:")
    print(f"{'':20}{'first: BM25':>12}{'fitted':>8}{'read':>8}   AUROC foreign, hidden, deceptive")
    for name, own in sets.items():
        others = [e for other, e in sets.items() if other[:7] != name[:7]]
        weights = fit_ranking(_lists(others))
        read = fit_ranking(_read_lists(others), unit=False)
        [lists], [read_lists] = _lists([own]), _read_lists([own])
        print(
            f"{name:20}{_first(lists, lexical):12.3f}{_first(lists, weights):8.3f}"
            f"{_first(read_lists, read):8.3f}"
        )
        for depth in DEPTHS:
            rule = fit_confidence(others, seeds, depth, SIGNALS[depth])
            print(f"{'':20}{depth:>28}   {_separations(own, depth, rule)}")
    for signal in SIGNALS["deep"]:
        alone: Rule = (0.0, np.ones(1))
        found = [_area(each, "deep", alone, (signal,)) for each in sets.values()]
        print(f"{signal + ' alone':48}   {np.nanmean(found, axis=0).round(3)}")


def _separations(own: Sequence[Example], depth: Depth, rule: Rule) -> str:
    return "  ".join(f"{value:.3f}" for value in _area(own, depth, rule, SIGNALS[depth]))


def _area(own: Sequence[Example], depth: Depth, rule: Rule, names: Sequence[str]) -> list[float]:
    kinds = ("foreign", "hidden", "deceptive")
    return [separation(own, kind, depth, names, rule) for kind in kinds]


if __name__ == "__main__":
    main()
