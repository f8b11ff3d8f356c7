"""Kills: what was acknowledged is there afterwards, exactly; the rest is whole or not there.

    python -m tests.reliability.kills [--kills 200] [--seed 1] [--clients 3]

Clients add, replace and remove articles, alone and as jobs, over HTTP; beside them run `qa
reindex`, `qa backup` and `qa add` on the same corpus. Server and commands are killed at random
moments (one server in five is told to stop instead). After each restart the whole corpus is
compared with what was promised, and checks its own integrity. Now and then removed rows are made
old enough to be purged, and the corpus is embedded anew with the packaged model and back, killed in
the midst.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reliability.server import NDJSON, Server

IDS_OF_A_CLIENT = 40
LINES = 30
_AN_HOUR = 3600

State = str | None  # the text of an article; None: there is none
Known = dict[str, State]


@dataclass(slots=True)
class Figures:
    """What was tried and seen."""

    kills: int = 0
    stops: int = 0
    commands: dict[str, int] = field(default_factory=dict)
    commands_killed: int = 0
    acknowledged: int = 0
    compared: int = 0
    wrong: list[str] = field(default_factory=list)
    errors: int = 0  # answers of 500 and above, 503 left out
    slowest_start: float = 0.0

    def __str__(self) -> str:
        commands = ", ".join(f"{count} {name}" for name, count in sorted(self.commands.items()))
        return (
            f"{self.kills} servers killed and {self.stops} stopped; {commands} run beside, "
            f"{self.commands_killed} of them killed; {self.acknowledged} changes acknowledged, "
            f"{self.compared} states compared, "
            f"{len(self.wrong)} wrong, {self.errors} errors of the server, "
            f"slowest start {self.slowest_start:.1f} s"
        )


class Client(threading.Thread):
    """Changes articles of its own, so that what it was told last is what must be there."""

    def __init__(self, server: Server, name: str, seed: int, figures: Figures) -> None:
        super().__init__(daemon=True)
        self.up = threading.Event()
        self.resting = threading.Event()
        self.promised: dict[str, list[State]] = {}  # the states that an article may be in
        self.jobs: dict[str, Known] = {}
        self._server, self._name, self._figures = server, name, figures
        self._chance = random.Random(seed)
        self._made = 0
        self._ended = False

    def run(self) -> None:
        while not self._ended:
            if not self.up.is_set():
                self.resting.set()
                self.up.wait(1)
                continue
            self.resting.clear()
            draw = self._chance.random()
            try:
                if draw < 0.15:
                    self._send_job()
                elif draw < 0.4:
                    self._remove(self._id())
                else:
                    self._put(self._id())
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.01)  # cut off: nothing was promised

    def ended(self, job: str, texts: Known) -> bool:
        """Whether a job is done; then its articles must be there."""
        done: bool = self._server.get(f"/v1/jobs/{job}")["state"] == "done"
        if done:
            self.promised |= {id_: [text] for id_, text in texts.items()}
        return done

    def end(self) -> None:
        self._ended = True
        self.up.set()
        self.join(60)

    def _put(self, id_: str) -> None:
        text = self._text(id_)
        self._begin(id_, text)
        self._hear(id_, text, *self._server.call("POST", "/v1/articles", article(id_, text)))

    def _remove(self, id_: str) -> None:
        self._begin(id_, None)
        self._hear(id_, None, *self._server.call("DELETE", f"/v1/articles/{id_}"))

    def _send_job(self) -> None:
        """Articles with ids of their own; until the job has ended each may or may not be there."""
        ids = [f"{self._name}-job-{self._made + n}" for n in range(LINES)]
        self._made += LINES
        texts = {id_: self._text(id_) for id_ in ids}
        for id_, text in texts.items():
            self.promised[id_] = [None, text]
        body = "\n".join(json.dumps(article(id_, text)) for id_, text in texts.items())
        status, answer = self._server.call("POST", "/v1/articles", body, NDJSON)
        self._count(status, answer)
        if status == 202:
            self.jobs[answer["id"]] = dict(texts)

    def _begin(self, id_: str, state: State) -> None:
        self.promised[id_] = [*self.promised.get(id_, [None]), state]

    def _hear(self, id_: str, state: State, status: int, answer: Any) -> None:
        self._count(status, answer)
        if status in (200, 201, 204) or (status == 404 and state is None):
            self.promised[id_] = [state]

    def _count(self, status: int, answer: Any) -> None:
        if status < 300:
            self._figures.acknowledged += 1
        elif status >= 500 and status != 503:
            self._figures.errors += 1
            self._figures.wrong.append(f"{status}: {answer}")

    def _id(self) -> str:
        return f"{self._name}-{self._chance.randrange(IDS_OF_A_CLIENT):02}"

    def _text(self, id_: str) -> str:
        count = self._chance.randint(1, 40)
        years = (f"In {self._chance.randint(1600, 2020)} {id_} was seen." for _ in range(count))
        return " ".join(years)


def article(id_: str, text: str) -> dict[str, Any]:
    return {"id": id_, "title": f"Of {id_}", "author": "Ana Petrović", "text": text}


class Beside(threading.Thread):
    """Commands on the same corpus, most of them killed before they end."""

    COMMANDS = ("reindex", "backup", "add", "status")

    def __init__(self, server: Server, seed: int, figures: Figures) -> None:
        super().__init__(daemon=True)
        self._server, self._chance, self._figures = server, random.Random(seed), figures
        self._ended = threading.Event()
        self._extra = server.folder / "beside"
        self._extra.mkdir(exist_ok=True)
        (self._extra / "beside.txt").write_text("Beside all others this article stands.")

    def run(self) -> None:
        while not self._ended.wait(self._chance.uniform(0, 1)):
            name = self._chance.choice(self.COMMANDS)
            arguments = {
                "backup": ["backup", str(self._server.folder / "copy.footnote"), "--force"],
                "add": ["add", str(self._extra)],
            }.get(name, [name])
            self._figures.commands[name] = self._figures.commands.get(name, 0) + 1
            seconds = self._chance.uniform(0.2, 4)
            ended = ended_within(self._server.run(*arguments), seconds)
            self._figures.commands_killed += not ended

    def end(self) -> None:
        self._ended.set()
        self.join(60)


def ended_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether it ended by itself; else it was killed."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def compare(server: Server, clients: list[Client], figures: Figures) -> None:
    """The corpus with what was promised; from here on, what was found is what must stay."""
    status = server.get("/v1/status?check=true")
    if status["problems"]:
        figures.wrong.append(f"integrity: {status['problems'][:5]}")
    for client in clients:
        client.jobs = {job: t for job, t in client.jobs.items() if not client.ended(job, t)}
    there = server.articles()  # after the jobs: what one of them stores meanwhile may be there
    for client in clients:
        waiting = {id_ for texts in client.jobs.values() for id_ in texts}
        # Of the many that jobs have added, which never change again, some are looked at.
        for id_, states in sample(client.promised, figures.compared):
            found = server.get(f"/v1/articles/{id_}")["text"] if id_ in there else None
            figures.compared += 1
            if found not in states:
                figures.wrong.append(f"{id_}: {found!r:.80} is none of {states!r:.200}")
            if id_ not in waiting and "-job-" not in id_:
                client.promised[id_] = [found]


def sample(promised: dict[str, list[State]], seed: int) -> list[tuple[str, list[State]]]:
    own = [item for item in promised.items() if "-job-" not in item[0]]
    jobs = [item for item in promised.items() if "-job-" in item[0]]
    return own + random.Random(seed).sample(jobs, min(60, len(jobs)))


def grow_old(server: Server) -> None:
    """Makes what was removed old enough to be purged by the next writer."""
    database = sqlite3.connect(server.folder / "data" / "footnote.db", timeout=30)
    with database:
        database.execute("UPDATE generations SET at = at - ?", (_AN_HOUR,))
    database.close()


def embed_anew(server: Server, chance: random.Random) -> None:
    """With the packaged model, killed in the midst or not; then back, whichever it was."""
    ended_within(server.run("reindex", QA_MODEL="all-MiniLM-L6-v2"), chance.uniform(2, 12))
    assert server.run("reindex").wait(300) == 0, server.log()


def stop_or_kill(server: Server, chance: random.Random, figures: Figures) -> None:
    if chance.random() < 0.2:
        assert server.process
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
        figures.stops += 1
    else:
        server.kill()
        figures.kills += 1


def trial(kills: int, seed: int, clients: int, folder: Path) -> Figures:
    chance, figures = random.Random(seed), Figures()
    server = Server(folder)
    figures.slowest_start = server.start()
    writers = [Client(server, f"c{n}", seed + n, figures) for n in range(clients)]
    beside = Beside(server, seed, figures)
    for thread in (*writers, beside):
        thread.start()
    try:
        for number in range(kills):
            for writer in writers:
                writer.up.set()
            time.sleep(chance.uniform(0.1, 2.5))
            for writer in writers:
                writer.up.clear()
            stop_or_kill(server, chance, figures)
            for writer in writers:
                writer.resting.wait(60)
            if number % 4 == 3:
                grow_old(server)
            if number % 20 == 19:
                embed_anew(server, chance)
            figures.slowest_start = max(figures.slowest_start, server.start())
            compare(server, writers, figures)
            if number % 10 == 9:
                print(f"{number + 1}: {figures}", flush=True)
    finally:
        beside.end()
        for writer in writers:
            writer.end()
        server.kill()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients", type=int, default=3)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kills-"))
    try:
        figures = trial(given.kills, given.seed, given.clients, folder)
    except BaseException:
        print(f"what it left is in {folder}")
        raise
    for wrong in figures.wrong[:20]:
        print(wrong)
    print(figures)
    if figures.wrong:
        sys.exit(f"what it left is in {folder}")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
