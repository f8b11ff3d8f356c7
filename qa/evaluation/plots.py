"""Figures -> pictures: bars for each set, risk over coverage, confidence against what came true.

matplotlib draws them; it is an extra (`pip install 'footnote-qa[plots]'`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from qa.errors import InvalidInput

FORMATS = ("svg", "png")
# A share of fewer questions than this is chance.
FEW = 5
Rows = Sequence[dict[str, Any]]


def draw(results: Rows, folder: Path, kind: str = "svg") -> list[Path]:
    """Writes ndcg, risk-coverage and calibration into the folder; gives the paths of the files.

    Raises InvalidInput when matplotlib is not there, or the folder cannot be written to.
    """
    if kind not in FORMATS:
        raise InvalidInput(f"format is {kind!r}; give svg or png", code="invalid_format")
    try:
        import matplotlib
    except ImportError as error:
        raise InvalidInput(
            "plots need matplotlib: pip install 'footnote-qa[plots]'", code="no_matplotlib"
        ) from error
    matplotlib.use("agg")  # no display
    # Text stays text, and the same figures give the same file.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "footnote"})
    drawn = {"ndcg": _bars(results)}
    # Of many sets, the first mode alone: twenty curves show nothing.
    several = len({row["name"] for row in results}) > 1
    abstaining = [
        row
        for row in results
        if row["abstention"] and (not several or row["mode"] == results[0]["mode"])
    ]
    if abstaining:
        drawn |= {"risk-coverage": _risk(abstaining), "calibration": _calibration(abstaining)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, figure in drawn.items():
            metadata = {"Date": None} if kind == "svg" else None
            figure.savefig(folder / f"{name}.{kind}", metadata=metadata, bbox_inches="tight")
    except OSError as error:
        raise InvalidInput(
            f"cannot write to {folder}: {error.strerror}", code="unwritable"
        ) from error
    return [folder / f"{name}.{kind}" for name in drawn]


def _bars(results: Rows) -> Any:
    names = list(dict.fromkeys(row["name"] for row in results))
    modes = list(dict.fromkeys(row["mode"] for row in results))
    figure, axes = _figure(len(names) * 1.4 + 1)
    width = 0.8 / len(modes)
    for number, mode in enumerate(modes):
        found = {row["name"]: row.get("ndcg@10", 0.0) for row in results if row["mode"] == mode}
        at = [i + (number - (len(modes) - 1) / 2) * width for i in range(len(names))]
        bars = axes.bar(at, [found.get(name, 0.0) for name in names], width, label=mode)
        axes.bar_label(bars, fmt="%.3f", fontsize=6, rotation=90, padding=2)
    axes.set_xticks(range(len(names)), names)
    axes.set_ylim(0, 1.12)
    axes.set_ylabel("nDCG@10")
    axes.legend(ncols=len(modes), loc="lower left", bbox_to_anchor=(0, 1), fontsize=8)
    return figure


def _risk(results: Rows) -> Any:
    figure, axes = _figure(5)
    for row in results:
        curve = row["abstention"]["risk_coverage"]
        axes.plot([p["coverage"] for p in curve], [p["risk"] for p in curve], label=_label(row))
    axes.set_xlabel("coverage: share of the questions, the most confident first")
    axes.set_ylabel("risk: share of them not answered rightly")
    axes.set_ylim(0)
    _legend(axes)
    return figure


def _calibration(results: Rows) -> Any:
    figure, axes = _figure(5)
    axes.plot([0, 1], [0, 1], color="0.7", linestyle="--")
    for row in results:
        bins = [b for b in row["abstention"]["calibration"] if b["questions"] >= FEW]
        xs, ys = [b["confidence"] for b in bins], [b["right"] for b in bins]
        axes.plot(xs, ys, marker="o", markersize=3, label=_label(row))
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that was answered")
    _legend(axes)
    return figure


def _legend(axes: Any) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)


def _label(row: dict[str, Any]) -> str:
    return f"{row['name']}, {row['mode']}"


def _figure(width: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, 3.6))
    return figure, figure.subplots()
