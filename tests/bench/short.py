"""`make bench`: the speed of everything a user waits for, in under five minutes, as JSON.

    .venv/bin/python -m tests.bench [--record]

Machines differ and are shared, so beside each figure stands its ratio to a calibration loop that
ran right before and after it: the same work in NumPy and in plain Python every time. Ratios are
compared with those of the last recorded run (tests/bench/recorded.json), which `--record` replaces.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from embeddings.minilm.processor import cores, precision
from qa import Corpus
from qa.ingest import Limits, read_record
from qa.types import Depth
from tests.bench import load
from tests.bench.corpora import RETRIEVAL

RECORDED = Path(__file__).with_name("recorded.json")
ARTICLES = 600
SECONDS = 6.0  # of each load
STARTS = 3
ONE_BY_ONE = 12  # articles put and deleted
# How questions are asked: (the figures' name, put in order by interaction, how much is read).
WAYS: tuple[tuple[str, bool, Depth], ...] = (
    ("reranked", True, "off"),
    ("not reranked", False, "off"),
    ("read fast", True, "fast"),
    ("read deep", True, "deep"),
)
Figures = dict[str, dict[str, Any]]
# Larger is better for these units; for all others smaller.
RATES = ("passages/s", "questions/s")


@dataclass(slots=True)
class Bench:
    """Figures as they come, each with what the machine did beside it."""

    figures: Figures

    def take(self, name: str, unit: str, measure: Callable[[], float]) -> None:
        before = calibration()
        value = measure()
        seconds = (before + calibration()) / 2
        ratio = value * seconds if unit in RATES else value / seconds
        self.figures[name] = {"value": round(value, 4), "unit": unit, "ratio": round(ratio, 4)}
        print(f"{name}: {value:.4g} {unit}", file=sys.stderr)


def main() -> None:
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else None
    found: dict[str, Any] = {
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "figures": measured(),
    }
    if recorded:
        compare(found["figures"], recorded["figures"])
        found["compared_with"] = {name: recorded[name] for name in ("date", "machine")}
    print(json.dumps(found, indent=1))
    if "--record" in sys.argv:
        found.pop("compared_with", None)
        for figure in found["figures"].values():
            figure.pop("to_recorded", None)
        RECORDED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def measured() -> Figures:
    bench = Bench({})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "corpus"
        bench.take("adding", "passages/s", lambda: _added(folder))
        for name, value in _starts(folder).items():
            bench.take(name, "s", value)
        with load.serving(folder) as base:
            for way, rerank, read in WAYS:
                _questions(bench, base, way, load.requests(rerank=rerank, read=read))
            _articles(bench, base)
    return bench.figures


def calibration() -> float:
    """Seconds for a fixed piece of work, a fifth of it in plain Python; the best of three."""
    numbers = np.random.default_rng(0).standard_normal((512, 512), np.float32)

    def work() -> float:
        started = time.perf_counter()
        product = numbers
        for _ in range(40):
            product = np.tanh(product @ numbers / 512)
        sum(n * n for n in range(200_000))
        return time.perf_counter() - started

    return min(work() for _ in range(3))


def compare(figures: Figures, recorded: Figures) -> None:
    """Adds `to_recorded`: the ratio over the recorded one, above 1 where it got better."""
    for name, figure in figures.items():
        if name in recorded and figure["ratio"] and recorded[name]["ratio"]:
            change = figure["ratio"] / recorded[name]["ratio"]
            better = change if figure["unit"] in RATES else 1 / change
            figure["to_recorded"] = round(better, 3)


def machine() -> str:
    """
    >>> machine().split(",")[0] == f"{cores()} cores"
    True
    """
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        lines = described.read_text("utf-8").splitlines()
        names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = names[0] if names else model
    return f"{cores()} cores, {model}, {precision()}, Python {platform.python_version()}"


def _added(folder: Path) -> float:
    lines = (RETRIEVAL / "scifact" / "corpus.jsonl").read_text("utf-8").splitlines()[:ARTICLES]
    rows = [json.loads(line) for line in lines]
    documents = [
        read_record(
            {"id": row["_id"], "title": row["title"], "text": row["text"]},
            origin=row["_id"],
            limits=Limits(),
        )
        for row in rows
    ]
    encoder = embeddings.load()
    encoder.encode_passages(["warm"] * 8)
    with Corpus.open(folder, encoder=encoder) as corpus:
        started = time.perf_counter()
        passages = sum(outcome.passages for outcome in corpus.add(documents))
        return passages / (time.perf_counter() - started)


def _starts(folder: Path) -> dict[str, Callable[[], float]]:
    qa = str(Path(sys.executable).parent / "qa")

    def command(*arguments: str) -> Callable[[], float]:
        def run() -> float:
            started = time.perf_counter()
            subprocess.run([qa, *arguments], check=True, capture_output=True, timeout=120)
            return time.perf_counter() - started

        return lambda: float(np.median([run() for _ in range(STARTS)]))

    def ready() -> float:
        started = time.perf_counter()
        with load.serving(folder):
            return time.perf_counter() - started

    return {
        "start, qa --help": command("--help"),
        "start, qa ask": command("ask", "What guides ships?", "--data", str(folder)),
        "start, qa serve until ready": lambda: float(np.median([ready() for _ in range(STARTS)])),
    }


def _questions(bench: Bench, base: str, way: str, asked: Sequence[bytes]) -> None:
    asyncio.run(load.ask(base, asked, 1, load.WARM_UP_SECONDS))
    took: dict[int, load.Figures] = {}

    def figure(clients: int, name: str) -> float:
        if clients not in took:
            took[clients] = load.measured(base, asked, clients, SECONDS)
        return float(getattr(took[clients], name))

    bench.take(f"question, {way}, p50", "ms", lambda: figure(1, "p50"))
    bench.take(f"question, {way}, p99", "ms", lambda: figure(1, "p99"))
    bench.take(f"32 clients, {way}", "questions/s", lambda: figure(32, "rate"))


def _articles(bench: Bench, base: str) -> None:
    def each(method: str) -> Iterator[float]:
        for number in range(ONE_BY_ONE):
            body = json.dumps({"id": f"one-{number}", "text": f"Ship {number} is guided in."})
            path = "/v1/articles" if method == "POST" else f"/v1/articles/one-{number}"
            request = urllib.request.Request(
                base + path,
                body.encode() if method == "POST" else None,
                {"Content-Type": "application/json"},
                method=method,
            )
            started = time.perf_counter()
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
            yield 1000 * (time.perf_counter() - started)

    bench.take("article added, p50", "ms", lambda: float(np.median(list(each("POST")))))
    bench.take("article deleted, p50", "ms", lambda: float(np.median(list(each("DELETE")))))


if __name__ == "__main__":
    main()
