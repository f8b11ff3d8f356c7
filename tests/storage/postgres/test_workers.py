"""`qa work`: several processes on the jobs of one database, and what dies of them."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus, jobs
from qa.ingest import Limits
from qa.storage.records import Job, JobInput
from qa.storage.sql.job_table import Overtaken
from tests.conftest import sql
from tests.postgres_server import OwnServer, PostgresServer, binaries

pytest.importorskip("psycopg", reason="psycopg is not installed")

# `qa work` with an encoder that waits for a file before it begins, and ends at what is deadly.
WORKER = """
import os, sys, time
import embeddings
from qa import job_work, jobs
from qa.cli import main

class Waiting(embeddings.HashEncoder):
    def encode_passages(self, texts):
        if any("deadly" in text for text in texts):
            os._exit(9)
        print("reached", flush=True)
        while not os.path.exists(GO):
            time.sleep(0.01)
        return super().encode_passages(texts)

embeddings.load = lambda *_: Waiting()
jobs.SETTLE_SECONDS = 0.0
job_work.BATCH_CHUNKS = 48  # a claim is sixteen articles, and a worker has two of them at most
GO, sys.argv = sys.argv[1], ["qa", "work"]
main()
"""
ARTICLES = 200
PATIENCE = 120  # seconds, on a machine that has much else to do


class WorkerProcess:
    """`qa work` on a database, with indexes that it does not need in a folder of its own."""

    def __init__(self, url: str, folder: Path, number: int) -> None:
        self.go, self._said = folder / "go", folder / f"said-{number}"
        environment = {"QA_DATA": url, "QA_CACHE": str(folder / f"cache-{number}")}
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WORKER, str(self.go)],
                env={**os.environ, **environment, "QA_MODEL": "hash"},
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self._said.read_text("utf-8")

    def says(self, what: str) -> None:
        wait(lambda: what in self.said(), self.said)

    def done(self) -> int:
        """How many inputs it has stored."""
        return sum(map(int, re.findall(r"(\d+) more of \d+ inputs are done", self.said())))

    def ends(self) -> int:
        return self.process.wait(PATIENCE)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


def wait(until: Callable[[], bool], what: Callable[[], object] = lambda: None) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


@pytest.fixture
def corpus(postgres: PostgresServer, tmp_path: Path) -> Iterator[Corpus]:
    """A corpus of the test's own; its address is `place.address.url`."""
    with (
        postgres.database() as url,
        Corpus.open(url, encoder=HashEncoder(), cache=tmp_path / "cache") as opened,
    ):
        yield opened


@pytest.fixture
def worker(corpus: Corpus, tmp_path: Path) -> Iterator[Callable[[], WorkerProcess]]:
    """Starts a worker on the corpus of the test."""
    with ExitStack() as stack:
        started: list[WorkerProcess] = []

        def start() -> WorkerProcess:
            url = corpus.place.address.url  # type: ignore[attr-defined]
            started.append(WorkerProcess(url, tmp_path, len(started)))
            stack.callback(started[-1].stop)
            return started[-1]

        yield start


def submitted(corpus: Corpus, count: int = ARTICLES, deadly: int | None = None) -> Job:
    """A job of articles of some passages each, and perhaps one that ends whoever encodes it."""
    pier = "Nobody waits at the pier when the tide turns and the pilot has gone. " * 30
    texts = [f"Pilot {n} guides ship {n}. {pier}" for n in range(count)]
    if deadly is not None:
        texts[deadly] = "It is deadly."
    records = [{"id": f"n{n:03}", "text": text} for n, text in enumerate(texts)]
    lines = (JobInput(f"line {n}", json.dumps(r).encode()) for n, r in enumerate(records, 1))
    return corpus.jobs.submit(lines)


def starts(corpus: Corpus) -> list[int]:
    with sql(corpus) as db:
        return [row[0] for row in db.execute("SELECT starts FROM job_items ORDER BY ordinal")]


def is_done(corpus: Corpus, job: Job) -> bool:
    return corpus.jobs.get(job.id)[0].ended


def test_workers_share_a_job_and_one_that_is_killed_leaves_its_part_to_the_others(
    corpus: Corpus, worker: Callable[[], WorkerProcess], tmp_path: Path
) -> None:
    workers = [worker() for _ in range(3)]
    job = submitted(corpus)
    for one in workers:  # each has a part of its own, and encodes it
        one.says("reached")
    assert set(starts(corpus)) <= {0, 1}
    killed, *others = workers
    killed.stop()
    (tmp_path / "go").touch()
    wait(lambda: is_done(corpus, job))

    found, done = corpus.jobs.get(job.id)
    assert (found.state, done, found.counts) == ("done", ARTICLES, {"added": ARTICLES})
    assert found.problems == []
    assert [killed.done(), sum(one.done() for one in others)] == [0, ARTICLES]
    assert all(one.done() for one in others)
    corpus.refresh()
    assert corpus.counts()["articles"] == ARTICLES
    assert corpus.status(check=True)["problems"] == []
    with sql(corpus) as db:  # stored once each: none was replaced
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] == ARTICLES


@pytest.mark.slow
def test_an_input_that_ends_three_workers_is_set_aside_and_named(
    corpus: Corpus, worker: Callable[[], WorkerProcess], tmp_path: Path
) -> None:
    (tmp_path / "go").touch()
    job = submitted(corpus, 20, deadly=9)
    assert [one.ends() for one in [worker() for _ in range(3)]] == [9, 9, 9]
    last = worker()
    wait(lambda: is_done(corpus, job), last.said)

    found = corpus.jobs.get(job.id)[0]
    assert (found.state, found.counts) == ("done", {"added": 19, "refused": 1})
    reason = "it was begun 3 times, and each time the service ended meanwhile"
    assert found.problems == [{"origin": "line 10", "code": "gave_up", "reason": reason}]
    assert corpus.jobs.refused(job.id) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_gives_back_what_it_has(
    corpus: Corpus, worker: Callable[[], WorkerProcess], tmp_path: Path, number: int
) -> None:
    one = worker()
    job = submitted(corpus)
    one.says("reached")
    assert sum(starts(corpus)) > 0
    one.process.send_signal(number)
    (tmp_path / "go").touch()
    assert one.ends() == 0

    left = starts(corpus)
    assert sum(left) == 0
    assert len(left) == ARTICLES - corpus.jobs.get(job.id)[1]
    assert "has stopped" in one.said()


@pytest.mark.slow
def test_a_worker_waits_for_a_database_that_is_away_and_says_so_once(tmp_path: Path) -> None:
    found = binaries()
    if found is None:
        pytest.skip("the database that is given may not be killed")
    with (
        OwnServer(found, tmp_path, fsync="on") as own,
        Corpus.open(own.url, encoder=HashEncoder(), cache=tmp_path / "cache") as corpus,
        ExitStack() as stack,
    ):
        one = WorkerProcess(own.url, tmp_path, 0)
        stack.callback(one.stop)
        job = submitted(corpus)
        one.says("reached")
        own.kill()
        (tmp_path / "go").touch()
        one.says("the queue waits")
        own.start()
        one.says("the queue goes on")

        def ended() -> bool:
            with closing(Corpus.open(own.url, encoder=HashEncoder(), cache=tmp_path / "c")) as seen:
                return is_done(seen, job)

        wait(ended, one.said)
        waits = re.findall(r"the queue waits: .*", one.said())
        assert len(waits) == len(set(waits))
        corpus.refresh()
        counts = corpus.jobs.get(job.id)[0].counts
        assert (counts, corpus.counts()["articles"]) == ({"added": ARTICLES}, ARTICLES)


def test_a_job_of_which_others_have_the_rest_is_left_to_them(corpus: Corpus) -> None:
    """Two claims are of different inputs, and what one gives back the other has."""
    job = submitted(corpus, 40)
    one, other = corpus.storage.store.claims(), corpus.storage.store.claims()
    first = one.take(job, 24)
    second = other.take(job, 24)
    nothing = other.take(job, 24)
    ordinals = [[pending.ordinal for pending in c.inputs] for c in (first, second, nothing)]
    assert ordinals == [list(range(24)), list(range(24, 40)), []]
    assert not corpus.jobs.end_if_done(job)
    one.give_back()
    assert [p.ordinal for p in other.take(job, 8).inputs] == list(range(8))
    other.give_back()
    # Each is about three passages, and eight are one worker's.
    assert [len(one.take(job, 99, work=work).inputs) for work in (9, 30)] == [8, 16]
    one.give_back()


def test_what_another_worker_has_done_is_dropped(corpus: Corpus) -> None:
    """A worker that lost its locks with its connection may find its inputs done by others."""
    job = submitted(corpus, 3)
    table = corpus.jobs
    queue = jobs.Jobs(corpus, Limits())
    queue.start()
    try:
        wait(lambda: is_done(corpus, job))
    finally:
        queue.stop()
    with sql(corpus) as db:
        db.execute("UPDATE jobs SET state = 'running'")
    with pytest.raises(Overtaken), corpus.storage.changing() as change:
        table.settle(change, job, [("added", None)], [0], None)
    assert corpus.jobs.get(job.id)[0].counts == {"added": 3}
