"""The race as a picture: a small chart of bars for each figure."""

from __future__ import annotations

from pathlib import Path

from tests.bench.peers.table import Rounds, medians, number

PANELS = {
    "add_per_s": "passages added/s (more is better)",
    "p50_ms": "question p50, ms (less is better)",
    "p99_ms": "question p99, ms (less)",
    "qps_1": "HTTP questions/s, 1 client (more)",
    "qps_8": "HTTP questions/s, 8 clients (more)",
    "qps_32": "HTTP questions/s, 32 clients (more)",
    "adding_p99_ms": "question p99 while adding, ms (less)",
    "resident_mib": "memory, MiB (less)",
    "cold_s": "cold start to first answer, s (less)",
}
OURS, THEIRS = "tab:blue", "0.7"


def draw(rounds: Rounds, file: Path) -> None:
    """Writes PNG or SVG, by the file's name; matplotlib comes with the dev extra."""
    import matplotlib

    matplotlib.use("agg")  # no display
    # Text stays text, and the same figures give the same file.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "footnote"})
    from matplotlib.figure import Figure

    found = medians(rounds)
    names = list(found)[::-1]  # the first on top
    figure = Figure(figsize=(12, 7.2), layout="constrained")
    panels = figure.subplots(3, 3, sharey=True).flat
    for axes, (key, title) in zip(panels, PANELS.items(), strict=True):
        values = [found[name].get(key, 0.0) for name in names]
        colors = [OURS if name.startswith("Footnote") else THEIRS for name in names]
        bars = axes.barh(names, values, color=colors)
        labels = [number(value) if value else "none" for value in values]
        axes.bar_label(bars, labels, fontsize=7, padding=2)
        axes.set_title(title, fontsize=9)
        axes.margins(x=0.2)
        axes.tick_params(labelsize=8)
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)
