"""One file that holds a corpus, and a corpus from it: beside writers, and however it is cut off."""

import hashlib
import json
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import CorpusBroken, InvalidInput, NoSpace, NotFound
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.storage.records import JobInput
from qa.storage.sqlite.backup import KEPT, back_up, restore
from tests import mounts
from tests.reliability.server import Server

QA = Path(sys.executable).parent / "qa"


def open_(folder):
    return Corpus.open(folder, encoder=HashEncoder())


def state(corpus):
    """All that is known of every article."""
    rows = [corpus.article(row[0].article.id) for row in corpus.articles(limit=1000)]
    return [(row.article, row.digest, row.added_at, corpus.raw(row.article.id)) for row in rows]


@pytest.fixture
def lighthouses(document):
    """`lighthouses(3, 5)`: documents of these numbers."""

    def make(*numbers):
        return [document(f"l{n}", f"Lighthouse {n} stands on rock {n * n}.") for n in numbers]

    return make


def test_what_was_kept_comes_back_exactly(corpus, lighthouses, tmp_path):
    corpus.add_batch(lighthouses(1, 2, 3))
    corpus.remove(["l2"])
    job = Jobs(corpus, Limits()).submit([JobInput("line 1", b'{"id": "waits", "text": "Soon."}')])
    kept = back_up(corpus.folder, tmp_path / "kept.db")

    assert (kept.articles, kept.jobs, kept.generation) == (2, 1, corpus.view.version)
    assert kept.sha256 == hashlib.sha256((tmp_path / "kept.db").read_bytes()).hexdigest()
    assert (tmp_path / "kept.db.sha256").read_text() == f"{kept.sha256}  kept.db\n"
    assert stat.S_IMODE((tmp_path / "kept.db").stat().st_mode) == 0o600
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus", "kept.db", "kept.db.sha256"]

    told = []
    restore(tmp_path / "kept.db", tmp_path / "new", progress=lambda *at: told.append(at))
    assert told[-1] == (kept.bytes, kept.bytes)
    with open_(tmp_path / "new") as new:
        assert state(new) == state(corpus)
        assert new.problems() == []
        question = "Which lighthouse stands on rock 9?"
        assert new.ask(question).hits == corpus.ask(question).hits
        assert Jobs(new, Limits()).table.get(job.id)[0].state == "queued"


def test_the_disk_of_the_backup_is_named_when_it_is_full_or_not_there(corpus, document, tmp_path):
    corpus.add_batch([document("long", "The lamp is lit. " * 100_000)])
    with mounts.small(tmp_path / "small", 1):
        with pytest.raises(NoSpace, match=f"^the disk of {tmp_path / 'small'} is full"):
            back_up(corpus.folder, tmp_path / "small" / "kept")
        assert list((tmp_path / "small").iterdir()) == []
    with pytest.raises(NotFound, match=f"^there is no folder {tmp_path / 'none'}$"):
        back_up(corpus.folder, tmp_path / "none" / "kept")


def test_the_progress_is_told_and_ends(corpus, document, tmp_path):
    words = " ".join(f"word{n}" for n in range(300))
    corpus.add_batch([document(f"a{n}", f"{n} {words} {n}") for n in range(600)])
    told = []
    back_up(corpus.folder, tmp_path / "kept.db", progress=lambda *at: told.append(at))
    assert len(told) > 1
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] > 1000


def test_a_file_that_is_there_is_only_replaced_by_force(corpus, lighthouses, tmp_path):
    file = tmp_path / "kept.db"
    corpus.add_batch(lighthouses(1))
    first = back_up(corpus.folder, file)
    corpus.add_batch(lighthouses(2))
    with pytest.raises(InvalidInput, match="replace it with --force") as caught:
        back_up(corpus.folder, file)
    assert caught.value.code == "file_exists"
    assert hashlib.sha256(file.read_bytes()).hexdigest() == first.sha256
    second = back_up(corpus.folder, file, force=True)
    assert second.articles == 2
    assert (tmp_path / "kept.db.sha256").read_text() == f"{second.sha256}  kept.db\n"


def test_articles_are_only_replaced_by_force_and_kept(tmp_path, lighthouses):
    file, folder = tmp_path / "kept.db", tmp_path / "corpus"
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(1))
        back_up(folder, file)
        kept = state(corpus)
        corpus.add_batch(lighthouses(2, 3))
        newer = state(corpus)
    mode = stat.S_IMODE((folder / "footnote.db").stat().st_mode)
    with pytest.raises(InvalidInput, match="there are articles in") as caught:
        restore(file, folder)
    assert caught.value.code == "not_empty"
    with open_(folder) as corpus:
        assert state(corpus) == newer
    restore(file, folder, force=True)
    with open_(folder) as corpus:
        assert state(corpus) == kept
    assert stat.S_IMODE((folder / "footnote.db").stat().st_mode) == mode
    (folder / KEPT).rename(tmp_path / "before.db")
    restore(tmp_path / "before.db", tmp_path / "before")
    with open_(tmp_path / "before") as corpus:
        assert state(corpus) == newer


def test_the_index_of_what_was_there_is_not_taken_for_that_of_what_came(tmp_path, lighthouses):
    """Both histories count their generations and number their passages alike."""
    file, folder = tmp_path / "kept.db", tmp_path / "corpus"
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(1))
        back_up(folder, file)
        corpus.add_batch(lighthouses(2))
    restore(file, folder, force=True)
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(7))
        assert corpus.check("Lighthouse 2 stands on rock 4.").verdict != "verbatim"
        [best, *_] = corpus.ask("Lighthouse 7 rock 49", mode="lexical").hits
        assert best.passage.text == "Lighthouse 7 stands on rock 49."
        assert corpus.problems() == []


def test_who_has_it_open_is_not_left_with_a_mixture(corpus, lighthouses, tmp_path):
    corpus.add_batch(lighthouses(1))
    back_up(corpus.folder, tmp_path / "kept.db")
    corpus.add_batch(lighthouses(2))
    before = state(corpus)
    with pytest.raises(InvalidInput, match="stop the service") as caught:
        restore(tmp_path / "kept.db", corpus.folder, force=True)
    assert caught.value.code == "in_use"
    assert state(corpus) == before
    corpus.add_batch(lighthouses(3))
    assert corpus.problems() == []


@pytest.mark.parametrize("noted", [True, False])
def test_a_damaged_backup_changes_nothing(tmp_path, lighthouses, noted):
    file, folder = tmp_path / "kept.db", tmp_path / "corpus"
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(1))
        back_up(folder, file)
        before = state(corpus)
    content = file.read_bytes()
    assert content.count(b"Lighthouse 1") >= 1
    file.write_bytes(content.replace(b"Lighthouse 1", b"Lighthouse 2"))
    if not noted:
        (tmp_path / "kept.db.sha256").unlink()
    expected = "is not what was written" if noted else "is damaged"
    with pytest.raises(CorpusBroken, match=expected):
        restore(file, folder, force=True)
    with open_(folder) as corpus:
        assert state(corpus) == before
    assert not (folder / KEPT).exists()
    assert list(folder.glob(".footnote*")) == []


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_backup_is_refused(tmp_path, content):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CorpusBroken, match="is damaged"):
        restore(tmp_path / "file", tmp_path / "new")
    assert not (tmp_path / "new" / "footnote.db").exists()
    with pytest.raises(NotFound):
        restore(tmp_path / "none", tmp_path / "new")


def test_a_damaged_corpus_gives_no_backup_and_leaves_the_one_before(tmp_path, lighthouses):
    file, folder = tmp_path / "kept.db", tmp_path / "corpus"
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(1))
        before = back_up(folder, file)
    with sqlite3.connect(folder / "footnote.db") as db:
        db.execute("UPDATE articles SET text = 'Lighthouse 1 fell from rock 1.'")
    db.close()
    with pytest.raises(CorpusBroken, match=r"is damaged: .*text"):
        back_up(folder, file, force=True)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before.sha256


def test_a_corpus_that_cannot_be_read_is_replaced_by_force(tmp_path, lighthouses):
    file, folder = tmp_path / "kept.db", tmp_path / "corpus"
    with open_(folder) as corpus:
        corpus.add_batch(lighthouses(1))
        back_up(folder, file)
    (folder / "footnote.db").write_bytes(b"garbage" * 1000)
    with pytest.raises(InvalidInput, match="cannot be read"):
        restore(file, folder)
    restore(file, folder, force=True)
    with open_(folder) as corpus:
        assert [row[0].article.id for row in corpus.articles()] == ["l1"]


def test_of_a_read_only_medium_too(tmp_path, lighthouses):
    with open_(tmp_path / "corpus") as corpus:
        corpus.add_batch(lighthouses(1))
    with mounts.read_only(tmp_path / "corpus", tmp_path / "medium"):
        assert back_up(tmp_path / "medium", tmp_path / "kept.db").articles == 1


@pytest.mark.slow
def test_beside_a_running_service_it_holds_all_that_was_acknowledged(tmp_path):
    server = Server(tmp_path)
    server.start()
    stopping, acknowledged, unexpected = threading.Event(), [], []

    def write(name):
        number = 0
        while not stopping.is_set():
            article = {"id": f"{name}{number}", "text": f"Lighthouse {name} {number} stands."}
            status, answer = server.call("POST", "/v1/articles", json.dumps(article))
            (acknowledged if status == 201 else unexpected).append(answer.get("id", answer))
            number += 1

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    try:
        for writer in writers:
            writer.start()
        for number in range(2):
            time.sleep(0.3)
            sure = set(acknowledged)
            file = tmp_path / f"kept{number}.db"
            done = subprocess.run(
                [QA, "backup", file, "--data", tmp_path / "data", "--json"],
                text=True,
                capture_output=True,
                timeout=60,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            restore(file, tmp_path / f"new{number}")
            with open_(tmp_path / f"new{number}") as corpus:
                found = {row[0].article.id for row in corpus.articles(limit=1000)}
                assert sure <= found
                assert len(found) == json.loads(done.stdout)["articles"]
                assert corpus.problems() == []
    finally:
        stopping.set()
        for writer in writers:
            writer.join(30)
        server.stop()
    assert unexpected == []
    assert len(acknowledged) > len(sure)  # the service went on meanwhile


KEEPING = """
import sys
from pathlib import Path
from embeddings import HashEncoder
from qa import Corpus
from qa.storage.sqlite.backup import back_up
from qa.types import Article, Document

folder, file = Path(sys.argv[1]), Path(sys.argv[2])
with Corpus.open(folder, encoder=HashEncoder()) as corpus:
    for number in range(10_000):
        text = f"Lighthouse {number} stands."
        corpus.add_batch([Document(Article("one", text), b"", "text/plain")])
        back_up(folder, file, force=True)
        print("go", flush=True)
"""
RETURNING = """
import sys
from pathlib import Path
from qa.storage.sqlite.backup import restore

for number in range(10_000):
    restore(Path(sys.argv[2 + number % 2]), Path(sys.argv[1]), force=True)
    print("go", flush=True)
"""
KILLS = 5


def killed(code, chance, *arguments):
    """Runs it until it has done it once, and kills it somewhere in a later time."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout.readline() == "go\n"
        time.sleep(chance.uniform(0, 0.15))
        process.kill()


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_a_whole_one(tmp_path):
    chance, file = random.Random(7), tmp_path / "kept.db"
    for number in range(KILLS):
        killed(KEEPING, chance, tmp_path / "corpus", file)
        restore(file, tmp_path / f"new{number}")
        with open_(tmp_path / f"new{number}") as corpus:
            assert corpus.article("one").article.text.startswith("Lighthouse ")
            assert corpus.problems() == []


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_or_the_new(tmp_path, lighthouses):
    chance, folder = random.Random(11), tmp_path / "corpus"
    files, states = [tmp_path / "even.db", tmp_path / "odd.db"], []
    for file, numbers in zip(files, [(0, 2, 4), (1, 3)], strict=True):
        with open_(tmp_path / file.stem) as corpus:
            corpus.add_batch(lighthouses(*numbers))
            states.append(state(corpus))
        back_up(tmp_path / file.stem, file)
    for _ in range(KILLS):
        killed(RETURNING, chance, folder, *files)
        with open_(folder) as corpus:
            assert state(corpus) in states
            assert corpus.problems() == []


def test_the_command_line_keeps_and_restores(tmp_path):
    (tmp_path / "one.txt").write_text("A harbour pilot guides ships.")
    plain = {name: value for name, value in os.environ.items() if name[:3] != "QA_"}

    def qa(*arguments):
        return subprocess.run(
            [QA, *arguments],
            env={**plain, "QA_MODEL": "hash", "QA_DATA": "data"},
            cwd=tmp_path,
            text=True,
            capture_output=True,
            timeout=60,
        )

    assert qa("add", "one.txt").returncode == 0
    assert qa("backup", "kept.db").stdout.startswith("Kept 1 articles, 0.")
    refused = qa("restore", "kept.db", "--json")
    assert (refused.returncode, json.loads(refused.stdout)["error"]["code"]) == (1, "not_empty")
    restored = json.loads(qa("restore", "kept.db", "--data", "new", "--json").stdout)
    assert (restored["articles"], restored["jobs"], restored["file"]) == (1, 0, "kept.db")
    assert json.loads(qa("status", "--data", "new", "--json").stdout)["integrity"] == "ok"
