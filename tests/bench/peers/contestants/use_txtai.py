"""txtai: hybrid search (dense + BM25) with the content stored, as its documentation starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from protocol import TOP, Contestant, Record, full_text, run
from txtai import Embeddings


class Txtai(Contestant):
    def open(self, model: str, **where: Any) -> None:
        self._folder = where["folder"]
        # `encodebatch` is 32 by default.
        self._embeddings = Embeddings(path=model, hybrid=True, content=True)
        if Path(self._folder).exists():
            self._embeddings.load(self._folder)

    def add(self, passages: list[Record]) -> None:
        self._embeddings.upsert((p["id"], full_text(p), None) for p in passages)
        self._embeddings.save(self._folder)

    def ask(self, question: str, **options: Any) -> list[str]:
        return [found["id"] for found in self._embeddings.search(question, TOP)]


if __name__ == "__main__":
    run(Txtai())
