"""Medians over the rounds, beside what Footnote has: a Markdown table and what to read into it."""

from __future__ import annotations

from statistics import median
from typing import Any

Rounds = list[dict[str, dict[str, Any]]]  # one for each round: way -> figures

ROWS = {
    "add_per_s": "passages added/s",
    "p50_ms": "question p50, ms",
    "p99_ms": "question p99, ms",
    "resident_mib": "memory, MiB",
    "peak_mib": "memory at most, MiB",
    "cold_s": "cold start to first answer, s",
    "qps_1": "HTTP, 1 client: questions/s",
    "qps_8": "HTTP, 8 clients: questions/s",
    "qps_32": "HTTP, 32 clients: questions/s",
    "http_1_p50_ms": "HTTP, 1 client: p50, ms",
    "http_1_p99_ms": "HTTP, 1 client: p99, ms",
    "http_8_p99_ms": "HTTP, 8 clients: p99, ms",
    "http_32_p99_ms": "HTTP, 32 clients: p99, ms",
    "adding_p50_ms": "p50 while adding, ms",
    "adding_p99_ms": "p99 while adding, ms",
    "adding_per_s": "added/s meanwhile",
    "http_cold_s": "server: cold start to first answer, s",
    "http_mib": "server: memory, MiB",
    "ndcg": "nDCG@10 of these answers",
}
PLAIN = ("ndcg",)  # given without a ratio
NOISE = 0.2  # cores that others may use before it is said


def medians(rounds: Rounds) -> dict[str, dict[str, float]]:
    """way -> figure -> median over the rounds that have it."""
    ways = dict.fromkeys(way for figures in rounds for way in figures)
    return {way: _medians([figures.get(way, {}) for figures in rounds]) for way in ways}


def table(rounds: Rounds) -> str:
    """Each cell with its ratio to the first column."""
    found = medians(rounds)
    ways = list(found)
    broken = {way for figures in rounds for way, row in figures.items() if "error" in row}
    lines = [["", *ways]]
    for key, label in ROWS.items():
        if any(key in found[way] for way in ways):
            cells = [_cell(found[way].get(key), key, way in broken) for way in ways]
            base = found[ways[0]].get(key)
            ratios = [_ratio(found[way].get(key), base, key) for way in ways[1:]]
            lines.append([label, *map(str.__add__, cells, ["", *ratios])])
    return _aligned(lines)


def number(value: float) -> str:
    """Three figures or so."""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def notes(rounds: Rounds) -> list[str]:
    """What went wrong, what was refused or failed under load, and where others disturbed."""
    said = []
    for count, figures in enumerate(rounds, 1):
        for way, row in figures.items():
            if "error" in row:
                said.append(f"round {count}: {way} failed: {row['error']}")
            for key, value in row.items():
                kind, _, where = key.partition("_")
                if kind in ("refused", "failed") and value:
                    during = "while adding" if where == "adding" else f"with {where} clients"
                    said.append(f"round {count}: {way}: {value} requests {kind} {during}")
            if (others := row.get("elsewhere", 0.0)) > NOISE:
                said.append(f"round {count}: {way}: other processes used {others:.1f} cores")
    return said


def _medians(rows: list[dict[str, Any]]) -> dict[str, float]:
    found = {key: [row[key] for row in rows if key in row] for key in ROWS}
    return {key: median(values) for key, values in found.items() if values}


def _cell(value: float | None, key: str, broken: bool) -> str:
    if value is None:
        return "failed" if broken else "–"
    return f"{value:.3f}" if key == "ndcg" else number(value)


def _ratio(value: float | None, base: float | None, key: str) -> str:
    return f" ({value / base:.2f}×)" if value and base and key not in PLAIN else ""


def _aligned(lines: list[list[str]]) -> str:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    rule = ["-" * width for width in widths]
    rows = [lines[0], rule, *lines[1:]]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )
