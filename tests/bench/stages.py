"""Where the time of one question and of one added article goes: a bar of stages each.

    .venv/bin/python -m tests.bench.stages --data FOLDER [--plot docs/figures/stages.svg]

A real server over a copy of the corpus, one client, nothing else under way; the stages are those of
`/metrics`. What is neither within a stage nor on the way is "other".
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tests.bench.corpora import RETRIEVAL
from tests.bench.load import WARM_UP_SECONDS, ask, requests, serving
from tests.bench.over_http import call

ARTICLES, SECONDS = 200, 6.0
_LINE = re.compile(r'footnote_stage_seconds_sum{stage="(\w+)",work="(\w+)"} (\S+)')
# Storing and publishing are within the commit; the whole of a work is no stage of it.
WORKS = ("prepare", "commit")
Stages = dict[str, float]  # milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    with serving(given.data) as base:
        bars = {
            "a question, not reranked": asked(base, requests(rerank=False)),
            "a question": asked(base, requests()),
            "a question read fast": asked(base, requests(read="fast")),
            "a question read deep": asked(base, requests(read="deep")),
            "an article added": added(base),
        }
    for name, stages in bars.items():
        told = "  ".join(f"{stage} {ms:.2f}" for stage, ms in stages.items())
        print(f"{name}: {sum(stages.values()):.1f} ms  ({told})")
    if given.plot:
        draw(bars, given.plot)


def asked(base: str, questions: Sequence[bytes]) -> Stages:
    """Milliseconds of each stage of a question, as a client sees it."""
    asyncio.run(ask(base, questions, 1, WARM_UP_SECONDS))
    before = _seconds(base, ("ask",))
    took = asyncio.run(ask(base, questions, 1, SECONDS))
    after = _seconds(base, ("ask",))
    stages = {name: 1000 * (after[name] - before[name]) / len(took) for name in after}
    stages.pop("whole")
    seen = 1000 * sum(seconds for seconds, _ in took) / len(took)
    return stages | {"other": seen - sum(stages.values())}


def added(base: str) -> Stages:
    """Milliseconds of each stage of an article, added in a job; two batches go side by side."""
    lines = (RETRIEVAL / "scifact" / "corpus.jsonl").read_text("utf-8").splitlines()[:ARTICLES]
    texts = [json.loads(line)["text"] for line in lines]
    rows = [{"id": f"s{n}", "text": f"Once more. {text}"} for n, text in enumerate(texts)]
    body = "\n".join(json.dumps(row) for row in rows).encode()
    before, started = _seconds(base, WORKS), time.perf_counter()
    job = call(base, "/v1/articles", body, "application/x-ndjson")["id"]
    while call(base, f"/v1/jobs/{job}")["state"] != "done":
        time.sleep(0.1)
    took = time.perf_counter() - started
    after = _seconds(base, WORKS)
    stages = {
        name: 1000 * (after[name] - before.get(name, 0)) / ARTICLES
        for name in after
        if name != "whole"
    }
    print(f"{ARTICLES / took:.1f} articles added a second")
    return stages


def draw(bars: dict[str, Stages], path: Path) -> None:
    """Stacked bars, each as long as its time; the longest stages are named on them."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "footnote"})
    figure = Figure(figsize=(9, len(bars)))
    axes = figure.subplots()
    names = list(dict.fromkeys(stage for stages in bars.values() for stage in stages))
    colours = dict(zip(names, map(matplotlib.colormaps["tab20"], range(20)), strict=False))
    for row, stages in enumerate(bars.values()):
        at, whole = 0.0, sum(stages.values())
        for name, ms in stages.items():
            share = ms / whole
            axes.barh(row, share, left=at, color=colours[name], edgecolor="white")
            if share > 0.045:
                axes.text(
                    at + share / 2, row, f"{name}\n{ms:.1f}", ha="center", va="center", size=7
                )
            at += share
    labels = [f"{name}\n{sum(stages.values()):.1f} ms" for name, stages in bars.items()]
    axes.set_yticks(range(len(bars)), labels)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xticks([])
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def _seconds(base: str, works: tuple[str, ...]) -> dict[str, float]:
    with urllib.request.urlopen(f"{base}/metrics", timeout=30) as answer:
        lines = _LINE.findall(answer.read().decode())
    return {stage: float(seconds) for stage, work, seconds in lines if work in works}


if __name__ == "__main__":
    main()
