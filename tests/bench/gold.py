"""The gold questions: is the evidence found, and is it known when there is none?

    .venv/bin/python -m tests.bench.gold

For the briefs in seeds/ and, where they lie beside the project, the five originals.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from qa.corpus import Corpus
from qa.ingest import Input, find_inputs, read_input
from qa.types import Answer

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    for folder in (ROOT / "seeds", ROOT.parent / "shared" / "seeds"):
        if folder.is_dir():
            measure(folder)


def measure(folder: Path) -> None:
    lines = (folder / "questions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as data, Corpus.open(data) as corpus:
        for found in find_inputs([folder]):
            if isinstance(found, Input):
                list(corpus.add(read_input(found)))
        answers = [(row, corpus.ask(row["question"], top_k=3)) for row in rows]
    ranks = [_rank(row, answer) for row, answer in answers if row["answerable"]]
    right = sum(answer.answered == row["answerable"] for row, answer in answers)
    first, three = (sum(r < n for r in ranks) / len(ranks) for n in (1, 3))
    print(
        f"{folder.parent.name}/{folder.name}: evidence first {first:.1%}, in the first three "
        f"{three:.1%} of {len(ranks)}; rightly answered or not {right} of {len(rows)}"
    )


def _rank(row: dict[str, Any], answer: Answer) -> int:
    """Of the first passage that holds an evidence; 99 when none of them does."""
    for number, hit in enumerate(answer.hits):
        for evidence in row["evidence"]:
            article = evidence.get("article_id") or Path(evidence["document"]).stem
            if hit.passage.article_id == article and evidence["quote"] in hit.passage.text:
                return number
    return 99


if __name__ == "__main__":
    main()
