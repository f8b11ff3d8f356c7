"""Footnote, through `qa.Corpus`, with all that an answer brings (sentences, confidence)."""

from __future__ import annotations

from typing import Any

from protocol import TOP, Contestant, Record, run

from qa import Corpus
from qa.ingest import read_record


class Footnote(Contestant):
    def open(self, model: str, **where: Any) -> None:
        # Its default model is the same package, with both digests checked.
        self._corpus = Corpus.open(where["folder"])

    def add(self, passages: list[Record]) -> None:
        for outcome in self._corpus.add(read_record(passage) for passage in passages):
            if outcome.name != "added":
                raise RuntimeError(f"{outcome}")

    def ask(self, question: str, **options: Any) -> list[str]:
        hits = self._corpus.ask(question, top_k=TOP, **options).hits
        return list(dict.fromkeys(hit.passage.article_id for hit in hits))


if __name__ == "__main__":
    run(Footnote())
