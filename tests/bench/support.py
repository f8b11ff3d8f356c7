"""How well qa.check.support tells what a source supports from what it does not.

    .venv/bin/python -m tests.bench.support [--fit] [--keep FOLDER] [--every N]

Needs the claims beside the project (`shared/data/verdict`). Reported: WiCE, sentences of Wikipedia
against the article they cite, and FEVER, claims against their gold sentences (every N-th of them).
AUROC with 95 % intervals (1,000 bootstrap samples), beside plain cosine of claim and best passage
and the number of missing facts alone. --fit prints the coefficients instead, fitted on SciFact:
claims against the abstract that they were judged by, against the nearest other abstract, two claims
in one against the abstract of the first, and claims with a number, name or date of another. Half an
hour on two cores, nearly all of it for building corpora; with --keep they are there the next time.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import embeddings
from embeddings import Encoded, Encoder
from qa import Corpus
from qa.check.facts import facts
from qa.check.support import SupportSignals, support
from qa.ingest import canonical
from qa.retrieval.late_interaction import Question, interactions
from qa.storage import View
from qa.types import Article, Document, Hit
from tests.bench.corpora import SHARED, hits_of

VERDICTS = SHARED / "data" / "verdict"
SAMPLES, SEED = 1000, 0
FIRST = 20  # passages that are read, of an article that has more than MANY
MANY = 60
_META = "(meta data) "
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A claim against its source."""

    label: str
    cosine: float  # of the claim and its nearest passage
    lacking: int
    signals: SupportSignals
    right: bool | None  # the sentence chosen is a gold one; None where none is named


def main() -> None:
    kept = Path(_option("--keep")) if _option("--keep") else None
    encoder = embeddings.load()
    if "--fit" in sys.argv:
        _fit(list(_training(encoder, kept)))
        return
    wice = list(_examples("verdict_wice", encoder, kept))
    _table("WiCE, supports against the rest", wice, ("partial", "neutral"))
    _table("WiCE, supports against neutral", wice, ("neutral",))
    _table("WiCE, supports against partial", wice, ("partial",))
    rights = [e.right for e in wice if e.right is not None]
    print(f"\nWiCE, best sentence is a gold one: {np.mean(rights):.3f} of {len(rights)}")
    every = int(_option("--every") or 1)
    fever = list(_examples("verdict_fever_dev", encoder, kept, every))
    _table(f"FEVER dev, every {every}., supports against refutes", fever, ("refutes",))


# --- claims -------------------------------------------------------------------------------------


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (VERDICTS / name / "pairs.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _sources(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Text of the evidence -> id of its article."""
    return {text: f"a{n}" for n, text in enumerate(dict.fromkeys(map(_evidence, rows)))}


def _evidence(row: dict[str, Any]) -> str:
    return "\n".join(row["evidence"])


def _document(id_: str, evidence: str) -> Document:
    lines = evidence.split("\n")
    stated = [line.removeprefix(_META).partition(": ") for line in lines if _META in line[:12]]
    meta = {key: value for key, _, value in reversed(stated)}
    text = canonical("\n".join(line for line in lines if _META not in line[:12]))
    article = Article(
        id_,
        text,
        title=meta.get("TITLE"),
        publisher=meta.get("PUBLISHER"),
        author=meta.get("AUTHOR"),
    )
    return Document(article, text.encode(), "text/plain", origin=id_, size=len(text))


@contextmanager
def _corpus(name: str, encoder: Encoder, kept: Path | None) -> Iterator[Corpus]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept / name if kept else Path(temporary)
        with Corpus.open(folder, encoder=encoder) as corpus:
            if not corpus.counts()["articles"]:
                sources = _sources(_rows(name))
                for _ in corpus.add(_document(id_, text) for text, id_ in sources.items()):
                    pass
            yield corpus


def _examples(name: str, encoder: Encoder, kept: Path | None, every: int = 1) -> Iterator[Example]:
    rows = _rows(name)
    sources, rows = _sources(rows), rows[::every]
    with _corpus(name, encoder, kept) as corpus:
        for row, encoded in zip(rows, _encoded(encoder, [r["claim"] for r in rows]), strict=True):
            id_ = sources[_evidence(row)]
            yield _example(corpus, row["claim"], encoded, id_, row["label"], _gold(row))


def _gold(row: dict[str, Any]) -> list[str]:
    """The sentences of which one set supports the claim, in WiCE."""
    return [row["evidence"][i] for part in row.get("supporting") or () for i in part]


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Iterator[Encoded]:
    for start in range(0, len(texts), 256):
        yield from encoder.encode_passages(texts[start : start + 256])


def _vectors(view: View, hits: Sequence[Hit]) -> NDArray[np.float32]:
    return view.vectors([hit.chunk for hit in hits])


def _example(
    corpus: Corpus, text: str, encoded: Encoded, id_: str, label: str, gold: Sequence[str] = ()
) -> Example:
    view = corpus.view
    claim = Question.of(text, encoded, view)
    article, hits = corpus.article(id_).article, hits_of(view, id_)
    cosines = _vectors(view, hits) @ encoded.vector
    if len(hits) > MANY:
        hits = [hits[i] for i in np.argsort(-cosines)[:FIRST]]
    read = interactions(view, claim, hits)
    context = "\n".join(filter(None, (article.title, article.publisher, article.author)))
    found = support(claim, read, [hit.passage.text for hit in hits], context)
    passage = hits[found.passage].passage.text
    sentence = passage[found.sentence.start : found.sentence.end]
    return Example(
        label,
        float(cosines.max()),
        len(found.missing),
        SupportSignals.of(claim, read[found.passage], sentence, found.missing),
        any(sentence in g or g in sentence for g in gold) if gold else None,
    )


# --- fitting ------------------------------------------------------------------------------------


def _training(encoder: Encoder, kept: Path | None) -> Iterator[Example]:
    name = "verdict_scifact"
    rows = _rows(name)
    sources = _sources(rows)
    ids = [sources[_evidence(row)] for row in rows]
    with _corpus(name, encoder, kept) as corpus:
        view = corpus.view
        means = {id_: _vectors(view, hits_of(view, id_)).mean(axis=0) for id_ in sources.values()}
        claims = [row["claim"] for row in rows]
        for row, id_, encoded in zip(rows, ids, _encoded(encoder, claims), strict=True):
            others = [other for other in means if other != id_]
            near = max(others, key=lambda other: float(means[other] @ encoded.vector))
            yield _example(corpus, row["claim"], encoded, id_, row["label"])
            yield _example(corpus, row["claim"], encoded, near, "other")
        made = list(_made(rows, ids))
        encodings = _encoded(encoder, [text for text, *_ in made])
        for (text, id_, label), encoded in zip(made, encodings, strict=True):
            yield _example(corpus, text, encoded, id_, label)


def _made(rows: Sequence[dict[str, Any]], ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Two supported claims in one, or one with a fact of another: (claim, source, label)."""
    supported = [i for i, row in enumerate(rows) if row["label"] == "supports"]
    others = np.random.default_rng(SEED).permutation(supported).tolist()
    for i, j in zip(supported, others, strict=True):
        one, other = rows[i]["claim"], rows[j]["claim"]
        if ids[i] != ids[j]:
            yield f"{one.rstrip('. ')}, and {other}", ids[i], "partial"
            if altered := _altered(one, other):
                yield altered, ids[i], "altered"


def _altered(one: str, other: str) -> str | None:
    """The claim with its first fact replaced by the other's first one of that kind."""
    for fact in facts(one):
        for found in facts(other):
            if found.kind == fact.kind and found.text != fact.text:
                return f"{one[: fact.start]}{found.text}{one[fact.end :]}"
    return None


def _fit(examples: Sequence[Example]) -> None:
    """Each label counts the same within those that support, and within those that do not."""
    x = np.array([astuple(e.signals) for e in examples])
    labels = np.array([e.label for e in examples])
    y = labels == "supports"
    weights = np.array([1.0 if s else 1 / 4 for s in y]) / [np.sum(labels == n) for n in labels]
    model = LogisticRegression(C=10.0).fit(x, y, sample_weight=weights * len(x) / weights.sum())
    names = SupportSignals.__dataclass_fields__
    print("intercept", round(float(model.intercept_[0]), 2))
    print(dict(zip(names, model.coef_[0].round(2).tolist(), strict=True)))
    scores = model.decision_function(x)
    for other in ("refutes", "other", "partial", "altered"):
        chosen = y | (labels == other)
        print(
            f"fitted on: supports against {other:8} {roc_auc_score(y[chosen], scores[chosen]):.3f}"
        )


# --- reporting ----------------------------------------------------------------------------------

SCORES: dict[str, Callable[[Example], float]] = {
    "cosine": lambda e: e.cosine,
    "missing alone": lambda e: -e.lacking,
    "near alone": lambda e: e.signals.near,
    "support": lambda e: e.signals.score,
}


def _table(title: str, examples: Sequence[Example], against: Sequence[str]) -> None:
    chosen = [e for e in examples if e.label in ("supports", *against)]
    y = np.array([e.label == "supports" for e in chosen])
    print(f"\n{title}: {y.sum()} and {(~y).sum()}")
    for name, score in SCORES.items():
        values = np.array([score(e) for e in chosen], float)
        low, high = _interval(y, values)
        print(f"  {name:15} {roc_auc_score(y, values):.3f} [{low:.3f}, {high:.3f}]", flush=True)


def _interval(y: NDArray[np.bool_], values: Floats) -> Floats:
    """2.5th and 97.5th percentile of the AUROC."""
    chooser, found = np.random.default_rng(SEED), list[float]()
    while len(found) < SAMPLES:
        drawn = chooser.integers(0, len(y), len(y))
        if 0 < y[drawn].sum() < len(y):
            found.append(roc_auc_score(y[drawn], values[drawn]))
    interval: Floats = np.percentile(found, [2.5, 97.5])
    return interval


def _option(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else ""


if __name__ == "__main__":
    main()
