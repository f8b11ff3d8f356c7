"""How well qa.check.support tells what a source supports from what it does not.

    .venv/bin/python -m tests.bench.support [--fit] [--keep FOLDER] [--more FOLDER]

Needs sets of claims (tests/bench/claim_sets.py); those that are not there are left out. Each set is
reported with weights that were fitted on all the others: AUROC with 95 % intervals (1,000 bootstrap
samples), beside cosine of claim and best passage, the share of the claim's words that its source
has, and the number of missing facts. With a reader SciFact is reported on its dev split, FEVER on
pages that the reader was not trained on. Then what `missing` names, and how often that is right.
--fit prints the weights of qa.check.support, fitted on all sets. Half an hour on two cores, most of
it for building corpora; with --keep they are there the next time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

import embeddings
from qa.check.support import SupportSignals
from tests.bench.claim_sets import ClaimSets, Example

SIGNALS = ("near", "passage", "article", "missing", "negation")
# Three of the signals say much the same. Held small, their weights are shared among them, and do
# not depend on which of them happened to be the better on a set.
SHRUNK = 0.001
SUPPORTS = 0.4  # weight of the reader's log-odds beside what was fitted without
SAMPLES, SEED = 1000, 0
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Sets = Mapping[str, Sequence[Example]]


@dataclass(frozen=True)
class Weights:
    """What the signals of a claim weigh, without a reader and with one."""

    unread: dict[str, float]
    read: dict[str, float]

    def scores(self, found: Sequence[SupportSignals], read: bool) -> Floats:
        """The scores of some claims, as log-odds."""
        weights = self.read if read else self.unread
        return np.array(
            [
                sum((getattr(one, name, 1.0) or 0.0) * weight for name, weight in weights.items())
                for one in found
            ]
        )


def main() -> None:
    kept, more = (Path(given) if (given := _option(name)) else None for name in ("keep", "more"))
    sets = ClaimSets(embeddings.load(), embeddings.load_reader(), kept, more)
    examples = {name: list(sets.examples(name)) for name in sets.names()}
    if "--fit" in sys.argv:
        fitted = fit(examples)
        print("unread", {name: round(weight, 2) for name, weight in fitted.unread.items()})
        print("read", {name: round(weight, 2) for name, weight in fitted.read.items()})
        return
    for name, found in examples.items():
        others = {other: of for other, of in examples.items() if other != name}
        _report(name, found, fit(others))
    for name, found in examples.items():
        _missing(name, found)
    rights = [e.right for found in examples.values() for e in found if e.right is not None]
    print(f"\nWiCE, best sentence is a gold one: {np.mean(rights):.3f} of {len(rights)}")


# --- fitting ------------------------------------------------------------------------------------


def fit(sets: Sets) -> Weights:
    """Weights by which claims that are supported tell from others, each set counting the same."""
    every = [e for found in sets.values() for e in found]
    weights = np.concatenate([_balanced(found) for found in sets.values()])
    x = np.array([[getattr(e.unread, name) for name in SIGNALS] for e in every])
    y = _supported(every)
    scaler = StandardScaler().fit(x, sample_weight=weights)
    model = LogisticRegression(C=SHRUNK, max_iter=3000)
    model.fit(scaler.transform(x), y, sample_weight=weights)
    raw = model.coef_[0] / scaler.scale_
    slope, unread_at = _calibrated(x @ raw, y, weights)
    unread = dict(zip(SIGNALS, (raw * slope).tolist(), strict=True))
    said = np.array([e.signals.supports or 0.0 for e in every])
    beside, read_at = _calibrated(x @ raw * slope + SUPPORTS * said, y, weights)
    read = {name: weight * beside for name, weight in unread.items()}
    return Weights(
        {"intercept": unread_at, **unread},
        {"intercept": read_at, **read, "supports": SUPPORTS * beside},
    )


def _calibrated(scores: Floats, y: Bools, weights: Floats) -> tuple[float, float]:
    """Slope and intercept by which scores become log-odds."""
    model = LogisticRegression(C=1e6, max_iter=3000)
    model.fit(scores[:, None], y, sample_weight=weights)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _balanced(found: Sequence[Example]) -> Floats:
    """A thousand for the set: half for what is supported, half in equal parts for each other."""
    labels = np.array([e.label for e in found])
    others = len(set(labels)) - 1
    share = {label: 500 if label == "supports" else 500 / others for label in set(labels)}
    return np.array([share[label] / np.sum(labels == label) for label in labels])


def _supported(found: Sequence[Example]) -> Bools:
    return np.array([e.label == "supports" for e in found])


# --- reporting ----------------------------------------------------------------------------------


def _report(name: str, found: Sequence[Example], weights: Weights) -> None:
    _table(f"{name}, supports against all others", found, weights, read=False)
    # The reader was trained on the other claims of SciFact.
    unseen = [e for e in found if e.row.get("split") != "train"]
    _table(f"{name}, with a reader", unseen, weights, read=True)
    others = sorted({e.label for e in found} - {"supports"})
    for label in others if len(others) > 1 else ():
        chosen = [e for e in unseen if e.label in ("supports", label)]
        _table(f"{name}, supports against {label}, with a reader", chosen, weights, read=True)


def _table(title: str, found: Sequence[Example], weights: Weights, read: bool) -> None:
    y = _supported(found)
    print(f"\n{title}: {y.sum()} and {(~y).sum()}")
    columns = {
        "cosine": [e.cosine for e in found],
        "words": [e.unread.article for e in found],
        "missing alone": [-len(e.lacking) for e in found],
        "without reader": weights.scores([e.unread for e in found], read=False),
    }
    if read:
        columns["with a reader"] = weights.scores([e.signals for e in found], read=True)
    for column, values in columns.items():
        scores = np.array(values, float)
        low, high = _interval(y, scores)
        print(f"  {column:15} {roc_auc_score(y, scores):.3f} [{low:.3f}, {high:.3f}]", flush=True)


def _missing(name: str, found: Sequence[Example]) -> None:
    """How often something is missing, and of edited sentences whether that was put in."""
    print(f"\n{name}, something is missing in")
    for label in sorted({e.label for e in found}):
        of = [e for e in found if e.label == label]
        count, all_ = sum(len(e.lacking) for e in of), sum(len(e.facts) for e in of)
        share = np.mean([bool(e.lacking) for e in of])
        print(f"  {label:12} {share:.1%} of {len(of)}; {count} of {all_} facts")
    # Against another abstract than its own the row's evidence is not the source.
    named = [(e, fact.casefold()) for e in found if e.label != "other" for fact in e.lacking]
    there = sum(_stands(fact, "\n".join(e.row["evidence"])) for e, fact in named)
    print(f"  {there} of {len(named)} stand word for word in the source")
    edited = [(e, fact) for e, fact in named if "before" in e.row]
    if edited:
        right = sum(not _stands(fact, e.row["before"]) for e, fact in edited)
        print(f"  {right} of {len(edited)} in edited sentences were put in by the edit")


def _stands(fact: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fact)}(?!\w)", text.casefold()) is not None


def _interval(y: Bools, values: Floats) -> Floats:
    """2.5th and 97.5th percentile of the AUROC."""
    chooser, found = np.random.default_rng(SEED), list[float]()
    while len(found) < SAMPLES:
        drawn = chooser.integers(0, len(y), len(y))
        if 0 < y[drawn].sum() < len(y):
            found.append(roc_auc_score(y[drawn], values[drawn]))
    interval: Floats = np.percentile(found, [2.5, 97.5])
    return interval


def _option(name: str) -> str:
    return sys.argv[sys.argv.index(f"--{name}") + 1] if f"--{name}" in sys.argv else ""


if __name__ == "__main__":
    main()
