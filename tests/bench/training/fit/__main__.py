"""Fits what ranking, sentences and confidence are computed with, on training questions.

    .venv/bin/python -m tests.bench.training.fit [--write [--all]] [--keep FOLDER] [--model NAME]
        [--sets NAME,NAME…] [--questions N]

Everything among the articles that the reader was not trained on. Ranking: weights that give the
judged passages the greatest softmax probability among the first 20, each training set counting the
same; then the same for those that the reader reads. Sentences: what the reader's share counts
beside nearness, by the share of judged passages whose sentence is right. Confidence: a logistic
regression, for each depth of reading, on questions that have an answer (a training set's own) and
questions that have none: those of another set, own ones whose judged article is hidden, and ones
that were written to deceive; some of them two in one, since training sets have no long ones; with
the questions of seeds/, answerable and not. What quality is reported on is not used. Prints how
good it is on the set that was left out of the fit, and how often thresholds are right. --write puts
what belongs to reading into qa/ask/coefficients.json; with --all the rest as well, which is shipped
as it was fitted on whole training sets. Takes ten minutes on two cores; with --keep the corpora are
there the next time, and with fewer sets and questions of each it takes less.
"""

from __future__ import annotations

import copy
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
from tests.bench.training.fit.confidence import Rule, fit_confidence, separation, signals_of
from tests.bench.training.fit.examples import QUESTIONS, Example, Matrix, of_seeds, of_training
from tests.bench.training.fit.ranking import fit_ranking, fit_sentences

# Those with questions that were written to deceive, and the sets that ranking is fitted on.
SETS = (*TRAINING, "squad2_reading")
DEPTHS: tuple[Depth, ...] = ("off", "fast", "deep")
SIGNALS: Mapping[Depth, tuple[str, ...]] = {
    "off": ("sentence", "coverage", "rarity", "length"),
    # Long questions are not read, so length need not make up for what lacks near to them.
    "fast": ("sentence", "coverage", "margin", "relevance"),
    "deep": ("sentence", "coverage", "margin", "relevance"),
}
# What does not depend on the encoder's cosines, for encoders that nothing was fitted for.
OTHERS = ("coverage", "margin", "relevance")
FILE = ROOT / "qa" / "ask" / "coefficients.json"


def main() -> None:
    kept = Path(_given("--keep", "")) if "--keep" in sys.argv else None
    encoder = embeddings.load(_given("--model", embeddings.DEFAULT_MODEL))
    reader, asked = embeddings.load_reader(), int(_given("--questions", str(QUESTIONS)))
    names = _given("--sets", ",".join(SETS)).split(",")
    found = {name: of_training(name, encoder, reader, kept, asked) for name in names}
    ranked = [found[name] for name in names if name in TRAINING]
    reading = _rounded(READ_FEATURES, fit_ranking(_read_lists(list(found.values())), unit=False))
    sentence = fit_sentences(list(found.values()))
    sets = {name: [e.judged(reading) for e in each] for name, each in found.items()}
    seeds = [e.judged(reading) for e in of_seeds(encoder, reader)]
    _report(sets, seeds)
    fitted: dict[str, Any] = {
        "ranking": _rounded(FEATURES, fit_ranking(_lists(ranked))),
        "confidence": {
            depth: _confidence(list(sets.values()), seeds, depth, SIGNALS[depth])
            for depth in DEPTHS
        },
    }
    for depth in DEPTHS:
        _thresholds(list(sets.values()), seeds, depth)
    print(json.dumps({"reading": reading, "sentence": sentence, **fitted}, indent=2))
    if "--write" in sys.argv:
        content = json.loads(FILE.read_text("utf-8"))
        if encoder.name == embeddings.DEFAULT_MODEL:  # the reader is of its kin
            content["reading"] = reading
        others = content["encoders"]["other"]
        own = content["encoders"].setdefault(encoder.name, copy.deepcopy(others))
        if "--all" in sys.argv:
            own |= fitted
        for depth in DEPTHS[1:]:
            own["confidence"][depth] = fitted["confidence"][depth]
            if encoder.name != embeddings.DEFAULT_MODEL:
                continue
            content["encoders"]["other"]["confidence"][depth] = _confidence(
                list(sets.values()), seeds, depth, OTHERS
            )
        FILE.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def _given(option: str, otherwise: str) -> str:
    return sys.argv[sys.argv.index(option) + 1] if option in sys.argv else otherwise


def _thresholds(sets: Sequence[Sequence[Example]], seeds: Sequence[Example], depth: Depth) -> None:
    """Prints how many questions of seeds/, and of each set its own and those written to deceive,
    are rightly taken as answered or not.
    """
    rule = fit_confidence(sets, seeds, depth, SIGNALS[depth])
    own = [[e for e in each if e.kind in ("own", "deceptive", "hidden")] for each in sets]
    for threshold in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        rights = [_right(each, depth, rule, threshold) for each in (seeds, *own)]
        told = "  ".join(f"{right:.3f}" for right in rights)
        print(f"{depth:5} threshold {threshold}: seeds {told}")


def _right(
    examples: Sequence[Example], depth: Depth, rule: tuple[float, Matrix], threshold: float
) -> float:
    odds = rule[0] + signals_of(examples, depth, SIGNALS[depth]) @ rule[1]
    answered = 1 / (1 + np.exp(-odds)) >= threshold
    return float(np.mean(answered == np.array([e.answerable for e in examples])))


def _lists(sets: Sequence[Sequence[Example]]) -> list[list[tuple[Matrix, Any]]]:
    return [[(e.features, e.relevant) for e in each if e.kind == "own"] for each in sets]


def _read_lists(sets: Sequence[Sequence[Example]]) -> list[list[tuple[Matrix, Any]]]:
    return [[(e.read, e.relevant_read) for e in each if e.kind == "own"] for each in sets]


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
