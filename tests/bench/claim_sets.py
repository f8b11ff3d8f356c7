"""Claims beside what they cite: the sets that tests.bench.support fits on and reports.

Each is a folder with pairs.jsonl (claim, evidence, label) and META.json, which says where it is
from. SciFact's claims are held against the nearest other abstract as well, are joined in twos
against the abstract of the first, and get a number, name or date of another.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings import Encoded, Encoder, Reader
from qa import Corpus
from qa.check.facts import facts
from qa.check.support import (
    READ_BY_DEPTH,
    Support,
    SupportSignals,
    WholeArticle,
    read_first,
    signals,
    support,
)
from qa.ingest import canonical
from qa.retrieval.late_interaction import Interaction, Question, interactions
from qa.storage import View
from qa.types import Article, Document, Hit
from tests.bench.corpora import SHARED, hits_of
from tests.bench.training.reader.statements import fever_reported

VERDICTS = SHARED / "data" / "verdict"
SETS = ("verdict_wice", "verdict_bump", "verdict_q2", "verdict_scifact", "verdict_fever_dev")
FIRST = 20  # passages that are compared, as in qa.check.supporting
FEVER = 1_600  # claims of it, drawn
SEED = 0
_META = "(meta data) "
Row = dict[str, Any]
# A claim, the id of its source, a label, and the row that it is of.
Asked = tuple[str, str, str, Row]


@dataclass(frozen=True)
class Example:
    """A claim against its source."""

    label: str
    row: Row
    cosine: float  # of the claim and its nearest passage
    facts: tuple[str, ...]
    lacking: tuple[str, ...]
    signals: SupportSignals
    unread: SupportSignals  # without what the reader says
    right: bool | None  # the sentence chosen is a gold one; None where none is named


class ClaimSets:
    """The sets of claims that are there, each against a corpus of its sources."""

    def __init__(
        self, encoder: Encoder, reader: Reader, kept: Path | None, more: Path | None
    ) -> None:
        """Corpora stay in `kept`; sets are looked for beside the project and in `more`."""
        self._encoder, self._reader, self._kept = encoder, reader, kept
        self._folders = [folder for folder in (VERDICTS, more) if folder]

    def names(self) -> list[str]:
        """The sets that are there, in the order of SETS."""
        return [name for name in SETS if self._file(name)]

    def examples(self, name: str) -> Iterator[Example]:
        """The claims of a set, compared and read."""
        rows = self._rows(name)
        sources = {text: f"a{n}" for n, text in enumerate(dict.fromkeys(map(_evidence, rows)))}
        with self._corpus(name, sources) as corpus:
            for asked, encoded in self._asked(name, rows, sources, corpus.view):
                yield self._example(corpus, asked, encoded)

    def _file(self, name: str) -> Path | None:
        files = (folder / name / "pairs.jsonl" for folder in self._folders)
        return next((file for file in files if file.exists()), None)

    def _rows(self, name: str) -> list[Row]:
        file = self._file(name)
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file else []

    @contextmanager
    def _corpus(self, name: str, sources: dict[str, str]) -> Iterator[Corpus]:
        with tempfile.TemporaryDirectory() as temporary:
            folder = self._kept / name if self._kept else Path(temporary)
            with Corpus.open(folder, encoder=self._encoder) as corpus:
                if not corpus.counts()["articles"]:
                    for _ in corpus.add(_document(id_, text) for text, id_ in sources.items()):
                        pass
                yield corpus

    def _asked(
        self, name: str, rows: Sequence[Row], sources: dict[str, str], view: View
    ) -> Iterator[tuple[Asked, Encoded]]:
        asked = [(row["claim"], sources[_evidence(row)], row["label"], row) for row in rows]
        if name == "verdict_fever_dev":
            asked = _drawn(asked)
        encoded = list(zip(asked, self._encoded(claim for claim, *_ in asked), strict=True))
        yield from encoded
        if name == "verdict_scifact":
            yield from _with_nearest_other(encoded, view)
            made = list(_made(asked))
            yield from zip(made, self._encoded(claim for claim, *_ in made), strict=True)

    def _encoded(self, texts: Iterable[str]) -> Iterator[Encoded]:
        every = list(texts)
        for start in range(0, len(every), 256):
            yield from self._encoder.encode_passages(every[start : start + 256])

    def _example(self, corpus: Corpus, asked: Asked, encoded: Encoded) -> Example:
        text, id_, label, row = asked
        view = corpus.view
        claim, article = Question.of(text, encoded, view), corpus.article(id_).article
        hits = hits_of(view, id_)
        cosines = _vectors(view, hits) @ encoded.vector
        hits = [hits[i] for i in np.argsort(-cosines, kind="stable")[:FIRST]]
        near = interactions(view, claim, hits)
        stated = (article.title, article.author, article.publisher, article.published)
        known = [WholeArticle(article.text, "\n".join(filter(None, stated)))]
        before = support(claim, near, _texts(hits), known)
        unread = _signals(claim, near, hits, before, known)
        hits, read = read_first(self._reader, text, hits, near, READ_BY_DEPTH["deep"])
        found = support(claim, read, _texts(hits), known)
        passage = hits[found.passage].passage.text
        sentence = passage[found.sentence.start : found.sentence.end]
        gold = [row["evidence"][i] for part in row.get("supporting") or () for i in part]
        return Example(
            label=label,
            row=row,
            cosine=float(cosines.max()),
            facts=tuple(fact.text for fact in facts(text)),
            lacking=tuple(fact.text for fact in found.missing),
            signals=_signals(claim, read, hits, found, known),
            unread=unread,
            right=any(sentence in g or g in sentence for g in gold) if gold else None,
        )


def _evidence(row: Row) -> str:
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


def _texts(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.text for hit in hits]


def _vectors(view: View, hits: Sequence[Hit]) -> NDArray[np.float32]:
    return view.vectors([hit.chunk for hit in hits])


def _signals(
    claim: Question,
    read: Sequence[Interaction],
    hits: Sequence[Hit],
    found: Support,
    known: Sequence[WholeArticle],
) -> SupportSignals:
    text, span = hits[found.passage].passage.text, found.sentence
    sentence = text[span.start : span.end]
    return signals(claim, read, found.passage, sentence, found.missing, known)


def _drawn(asked: Sequence[Asked]) -> list[Asked]:
    """Some claims of FEVER, of pages that the reader was not trained on."""
    unseen = {row["_id"] for row in fever_reported()}
    kept = [one for one in asked if one[3]["_id"] in unseen]
    order = np.random.default_rng(SEED).permutation(len(kept))[:FEVER]
    return [kept[i] for i in sorted(order.tolist())]


def _with_nearest_other(
    encoded: Sequence[tuple[Asked, Encoded]], view: View
) -> Iterator[tuple[Asked, Encoded]]:
    """Each claim against the nearest abstract that is not its own."""
    ids = {id_: 0 for (_, id_, *_), _ in encoded}
    means = {id_: _vectors(view, hits_of(view, id_)).mean(axis=0) for id_ in ids}
    for (text, id_, _, row), one in encoded:
        others = [other for other in means if other != id_]
        near = max(others, key=lambda other: float(means[other] @ one.vector))
        yield (text, near, "other", row), one


def _made(asked: Sequence[Asked]) -> Iterator[Asked]:
    """Two supported claims in one, and one with a fact of another."""
    supported = [one for one in asked if one[2] == "supports"]
    order = np.random.default_rng(SEED).permutation(len(supported)).tolist()
    for one, number in zip(supported, order, strict=True):
        other = supported[number]
        if one[1] == other[1]:
            continue
        yield f"{one[0].rstrip('. ')}, and {other[0]}", one[1], "partial", one[3]
        if altered := _altered(one[0], other[0]):
            yield altered, one[1], "altered", one[3]


def _altered(one: str, other: str) -> str | None:
    """The claim with its first fact replaced by the other's first one of that kind."""
    for fact in facts(one):
        for found in facts(other):
            if found.kind == fact.kind and found.text != fact.text:
                return f"{one[: fact.start]}{found.text}{one[fact.end :]}"
    return None
