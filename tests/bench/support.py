"""How well qa.check.support tells what a source supports from what it does not.

    .venv/bin/python -m tests.bench.support [--fit] [--keep FOLDER] [--every N]

Needs the claims beside the project (`shared/data/verdict`). Reported: WiCE, sentences of Wikipedia
against the article they cite, and FEVER, claims against their gold sentences (every N-th of them).
AUROC with 95 % intervals (1,000 bootstrap samples), beside plain cosine of claim and best passage,
the number of missing facts alone, and what counts where nothing is read. FEVER is reported on all
pages and on those that the reader was not trained on; SciFact, whose claims the reader was trained
on but for the dev split, on that. --fit prints the coefficients instead, fitted on SciFact: claims
against the abstract that they were judged by, against the nearest other abstract, two claims in one
against the abstract of the first, and claims with a number, name or date of another; with a reader
on FEVER's other claims besides, of pages that it was not trained on. Half an hour on two cores,
nearly all of it for building corpora; with --keep they are there the next time.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

import embeddings
from embeddings import Encoded, Encoder, Reader
from qa import Corpus
from qa.check.facts import facts
from qa.check.support import (
    READ,
    READ_BY_DEPTH,
    UNREAD,
    Support,
    SupportSignals,
    read_first,
    support,
)
from qa.ingest import canonical
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.storage import View
from qa.types import Article, Document, Hit
from tests.bench.corpora import SHARED, hits_of
from tests.bench.training.reader.statements import fever_reported

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
    unread: SupportSignals  # without what the reader says
    right: bool | None  # the sentence chosen is a gold one; None where none is named
    unseen: bool = True  # the reader was not trained on it


def main() -> None:
    kept = Path(_option("--keep")) if _option("--keep") else None
    encoder, reader = embeddings.load(), embeddings.load_reader()
    if "--fit" in sys.argv:
        _fit(list(_training(encoder, reader, kept)))
        return
    wice = list(_examples("verdict_wice", encoder, reader, kept))
    _table("WiCE, supports against the rest", wice, ("partial", "neutral"))
    _table("WiCE, supports against neutral", wice, ("neutral",))
    _table("WiCE, supports against partial", wice, ("partial",))
    rights = [e.right for e in wice if e.right is not None]
    print(f"\nWiCE, best sentence is a gold one: {np.mean(rights):.3f} of {len(rights)}")
    every = int(_option("--every") or 1)
    fever = list(_examples("verdict_fever_dev", encoder, reader, kept, every))
    _table(f"FEVER dev, every {every}., supports against refutes", fever, ("refutes",))
    unseen = [one for one in fever if one.unseen]
    _table("of these, of pages that were not trained on", unseen, ("refutes",))
    scifact = [one for one in _examples("verdict_scifact", encoder, reader, kept) if one.unseen]
    _table("SciFact dev, supports against refutes", scifact, ("refutes",))


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


def _examples(
    name: str, encoder: Encoder, reader: Reader, kept: Path | None, every: int = 1
) -> Iterator[Example]:
    rows = _rows(name)
    unseen = _unseen(name, rows)
    sources, rows = _sources(rows), rows[::every]
    with _corpus(name, encoder, kept) as corpus:
        for row, encoded in zip(rows, _encoded(encoder, [r["claim"] for r in rows]), strict=True):
            id_ = sources[_evidence(row)]
            example = _example(corpus, reader, row["claim"], encoded, id_, row["label"], _gold(row))
            yield replace(example, unseen=row["_id"] in unseen)


def _unseen(name: str, rows: Sequence[dict[str, Any]]) -> set[str]:
    """The ids of the claims that the reader was not trained on."""
    if name == "verdict_fever_dev":
        rows = fever_reported()
    return {row["_id"] for row in rows if row.get("split") != "train"}


def _gold(row: dict[str, Any]) -> list[str]:
    """The sentences of which one set supports the claim, in WiCE."""
    return [row["evidence"][i] for part in row.get("supporting") or () for i in part]


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Iterator[Encoded]:
    for start in range(0, len(texts), 256):
        yield from encoder.encode_passages(texts[start : start + 256])


def _vectors(view: View, hits: Sequence[Hit]) -> NDArray[np.float32]:
    return view.vectors([hit.chunk for hit in hits])


def _example(
    corpus: Corpus,
    reader: Reader,
    text: str,
    encoded: Encoded,
    id_: str,
    label: str,
    gold: Sequence[str] = (),
) -> Example:
    view = corpus.view
    claim = Question.of(text, encoded, view)
    article, hits = corpus.article(id_).article, hits_of(view, id_)
    cosines = _vectors(view, hits) @ encoded.vector
    if len(hits) > MANY:
        hits = [hits[i] for i in np.argsort(-cosines)[:FIRST]]
    near = interactions(view, claim, hits)
    context = "\n".join(filter(None, (article.title, article.publisher, article.author)))
    before = support(claim, near, [hit.passage.text for hit in hits], context)
    unread = _signals(claim, near, hits, before)
    hits, read = read_first(reader, text, hits, near, READ_BY_DEPTH["deep"])
    found = support(claim, read, [hit.passage.text for hit in hits], context)
    passage = hits[found.passage].passage.text
    sentence = passage[found.sentence.start : found.sentence.end]
    return Example(
        label,
        float(cosines.max()),
        len(found.missing),
        _signals(claim, read, hits, found),
        unread,
        any(sentence in g or g in sentence for g in gold) if gold else None,
    )


def _signals(
    claim: Question, read: Sequence[Interaction], hits: Sequence[Hit], found: Support
) -> SupportSignals:
    passage = hits[found.passage].passage.text
    sentence = passage[found.sentence.start : found.sentence.end]
    return SupportSignals.of(claim, read[found.passage], sentence, found.missing)


# --- fitting ------------------------------------------------------------------------------------


def _training(encoder: Encoder, reader: Reader, kept: Path | None) -> Iterator[Example]:
    name = "verdict_scifact"
    rows = _rows(name)
    sources = _sources(rows)
    ids = [sources[_evidence(row)] for row in rows]
    with _corpus(name, encoder, kept) as corpus:
        view = corpus.view
        yield from _fever_training(encoder, reader, kept)
        means = {id_: _vectors(view, hits_of(view, id_)).mean(axis=0) for id_ in sources.values()}
        claims = [row["claim"] for row in rows]
        for row, id_, encoded in zip(rows, ids, _encoded(encoder, claims), strict=True):
            others = [other for other in means if other != id_]
            near = max(others, key=lambda other: float(means[other] @ encoded.vector))
            yield _example(corpus, reader, row["claim"], encoded, id_, row["label"])
            yield _example(corpus, reader, row["claim"], encoded, near, "other")
        made = list(_made(rows, ids))
        encodings = _encoded(encoder, [text for text, *_ in made])
        for (text, id_, label), encoded in zip(made, encodings, strict=True):
            yield _example(corpus, reader, text, encoded, id_, label)


def _fever_training(encoder: Encoder, reader: Reader, kept: Path | None) -> Iterator[Example]:
    """The claims of pages that the reader was not trained on, but for every fourth: reported."""
    examples = _examples("verdict_fever_dev", encoder, reader, kept)
    for number, example in enumerate(examples):
        if number % 4 and example.unseen:
            yield replace(example, label=f"fever {example.label}")


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
    scifact = [e for e in examples if not e.label.startswith("fever")]
    _fit_to({n: w for n, w in UNREAD.items() if w}, scifact, lambda e: e.unread)
    _fit_to(READ, examples, lambda e: e.signals)


def _fit_to(
    before: Mapping[str, float],
    examples: Sequence[Example],
    signals: Callable[[Example], SupportSignals],
) -> None:
    names = [name for name in before if name != "intercept"]
    x = np.array([[getattr(signals(e), name) or 0.0 for name in names] for e in examples])
    labels = np.array([e.label for e in examples])
    y = np.isin(labels, ("supports", "fever supports"))
    others = len(set(labels[~y]))
    weights = np.array([1.0 if s else 1 / others for s in y])
    weights /= [np.sum(labels == n) for n in labels]
    model = LogisticRegression(C=10.0).fit(x, y, sample_weight=weights * len(x) / weights.sum())
    print("intercept", round(float(model.intercept_[0]), 2))
    print(dict(zip(names, model.coef_[0].round(2).tolist(), strict=True)))
    scores = model.decision_function(x)
    for other in sorted(set(labels[~y])):
        chosen = y | (labels == other)
        print(
            f"fitted on: supports against {other:8} {roc_auc_score(y[chosen], scores[chosen]):.3f}"
        )


# --- reporting ----------------------------------------------------------------------------------

SCORES: dict[str, Callable[[Example], float]] = {
    "cosine": lambda e: e.cosine,
    "missing alone": lambda e: -e.lacking,
    "near alone": lambda e: e.signals.near,
    "without reader": lambda e: e.unread.score,
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
