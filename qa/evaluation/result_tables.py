"""Figures -> tables for the terminal: a row for each configuration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

# The columns: their headings, and where the figure is.
COLUMNS = {
    "nDCG@10": "ndcg@10",
    "R@20": "recall@20",
    "R@100": "recall@100",
    "MRR@10": "mrr@10",
    "first": "success@1",
    "first 3": "success@3",
    "sentence": "sentence",
    "in place": "sentence_in_place",
    "words F1": "words_f1",
    "exact": "words_exact",
}
ABSTENTION = {"AUROC": "auroc", "right": "right", "ECE": "ece"}
_WIDTH = 9


def table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Lines for one judged set; only the columns that it has figures for."""
    first = rows[0]
    shown = {heading: name for heading, name in COLUMNS.items() if name in first}
    abstention = ABSTENTION if first["abstention"] else {}
    yield f"{first['name']}: {first['questions']} questions, {first['articles']} articles"
    yield _line("", [*shown, *abstention, "p50 ms", "p99 ms"])
    for row in rows:
        figures = [row.get(name) for name in shown.values()]
        figures += [row["abstention"][name] for name in abstention.values()]
        cells = ["" if figure is None else f"{figure:.3f}" for figure in figures]
        yield _line(row["mode"], [*cells, *(f"{row[f'ask_p{p}_ms']:.0f}" for p in (50, 99))])
    yield from _notes(rows)


def _notes(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What was left out, and which differences are more than chance."""
    first = rows[0]
    if first["refused"]:
        yield f"{first['refused']} articles could not be read."
    if first["left_out"]:
        yield (
            f"{first['left_out']} questions were left out: nobody judged them, or they are not "
            "there."
        )
    for row in rows[1:]:
        for name in ("ndcg@10", "sentence"):
            found = row.get("compared", {}).get(name)
            if found:
                yield (
                    f"{row['mode']} against {first['mode']}, {name}: {found['difference']:+.3f} "
                    f"(95 %: {found['low']:+.3f} to {found['high']:+.3f})"
                )


def _line(name: str, cells: Sequence[str]) -> str:
    return f"{name:<{_WIDTH}}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)
