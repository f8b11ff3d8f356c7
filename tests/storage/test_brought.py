"""The database alone is brought to another state beneath who reads it: that is seen."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import CorpusBroken, Mismatch
from qa.storage.folder import DATABASE
from qa.storage.sql import purging
from tests.api.conftest import Serving, serving
from tests.conftest import MakeDocument

__all__ = ["serving"]


def opened(folder: Path, *, read_only: bool = False) -> Corpus:
    return Corpus.open(folder, encoder=HashEncoder(), read_only=read_only)


def brought(source: Path, target: Path) -> None:
    """Writes the pages of one database into another that may be open: as replication does."""
    with (
        closing(sqlite3.connect(source / DATABASE)) as one,
        closing(sqlite3.connect(target / DATABASE, timeout=30)) as other,
    ):
        one.backup(other)


@pytest.fixture
def leader(tmp_path: Path, document: MakeDocument) -> Iterator[Corpus]:
    with opened(tmp_path / "leader") as corpus:
        corpus.add_batch([document("gulls", "Gulls nest on the roof of the customs house.")])
        yield corpus


@pytest.fixture
def copied(leader: Corpus, tmp_path: Path) -> Path:
    """A copy of its database, with indexes of its own."""
    (tmp_path / "copy").mkdir()
    brought(leader.folder, tmp_path / "copy")
    opened(tmp_path / "copy").close()
    return tmp_path / "copy"


@pytest.mark.folder
@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_replicated_is_shown(
    leader: Corpus, copied: Path, document: MakeDocument, read_only: bool
) -> None:
    with opened(copied, read_only=read_only) as reader:
        for number in range(3):
            text = f"The lamp of lighthouse {number} turns."
            leader.add_batch([document(f"lamp{number}", text)])
            if number == 2:
                leader.remove(["gulls", "lamp0"])
            brought(leader.folder, copied)
            assert reader.lag().behind > 0
            reader.follow()
            assert reader.lag().behind == 0
            assert reader.check(text).verdict == "verbatim"
        assert reader.check("Gulls nest on the roof of the customs house.").verdict == "not_found"
        assert [one.article.id for one, *_ in reader.articles()] == ["lamp1", "lamp2"]
        question = "Which lamp of a lighthouse turns?"
        assert reader.ask(question).hits == leader.ask(question).hits
        assert reader.status(check=True)["problems"] == []


@pytest.mark.folder
@pytest.mark.parametrize("read_only", [True, False])
def test_what_went_out_longer_ago_than_is_known_goes_out(
    leader: Corpus,
    copied: Path,
    document: MakeDocument,
    read_only: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with opened(copied, read_only=read_only) as reader:
        monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
        leader.add_batch([document("lamp", "The lamp of the lighthouse turns.")])
        leader.remove(["gulls"])
        leader.maintain()
        brought(leader.folder, copied)
        reader.follow()
        assert reader.status(check=True)["problems"] == []
        assert reader.ask("gulls on the roof").hits == leader.ask("gulls on the roof").hits


@pytest.mark.folder
def test_an_older_state_that_was_written_to_since_is_another_history(
    leader: Corpus, copied: Path, document: MakeDocument
) -> None:
    with opened(copied) as reader:
        reader.add_batch([document("lamp", "The lamp of the lighthouse turns.")])
        brought(leader.folder, copied)
        with pytest.raises(Mismatch, match="an older state of the corpus was put in its place"):
            reader.follow()
        with pytest.raises(CorpusBroken, match="older than its indexes"):
            opened(copied)
        leader.add_batch([document("pier", "Nobody waits at the pier.")])
        leader.add_batch([document("quay", "Nobody waits at the quay.")])
        brought(leader.folder, copied)
        looks = (reader.follow, reader.refresh, reader.articles, lambda: reader.remove(["pier"]))
        for look in looks:
            with pytest.raises(Mismatch, match="start again"):
                look()
    with opened(copied) as reader:
        assert reader.check("Nobody waits at the pier.").verdict == "verbatim"
        assert reader.status(check=True)["problems"] == []


@pytest.mark.folder
@pytest.mark.parametrize("read_only", [True, False])
def test_a_server_shows_what_is_replicated_and_answers_nothing_from_what_is_older(
    leader: Corpus, copied: Path, document: MakeDocument, serving: Serving, read_only: bool
) -> None:
    footnote = serving(data=copied, read_only=read_only)
    leader.add_batch([document("lamp", "The lamp of the lighthouse turns.")])
    before = Path(f"{copied}-before")
    before.mkdir()
    brought(copied, before)
    brought(leader.folder, copied)
    until = time.monotonic() + 60
    while footnote.ask("lamp")["index"]["generation"] != 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert footnote.ask("lamp")["passages"][0]["article_id"] == "lamp"
    brought(before, copied)
    while (ready := footnote.get("/health/ready")).status_code == 200:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert ready.json()["code"] == "mismatch"
    assert footnote.post("/v1/ask", {"question": "lamp"}).status_code == 503


def test_who_looks_while_something_is_stored_takes_nothing_for_an_older_state(
    leader: Corpus, document: MakeDocument
) -> None:
    done = threading.Event()

    def follow() -> None:
        while not done.wait(0.0005):
            leader.follow()

    with ThreadPoolExecutor(1) as beside:
        following = beside.submit(follow)
        for number in range(10):
            leader.add_batch([document("gulls", f"Gull {number} nests on the roof.")])
        done.set()
        following.result(60)
    assert leader.check("Gull 9 nests on the roof.").verdict == "verbatim"
