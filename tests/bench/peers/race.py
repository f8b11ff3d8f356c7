"""One contestant, one round: all its figures, in fresh processes over an empty folder."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.peers.data import Data, Record
from tests.bench.peers.entrants import Entrant
from tests.bench.peers.load import Answers, Send, load, load_while, once
from tests.bench.peers.processes import Contestant, Failed, child, contestant, resident, tail
from tests.bench.peers.servers import CONTESTANTS, Chroma, Server

CLIENTS = (1, 8, 32)
BATCH = 64
# Asking while adding lasts so many times as long as a load: batches take seconds.
ADDING = 2
WARMING_QUESTIONS, WARMING_SECONDS = 10, 1.0
ADD_SECONDS, START_SECONDS = 1800, 180

Figures = dict[str, Any]


@dataclass(slots=True)
class Race:
    """`figures` fills up way by way, so that what was measured before a failure is kept."""

    entrant: Entrant
    python: Path
    model: Path
    data: Data
    folder: Path
    seconds: float  # of each load
    figures: dict[str, Figures] = field(init=False)

    def __post_init__(self) -> None:
        self.figures = {way: {} for way in self.entrant.ways}
        self.folder.mkdir()

    @property
    def index(self) -> Path:
        return self.folder / "index"

    def run(self) -> None:
        self._in_process()
        if self.entrant.server is Chroma:
            self._chroma()
        elif self.entrant.server is not None:
            self._served(self.entrant.server)

    # --- the library, in its own process -------------------------------------------------------

    def _in_process(self) -> None:
        with self._library() as library:
            self._open(library)
            seconds = library.do("add", file=str(self.data.passages), timeout=ADD_SECONDS)
            self._all(add_per_s=self.data.count / seconds)
            for way, options in self.entrant.ways.items():
                library.do("ask", questions=self.data.texts[:WARMING_QUESTIONS], **options)
                asked = library.do("ask", questions=self.data.texts, timeout=ADD_SECONDS, **options)
                self.figures[way] |= _latency(asked["ms"]) | {"ms": _rounded(asked["ms"])}
                self.figures[way]["ndcg"] = self.data.ndcg(asked["found"])
            self._all(resident_mib=library.resident, peak_mib=library.peak)
        started = time.perf_counter()
        with self._library() as library:
            self._open(library)
            library.do("ask", questions=self.data.texts[:1])
            self._all(cold_s=time.perf_counter() - started)
            if self.entrant.server is None:
                self._add_in_process(library)

    def _add_in_process(self, library: Contestant) -> None:
        library.do("ask", questions=self.data.texts[:WARMING_QUESTIONS])
        options: dict[str, Any] = {"questions": self.data.texts, "file": str(self.data.more)}
        both = library.do("ask_while_adding", seconds=ADDING * self.seconds, **options)
        adding = both["adding"]["added"] / both["adding"]["seconds"]
        self._all(**_latency(both["asking"]["ms"], "adding_"), adding_per_s=adding)

    # --- its server ----------------------------------------------------------------------------

    def _served(self, kind: type[Server]) -> None:
        server = kind(self.python, self.model, self.index, _free_port())
        started = time.perf_counter()
        log = self.folder / "server.log"
        with child(server.command(), self.folder, log, server.environment()) as process:
            first = server.question(self.data.texts[0])
            _wait(lambda: once(server.port, first) == 200, process, log)
            self._all(http_cold_s=time.perf_counter() - started)
            for way, options in self.entrant.ways.items():
                requests = [server.question(text, **options) for text in self.data.texts]
                load(server.port, requests, 1, WARMING_SECONDS)
                for clients in CLIENTS:
                    answers = load(server.port, requests, clients, self.seconds)
                    self.figures[way] |= _load(answers, clients)
            self._all(http_mib=resident(process.pid))
            self._add_over_http(server)

    def _add_over_http(self, server: Server) -> None:
        rows = [json.loads(line) for line in self.data.more.read_text("utf-8").splitlines()]
        for way, options in self.entrant.ways.items():
            requests = [server.question(text, **options) for text in self.data.texts]
            adding = _Adding(server, rows, ADDING * self.seconds)
            answers, added = load_while(server.port, requests, adding.work)
            rows = rows[added:]
            latency = _latency(answers.ms, "adding_")
            self.figures[way] |= {**latency, "adding_per_s": added / answers.seconds}
            counts = {"refused_adding": answers.refused, "failed_adding": answers.failed}
            self.figures[way] |= counts

    # --- chroma: its clients embed, so contestant processes are the clients ---------------------

    def _chroma(self) -> None:
        server = Chroma(self.python, self.model, self.index, _free_port())
        log = self.folder / "server.log"
        started = time.perf_counter()
        with child(server.command(), self.folder, log) as process, self._library() as client:
            _wait(lambda: once(server.port, server.alive) == 200, process, log)
            client.do("open", model=str(self.model), port=server.port)
            client.do("ask", questions=self.data.texts[:1])
            self._all(http_cold_s=time.perf_counter() - started)
            self._load_by(client, 1, WARMING_SECONDS)
            for clients in CLIENTS:
                self._all(**_load(self._load_by(client, clients, self.seconds), clients))
            self._all(http_mib=resident(process.pid) + client.resident)
            with self._library() as adder:
                adder.do("open", model=str(self.model), port=server.port)
                adder.tell("add_for", file=str(self.data.more), seconds=ADDING * self.seconds)
                answers = self._load_by(client, 1, ADDING * self.seconds)
                added = adder.hear("add_for", 300)
            self._all(**_latency(answers.ms, "adding_"))
            self._all(adding_per_s=added["added"] / added["seconds"])

    def _load_by(self, client: Contestant, clients: int, seconds: float) -> Answers:
        options: dict[str, Any] = {"questions": self.data.texts, "clients": clients}
        return Answers(**client.do("load", seconds=seconds, **options))

    # --- what they share -----------------------------------------------------------------------

    def _library(self) -> Any:
        script = CONTESTANTS / f"use_{self.entrant.name}.py"
        return contestant(self.python, script, self.folder, self.folder / "library.log")

    def _open(self, library: Contestant) -> None:
        library.do("open", model=str(self.model), folder=str(self.index), timeout=START_SECONDS)

    def _all(self, **figures: float) -> None:
        for way in self.figures.values():
            way.update(figures)


@dataclass(slots=True)
class _Adding:
    """Adds batch after batch for so many seconds, or until there are no more."""

    server: Server
    rows: list[Record]
    seconds: float

    async def work(self, send: Send) -> int:
        added, until = 0, time.perf_counter() + self.seconds
        while time.perf_counter() < until and added < len(self.rows):
            batch = self.rows[added : added + BATCH]
            await self.server.add(send, batch)
            added += len(batch)
        return added


def _latency(ms: list[float], prefix: str = "") -> Figures:
    if not ms:
        raise Failed("no question was answered")
    p50, p99 = np.percentile(ms, [50, 99])
    return {f"{prefix}p50_ms": float(p50), f"{prefix}p99_ms": float(p99), f"{prefix}n": len(ms)}


def _load(answers: Answers, clients: int) -> Figures:
    latency = _latency(answers.ms, f"http_{clients}_")
    counts = {f"refused_{clients}": answers.refused, f"failed_{clients}": answers.failed}
    return {**latency, **counts, f"qps_{clients}": len(answers.ms) / answers.seconds}


def _rounded(ms: list[float]) -> list[float]:
    return [round(value, 2) for value in ms]


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.perf_counter() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.perf_counter() > until:
            raise Failed(f"the server did not start: {tail(log)}")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
