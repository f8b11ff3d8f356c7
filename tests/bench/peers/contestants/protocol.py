"""What a contestant is told and answers: JSON commands on stdin, JSON answers on stdout.

Runs inside each contestant's own environment, so it imports nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any, TextIO

TOP = 10
BATCH = 64  # articles added at a time while questions are asked

Record = dict[str, str]


class Contestant:
    """How a library opens a folder (or a served address), adds passages and answers questions."""

    def open(self, model: str, **where: Any) -> None:
        """Loads the model and what was stored under `folder`, or connects to `port`."""
        raise NotImplementedError

    def add(self, passages: list[Record]) -> None:
        """Adds passages and stores them, so that they are found and survive the process."""
        raise NotImplementedError

    def add_more(self, passages: list[Record]) -> None:
        """Adds passages while questions are asked: found, not necessarily stored."""
        self.add(passages)

    def ask(self, question: str, **options: Any) -> list[str]:
        """The ids of the `TOP` best passages, best first."""
        raise NotImplementedError


def full_text(passage: Record) -> str:
    """Title and text, as they are embedded."""
    return f"{passage['title']}\n{passage['text']}"


def run(contestant: Contestant) -> None:
    """Obeys commands until stdin ends."""
    answers = _private_stdout()
    commands = _Commands(contestant)
    for line in sys.stdin:
        command = json.loads(line)
        name = command.pop("do")
        print(json.dumps(getattr(commands, name)(**command)), file=answers, flush=True)


class _Commands:
    def __init__(self, contestant: Contestant) -> None:
        self._contestant = contestant

    def open(self, **options: Any) -> None:
        self._contestant.open(**options)

    def add(self, file: str) -> float:
        """Seconds for all passages of the file."""
        passages = _read(file)
        started = time.perf_counter()
        self._contestant.add(passages)
        return time.perf_counter() - started

    def ask(self, questions: list[str], **options: Any) -> dict[str, Any]:
        """Milliseconds of each question, and what was found."""
        took, found = [], []
        for question in questions:
            started = time.perf_counter()
            found.append(self._contestant.ask(question, **options))
            took.append(1000 * (time.perf_counter() - started))
        return {"ms": took, "found": found}

    def load(self, questions: list[str], clients: int, seconds: float) -> dict[str, Any]:
        """That many threads ask, each its next question when the last is answered."""
        took: list[float] = []
        started = time.perf_counter()
        _in_threads(clients, lambda i: self._ask_until(started + seconds, questions[i:], took))
        return {"ms": took, "seconds": time.perf_counter() - started}

    def add_for(self, file: str, seconds: float) -> dict[str, float]:
        """Adds for so many seconds, or until the file ends; how many that were."""
        rows, added = iter(_read(file)), 0
        started = time.perf_counter()
        while time.perf_counter() < started + seconds and (batch := list(islice(rows, BATCH))):
            self._contestant.add_more(batch)
            added += len(batch)
        return {"added": added, "seconds": time.perf_counter() - started}

    def ask_while_adding(
        self, questions: list[str], file: str, seconds: float
    ) -> dict[str, dict[str, Any]]:
        """One thread adds, this one asks."""
        adding: dict[str, float] = {}
        thread = threading.Thread(target=lambda: adding.update(self.add_for(file, seconds)))
        took: list[float] = []
        started = time.perf_counter()
        thread.start()
        while thread.is_alive():
            self._ask_until(time.perf_counter(), questions[len(took) % len(questions) :], took)
        asking = {"ms": took, "seconds": time.perf_counter() - started}
        if not adding:
            raise RuntimeError("adding failed")
        return {"asking": asking, "adding": adding}

    def _ask_until(self, end: float, questions: list[str], took: list[float]) -> None:
        for question in _cycle(questions):
            started = time.perf_counter()
            self._contestant.ask(question)
            took.append(1000 * (time.perf_counter() - started))
            if time.perf_counter() >= end:
                return


def _in_threads(number: int, work: Any) -> None:
    threads = [threading.Thread(target=work, args=(i,)) for i in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _cycle(questions: list[str]) -> Iterator[str]:
    return (questions[i % len(questions)] for i in count())


def _read(file: str) -> list[Record]:
    return [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]


def _private_stdout() -> TextIO:
    """What libraries print goes to stderr from now on."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers
