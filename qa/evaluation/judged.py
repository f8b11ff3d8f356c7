"""Judged questions from files.

- BEIR layout, a folder: `corpus.jsonl` ({_id, title, text}), `queries.jsonl` ({_id, text}) and
  `qrels/*.tsv` (query-id, corpus-id, score). Queries may carry `answers` or `facts` (texts; the
  supporting sentence should hold one of them, and its words be one of the `answers`) and
  `is_impossible`.
- A folder of articles with `questions.jsonl` ({question, answerable, evidence: [{article_id or
  document, quote}]}) or `questions.csv` beside them.
- `questions.csv` or `.jsonl` alone, for a corpus that is there already. A CSV has the columns
  `question`, and `article` (an id) or `quote` or both; a question with neither has no answer.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.errors import InvalidInput

COLUMNS = ("question", "article", "quote")


@dataclass(frozen=True, slots=True)
class Expected:
    """An article that answers, or the very words of it that do."""

    article: str | None  # an id; None: wherever the quote stands
    quote: str | None = None
    grade: int = 1


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question and what a good answer to it is."""

    id: str
    text: str
    expected: tuple[Expected, ...] = ()
    golds: tuple[str, ...] = ()  # the supporting sentence should hold one of these, or be in one
    answerable: bool = True
    answers: tuple[str, ...] = ()  # the words that answer should be one of these


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Questions, and the articles that they are asked of."""

    name: str
    questions: tuple[JudgedQuestion, ...]
    articles: tuple[Path, ...]  # empty: those of the corpus at hand
    strict: bool = True  # every expected article should be there; in BEIR sets some may be refused
    left_out: int = 0  # questions that nobody judged, and judgements of no question that is here


def read_set(path: Path) -> JudgedSet:
    """The judged set in a folder or file.

    Raises InvalidInput when it is nothing of the above, and says what is missing.
    """
    if path.is_file():
        return JudgedSet(path.stem, tuple(_questions(path)), ())
    if not path.is_dir():
        raise InvalidInput(f"there is no folder or file {path}", code="not_found")
    for name in ("questions.jsonl", "questions.csv"):
        if (path / name).is_file():
            return JudgedSet(path.resolve().name, tuple(_questions(path / name)), (path,))
    return _beir(path)


def unanswerable(questions: tuple[JudgedQuestion, ...]) -> tuple[JudgedQuestion, ...]:
    """The questions without what was expected, for a corpus that is about something else."""
    return tuple(replace(q, expected=(), golds=(), answerable=False, answers=()) for q in questions)


# --- questions.csv, questions.jsonl -------------------------------------------------------------


def _questions(path: Path) -> list[JudgedQuestion]:
    read = {".csv": _from_csv, ".jsonl": _from_jsonl}.get(path.suffix.lower())
    if read is None:
        raise InvalidInput(
            f"{path} is neither a folder, a .csv nor a .jsonl: see docs/evaluation.md",
            code="not_judged",
        )
    found = list(read(path, _text(path)))
    if not found:
        raise InvalidInput(f"{path} has no question", code="not_judged")
    return found


def _from_csv(path: Path, text: str) -> Iterator[JudgedQuestion]:
    rows = _csv_rows(path, text)
    for row in rows:
        question, article, quote = ((row.get(name) or "").strip() for name in COLUMNS)
        expected = (Expected(article or None, quote or None),) if article or quote else ()
        if question:
            yield JudgedQuestion(f"line {rows.line_num}", question, expected, (), bool(expected))
        elif expected:
            raise InvalidInput(f"{path}, line {rows.line_num}: no question", code="not_judged")


def _csv_rows(path: Path, text: str) -> csv.DictReader[str]:
    """The rows by the names of their columns, which are in small letters."""
    header = text.partition("\n")[0]
    # A spreadsheet whose decimals have a comma separates with semicolons.
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip().lower() for name in rows.fieldnames or []]
    if "question" not in names or not {"article", "quote"} & set(names):
        raise InvalidInput(
            f"{path} has the columns {', '.join(names) or '(none)'}; it needs “question”, and "
            "“article” (an id) or “quote” (the exact words that answer) or both",
            code="not_judged",
        )
    rows.fieldnames = names
    return rows


def _from_jsonl(path: Path, text: str) -> Iterator[JudgedQuestion]:
    for number, row in _lines(path, text):
        try:
            evidence = [
                Expected(e.get("article_id") or Path(e["document"]).stem, e.get("quote"))
                for e in row.get("evidence") or []
            ]
            answerable = bool(row.get("answerable", evidence))
            yield JudgedQuestion(
                str(row.get("id", f"line {number}")),
                row["question"],
                tuple(evidence) if answerable else (),
                tuple(e.quote for e in evidence if e.quote) if answerable else (),
                answerable,
            )
        except (KeyError, AttributeError, TypeError) as error:
            raise InvalidInput(
                f"{path}, line {number}: it needs “question” and “evidence”, a list of "
                "{“article_id”, “quote”}",
                code="not_judged",
            ) from error


# --- BEIR ---------------------------------------------------------------------------------------


def _beir(folder: Path) -> JudgedSet:
    for name in ("corpus.jsonl", "queries.jsonl"):
        if not (folder / name).is_file():
            raise InvalidInput(
                f"{folder} is not in BEIR layout: it has no {name} (and no questions.csv or "
                "questions.jsonl either)",
                code="not_beir",
            )
    judged = _judgements(folder)
    path = folder / "queries.jsonl"
    rows = [_named(path, number, row) for number, row in _lines(path, _text(path))]
    known = {str(row["_id"]) for row in rows}
    if not known & judged.keys():
        raise InvalidInput(
            f"{folder} has no judgement of a question in queries.jsonl", code="not_beir"
        )
    silent = [r for r in rows if str(r["_id"]) not in judged and "is_impossible" not in r]
    # A set may say by silence that nothing answers a question. One that says nothing of most of
    # them has judged another split of them elsewhere.
    left_out = {str(row["_id"]) for row in silent} if 2 * len(silent) > len(rows) else set()
    questions = tuple(
        _query(row, judged.get(str(row["_id"]), {}))
        for row in rows
        if str(row["_id"]) not in left_out
    )
    return JudgedSet(
        folder.resolve().name,
        questions,
        (folder / "corpus.jsonl",),
        strict=False,
        left_out=len(left_out) + len(judged.keys() - known),
    )


def _query(row: dict[str, Any], judged: dict[str, int]) -> JudgedQuestion:
    impossible = row.get("is_impossible", not judged)
    answers = () if impossible else tuple(row.get("answers") or ())
    facts = () if impossible else tuple(row.get("facts") or ())
    return JudgedQuestion(
        str(row["_id"]),
        row["text"],
        tuple(Expected(article, None, grade) for article, grade in judged.items()),
        facts or answers,
        not impossible,
        answers,
    )


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Article -> grade for each question that has a relevant one."""
    judged: dict[str, dict[str, int]] = {}
    for path in sorted(folder.glob("qrels/*.tsv")):
        for number, line in enumerate(_text(path).splitlines()[1:], 2):
            row = line.split("\t")
            if len(row) == 3 and row[2].strip().lstrip("-").isdecimal():
                if int(row[2]) > 0:
                    judged.setdefault(row[0], {})[row[1]] = int(row[2])
            elif line.strip():
                raise InvalidInput(
                    f"{path}, line {number}: it needs query-id, corpus-id and a whole number, "
                    "separated by tabs",
                    code="not_beir",
                )
    if not judged:
        raise InvalidInput(f"{folder} has no judgements in qrels/*.tsv", code="not_beir")
    return judged


def _named(path: Path, number: int, row: Any) -> dict[str, Any]:
    if not (isinstance(row, dict) and "_id" in row and isinstance(row.get("text"), str)):
        raise InvalidInput(f"{path}, line {number}: it needs “_id” and “text”", code="not_beir")
    return row


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{path} is not UTF-8: save it as UTF-8 (spreadsheets: “CSV UTF-8”)", code="not_judged"
        ) from error


def _lines(path: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    # Not splitlines: a JSON string may hold a line separator of Unicode's.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                raise InvalidInput(
                    f"{path}, line {number}: not valid JSON: {error}", code="not_judged"
                ) from error
