"""How a server stands up to many clients: alone, while articles are added, and beyond its capacity.

    .venv/bin/python -m tests.bench.load --data FOLDER [--clients 1 8 32] [--seconds 8]
        [--no-rerank] [--read deep] [--adding] [--overload] [--json]

A real `qa serve` over a copy of a corpus; the questions are those of the judged sets. The client
shares the machine with the server, so it does as little as it can: requests are formatted
beforehand, and of an answer only the status and the length are looked at.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, get_args

import numpy as np

from qa.types import Depth
from tests.bench.corpora import REPORTED, RETRIEVAL
from tests.bench.over_http import call

WARM_UP_SECONDS = 2.0
PART = 100  # articles in one job
QUEUED = 4  # jobs, so that there is always one to be worked on
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_STAGE = re.compile(r'footnote_stage_seconds_sum{stage="(\w+)",work="ask"} (\S+)')
_PROCESSOR = "process_cpu_seconds_total"


@dataclass(slots=True)
class Figures:
    """What clients saw. Milliseconds."""

    clients: int
    rate: float = 0.0  # answers a second, refusals left out
    p50: float = 0.0
    p99: float = 0.0
    longest: float = 0.0
    refused: float = 0.0  # share
    processor: float = 0.0  # the server's, of each question
    stages: dict[str, float] = field(default_factory=dict)  # milliseconds of each question

    def __str__(self) -> str:
        return (
            f"{self.clients:4} clients  {self.rate:7.1f}/s  p50 {self.p50:7.1f}  "
            f"p99 {self.p99:7.1f}  max {self.longest:7.1f} ms  cpu {self.processor:5.1f} ms  "
            f"503: {self.refused:.1%}"
        )


def main() -> None:
    given = _arguments()
    report: dict[str, Any] = {}
    with serving(given.data) as base:
        asked = requests(rerank=given.rerank, read=given.read)
        asyncio.run(ask(base, asked, 1, WARM_UP_SECONDS))
        report["idle"] = [_told("", base, asked, n, given.seconds) for n in given.clients]
        if given.adding:
            with adding(base) as added:
                report["adding"] = [
                    _told("adding", base, asked, n, given.seconds) for n in given.clients
                ]
            report["added_per_second"] = round(added.rate, 1)
            print(f"{added.rate:.1f} articles added a second", file=sys.stderr)
        if given.overload:
            most = max(figures["rate"] for figures in report["idle"])
            figures = measured(base, asked, 0, given.seconds, rate=2 * most)
            print(f"{2 * most:.0f}/s asked ", figures, file=sys.stderr)
            report["overload"] = asdict(figures)
    if given.json:
        print(json.dumps(report, indent=1))


def measured(
    base: str, asked: Sequence[bytes], clients: int, seconds: float, rate: float | None = None
) -> Figures:
    """So many clients, each asking again once it is answered; or questions at a fixed rate."""
    before, started = _metrics(base), time.perf_counter()
    if rate is None:
        took = asyncio.run(ask(base, asked, clients, seconds))
    else:
        took = asyncio.run(ask_at(base, asked, rate, seconds))
    passed = time.perf_counter() - started
    after = _metrics(base)
    accepted = np.array([t for t, status in took if status == 200]) * 1000
    figures = Figures(clients, refused=round(1 - len(accepted) / max(1, len(took)), 4))
    if len(accepted):
        p50, p99 = np.percentile(accepted, [50, 99]).tolist()
        figures.rate = round(len(accepted) / passed, 1)
        figures.p50, figures.p99 = round(p50, 2), round(p99, 2)
        figures.longest = round(float(accepted.max()), 2)
        spent = {name: 1000 * (after[name] - before.get(name, 0.0)) for name in after}
        of_each = {name: round(ms / len(accepted), 3) for name, ms in spent.items()}
        figures.processor = of_each.pop(_PROCESSOR)
        figures.stages = of_each
    return figures


async def ask(
    base: str, asked: Sequence[bytes], clients: int, seconds: float
) -> list[tuple[float, int]]:
    """(seconds, status) of each, until the time is over."""
    until, took = time.perf_counter() + seconds, list[tuple[float, int]]()
    questions = cycle(asked)

    async def client() -> None:
        async with _connection(base) as connection:
            for question in questions:
                if time.perf_counter() > until:
                    return
                started = time.perf_counter()
                status = await connection.status_of(question)
                took.append((time.perf_counter() - started, status))
                if status == 503:  # a client that is told to come back does not do so at once
                    await asyncio.sleep(0.05)

    await asyncio.gather(*(client() for _ in range(clients)))
    return took


async def ask_at(
    base: str, asked: Sequence[bytes], rate: float, seconds: float
) -> list[tuple[float, int]]:
    """Whatever becomes of the questions before: each is asked when its time has come."""
    took, idle, pending = list[tuple[float, int]](), list[_Connection](), set[asyncio.Task[None]]()

    async def one(question: bytes, due: float) -> None:
        connection = idle.pop() if idle else await _Connection.to(base)
        status = await connection.status_of(question)
        took.append((time.perf_counter() - due, status))
        idle.append(connection)

    started = time.perf_counter()
    for number, question in zip(range(int(rate * seconds)), cycle(asked), strict=False):
        due = started + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        pending.add(task := asyncio.create_task(one(question, due)))
        task.add_done_callback(pending.discard)
    await asyncio.gather(*pending)
    for connection in idle:
        connection.close()
    return took


class _Connection:
    """HTTP/1.1, kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, base: str) -> _Connection:
        port = int(base.rpartition(":")[2])
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def status_of(self, request: bytes) -> int:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        assert length, head
        await self._reader.readexactly(int(length[1]))
        return int(head[9:12])

    def close(self) -> None:
        self._writer.close()


class _connection:
    def __init__(self, base: str) -> None:
        self._base = base

    async def __aenter__(self) -> _Connection:
        self._made = await _Connection.to(self._base)
        return self._made

    async def __aexit__(self, *_: object) -> None:
        self._made.close()


def requests(*, rerank: bool = True, read: Depth = "off") -> list[bytes]:
    """The judged sets' questions by turns, each as a whole request."""
    sets = [_lines(RETRIEVAL / name / "queries.jsonl") for name in REPORTED]
    texts = [
        row["text"] for rows in zip(*(rows[:300] for rows in sets), strict=False) for row in rows
    ]
    found = []
    for text in texts:
        body = json.dumps({"question": text, "rerank": rerank, "read": read}).encode()
        head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}"
        found.append(f"{head}\r\nContent-Type: application/json\r\n\r\n".encode() + body)
    return found


@dataclass(slots=True)
class Added:
    """How many articles were added, and how fast."""

    articles: int = 0
    rate: float = 0.0


@contextmanager
def adding(base: str) -> Iterator[Added]:
    """Adds articles without pause: the next job is sent while one is under way."""
    added, stop = Added(), threading.Event()
    rows = _lines(RETRIEVAL / "scifact" / "corpus.jsonl")
    # A sentence of its own, so that no text is known already.
    texts = (f"Copy {n} of an abstract. {row['text']}" for n, row in enumerate(cycle(rows)))
    ids = (f"load-{os.getpid()}-{n}" for n, _ in enumerate(cycle("x")))

    def send() -> str:
        lines = [json.dumps({"id": next(ids), "text": next(texts)}) for _ in range(PART)]
        body = "\n".join(lines).encode()
        return str(call(base, "/v1/articles", body, "application/x-ndjson")["id"])

    def done(job: str) -> int:
        return int(call(base, f"/v1/jobs/{job}")["done"])

    def run() -> None:
        started, jobs = time.perf_counter(), [send() for _ in range(QUEUED)]
        while not stop.wait(0.2):
            if done(jobs[-QUEUED]) == PART:
                jobs.append(send())
        added.articles = sum(done(job) for job in jobs)
        added.rate = added.articles / (time.perf_counter() - started)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield added
    finally:
        stop.set()
        thread.join(60)


@contextmanager
def serving(data: Path) -> Iterator[str]:
    """A server over a copy of a corpus; gives its address once it is ready."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "corpus"
        shutil.copytree(data, folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).parent / "qa"), "serve", "--port", str(port)]
        with (Path(temporary) / "log").open("w") as log:
            server = subprocess.Popen(
                [*command, "--data", str(folder)], stdout=subprocess.DEVNULL, stderr=log
            )
            try:
                yield _ready(server, f"http://127.0.0.1:{port}")
            finally:
                server.terminate()
                server.wait(60)


def _ready(server: subprocess.Popen[bytes], base: str) -> str:
    for _ in range(1200):
        if server.poll() is not None:
            raise SystemExit("the server stopped before it was ready")
        try:
            call(base, "/health/ready")
            return base
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not become ready")


def _told(name: str, base: str, asked: Sequence[bytes], n: int, seconds: float) -> dict[str, Any]:
    figures = measured(base, asked, n, seconds)
    print(f"{name:8}{figures}", file=sys.stderr)
    if figures.stages:
        told = (f"{stage} {ms:.2f}" for stage, ms in figures.stages.items())
        print(f"{'':13}{'  '.join(told)}", file=sys.stderr)
    return asdict(figures)


def _metrics(base: str) -> dict[str, float]:
    """Seconds by stage of a question, and those of the server's processor."""
    with urllib.request.urlopen(f"{base}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    [processor] = re.findall(rf"^{_PROCESSOR} (\S+)", text, re.MULTILINE)
    stages = {stage: float(seconds) for stage, seconds in _STAGE.findall(text)}
    return {_PROCESSOR: float(processor), **stages}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="A corpus; a copy is served.")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rerank", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--read", choices=get_args(Depth), default="off")
    parser.add_argument("--adding", action="store_true", help="The same while articles are added.")
    parser.add_argument("--overload", action="store_true", help="Twice the questions it can take.")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
