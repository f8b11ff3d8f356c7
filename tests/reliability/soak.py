"""A soak: one server under mixed load for a while, and what that does to it.

    python -m tests.reliability.soak [--seconds 600] [--clients 8] [--seed 1] [--json FILE]

Questions 45 %, quotes 20 %, drafts 5 %, additions 15 %, removals 10 %, related passages and pages
5 %. A quote of an article that stays must be `verbatim` each time, a passage must be the very
characters of its article, and what was added must be there. Once a second memory, threads,
descriptors and the size of the folder are read. The packaged model.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote as quoted

from tests.reliability.server import Server

SEEDS = Path(__file__).parents[2] / "seeds"
STAYING = {
    "pilots": "A harbour pilot guides ships through the strait. She boards each of them at dawn.",
    "tides": "The tide turned at noon on 2 May 2024. Nobody in the harbour had expected it.",
}
QUOTES = [part.strip() for text in STAYING.values() for part in text.split(".") if part.strip()]
QUESTIONS = (
    "Who guides ships through the strait?",
    "When did the tide turn?",
    "Which tanks is Russia delivering to Serbia?",
    "What does the ambassador call a compromise on Kosovo?",
    "How many times was lighthouse 7 seen?",
    "Why was the orchestra silent?",
)
WORDS = ("harbour", "pilot", "tide", "noon", "ship", "strait", "dawn", "light", "rock", "storm")


@dataclass(slots=True)
class Figures:
    """What the clients saw, and what the server took."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    took: list[tuple[float, str, float]] = field(default_factory=list)  # (when, kind, seconds)
    wrong: list[str] = field(default_factory=list)
    memory: list[tuple[float, int, int, int, int]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As JSON; memory and sizes in MB, times in ms."""
        when, resident, threads, descriptors, folder = zip(*self.memory, strict=True)
        third = when[-1] / 3
        early = [t for at, kind, t in self.took if kind == "ask" and at < third]
        late = [t for at, kind, t in self.took if kind == "ask" and at > 2 * third]
        megabytes = [round(n / 1e6) for n in resident]
        return {
            "requests": sum(self.statuses.values()),
            "statuses": dict(sorted(self.statuses.items())),
            "kinds": dict(self.kinds),
            "errors_5xx": sum(n for status, n in self.statuses.items() if status >= 500),
            "wrong": self.wrong[:20],
            "ask_ms_first_third": round(1000 * statistics.median(early), 1),
            "ask_ms_last_third": round(1000 * statistics.median(late), 1),
            "drift": round(statistics.median(late) / statistics.median(early), 2),
            "slowest_ms": round(1000 * max(t for _, _, t in self.took)),
            "resident_mb": {
                "first_minute": max(m for m, at in zip(megabytes, when, strict=True) if at < 60),
                "half_time": megabytes[len(megabytes) // 2],
                "end": megabytes[-1],
            },
            "threads": [min(threads), max(threads)],
            "descriptors": [min(descriptors), max(descriptors)],
            "folder_mb": [round(folder[0] / 1e6, 1), round(folder[-1] / 1e6, 1)],
        }


class Client(threading.Thread):
    """One client; waits for each answer."""

    def __init__(self, server: Server, number: int, seed: int, until: float, f: Figures) -> None:
        super().__init__(daemon=True)
        self._server, self._number, self._until, self._figures = server, number, until, f
        self._chance = random.Random(seed * 1000 + number)
        self._mine: list[str] = []
        self._made = 0

    def run(self) -> None:
        kinds = (
            (0.45, "ask"),
            (0.65, "check"),
            (0.70, "draft"),
            (0.85, "add"),
            (0.95, "remove"),
            (0.975, "related"),
            (1.0, "page"),
        )
        while time.monotonic() < self._until:
            draw = self._chance.random()
            kind = next(name for below, name in kinds if draw < below)
            started = time.monotonic()
            try:
                getattr(self, f"_{kind}")()
            except Exception as error:  # a broken connection is a finding, not the end
                self._wrong(f"{kind}: {error!r}")
            self._figures.kinds[kind] += 1
            elapsed = time.monotonic() - started
            self._figures.took.append((started - self._until, kind, elapsed))

    def _ask(self) -> None:
        answer = self._post("/v1/ask", question=self._chance.choice(QUESTIONS), top_k=3)
        if answer and self._chance.random() < 0.2:
            for passage in answer["passages"]:
                status, found = self._server.call("GET", f"/v1/articles/{passage['article_id']}")
                span = slice(passage["start"], passage["end"])
                if status == 200 and found["text"][span] != passage["text"]:
                    self._wrong(f"{passage['id']} is not what stands there")

    def _check(self) -> None:
        quote = self._chance.choice(QUOTES)
        answer = self._post("/v1/check", quote=quote)
        if answer and answer["verdict"] != "verbatim":
            self._wrong(f"{quote!r} is {answer['verdict']}")
        false = self._post("/v1/check", quote=quote.replace(" ", " never ", 1))
        if false and false["verdict"] in ("verbatim", "normalized"):
            self._wrong(f"a falsified quote is {false['verdict']}")

    def _draft(self) -> None:
        said = " ".join(f"He wrote: “{quote}.”" for quote in QUOTES)
        answer = self._post(
            "/v1/check/text", text=f"{self._words(200)}. {said} {self._words(100)}."
        )
        verdicts = [q["verdict"] for q in answer["quotations"]] if answer else []
        if answer and set(verdicts) != {"verbatim"}:
            self._wrong(f"a draft's quotations are {verdicts}")

    def _add(self) -> None:
        id_ = f"c{self._number}-{self._made}"
        self._made += 1
        sentences = (f"{self._words(14)}.".capitalize() for _ in range(self._chance.randint(3, 40)))
        if self._post("/v1/articles", id=id_, title=self._words(4), text=" ".join(sentences)):
            self._mine.append(id_)
            if self._counted("GET", f"/v1/articles/{id_}")[0] != 200:
                self._wrong(f"{id_} was added and is not there")

    def _remove(self) -> None:
        if self._mine:
            id_ = self._mine.pop(self._chance.randrange(len(self._mine)))
            status, _ = self._counted("DELETE", f"/v1/articles/{id_}")
            if status != 204:
                self._wrong(f"DELETE {id_}: {status}")

    def _related(self) -> None:
        self._post("/v1/related", text=self._chance.choice(QUOTES))

    def _page(self) -> None:
        self._counted("GET", f"/?q={quoted(self._chance.choice(QUESTIONS))}")

    def _post(self, path: str, **body: Any) -> Any:
        status, answer = self._counted("POST", path, body)
        return answer if status in (200, 201) else None

    def _counted(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        status, answer = self._server.call(method, path, body)
        self._figures.statuses[status] += 1
        if status >= 500 and status != 503:
            self._wrong(f"{method} {path}: {status} {answer}")
        return status, answer

    def _words(self, count: int) -> str:
        return " ".join(self._chance.choice(WORDS) for _ in range(count))

    def _wrong(self, what: str) -> None:
        self._figures.wrong.append(what)


def soak(server: Server, seconds: float, clients: int, seed: int) -> Figures:
    figures, started = Figures(), time.monotonic()
    until = started + seconds
    threads = [Client(server, n, seed, until, figures) for n in range(clients)]
    for thread in threads:
        thread.start()
    while time.monotonic() < until:
        figures.memory.append(
            (
                time.monotonic() - started,
                server.resident(),
                server.threads(),
                server.descriptors(),
                size(server.folder / "data"),
            )
        )
        time.sleep(1)
    for thread in threads:
        thread.join(120)
    figures.took = [(at + seconds, kind, took) for at, kind, took in figures.took]
    return figures


def size(folder: Path) -> int:
    """Bytes of all files in it; some may be merged or renamed meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        server = Server(Path(folder), QA_MODEL="all-MiniLM-L6-v2")
        assert server.run("add", str(SEEDS)).wait(120) == 0
        server.start()
        try:
            for id_, text in STAYING.items():
                status, _ = server.call("POST", "/v1/articles", {"id": id_, "text": text})
                assert status == 201, status
            figures = soak(server, given.seconds, given.clients, given.seed)
            problems = server.get("/v1/status?check=true")["problems"]
        finally:
            server.stop()
    told = {**figures.told(), "integrity": problems or "ok"}
    print(json.dumps(told, indent=1, ensure_ascii=False))
    if given.json:
        given.json.write_text(json.dumps(told, indent=1))
    sys.exit(bool(figures.wrong or problems))


if __name__ == "__main__":
    main()
