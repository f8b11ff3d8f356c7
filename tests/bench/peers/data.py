"""What every contestant reads: the same passages, further ones to add later, and questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import ir_measures
from ir_measures import nDCG

Record = dict[str, str]
# With its title in front, such a text has some 175 tokens: no encoder here cuts it short.
WORDS = 100


@dataclass(frozen=True, slots=True)
class Data:
    """`passages` and `more` are files of JSON Lines {id, title, text}."""

    passages: Path
    more: Path
    count: int
    questions: dict[str, str]  # id -> text
    judgements: list[ir_measures.Qrel]

    @property
    def texts(self) -> list[str]:
        return list(self.questions.values())

    def ndcg(self, found: list[list[str]]) -> float:
        """nDCG@10 of what was found for each of the questions, in their order."""
        run = [
            ir_measures.ScoredDoc(question, passage, -rank)
            for question, passages in zip(self.questions, found, strict=True)
            for rank, passage in enumerate(passages)
        ]
        return float(ir_measures.calc_aggregate([nDCG @ 10], self.judgements, run)[nDCG @ 10])


def prepare(source: Path, count: int, folder: Path) -> Data:
    """Takes `count` passages of a judged set in BEIR layout, those that questions ask for first."""
    judgements = _judgements(source)
    wanted = {judgement.doc_id for judgement in judgements}
    rows = [_cut(row) for row in _read(source / "corpus.jsonl")]
    rows.sort(key=lambda row: row["id"] not in wanted)
    here = {row["id"] for row in rows[:count]}
    judgements = [judgement for judgement in judgements if judgement.doc_id in here]
    asked = {judgement.query_id for judgement in judgements}
    questions = {
        row["_id"]: row["text"] for row in _read(source / "queries.jsonl") if row["_id"] in asked
    }
    files = folder / "passages.jsonl", folder / "more.jsonl"
    for file, part in zip(files, (rows[:count], rows[count:]), strict=True):
        file.write_text("".join(json.dumps(row) + "\n" for row in part), "utf-8")
    return Data(*files, len(rows[:count]), questions, judgements)


def _cut(row: Record) -> Record:
    text = " ".join(row["text"].split()[:WORDS])
    return {"id": row["_id"], "title": row["title"], "text": text}


def _judgements(source: Path) -> list[ir_measures.Qrel]:
    lines = next(source.glob("qrels/*.tsv")).read_text("utf-8").splitlines()[1:]
    return [ir_measures.Qrel(q, d, int(s)) for q, d, s in (line.split("\t") for line in lines)]


def _read(file: Path) -> list[Record]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
