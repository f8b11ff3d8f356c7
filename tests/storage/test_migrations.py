"""Databases of earlier versions: the same answers afterwards, and no harm in being cut off."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from embeddings import HashEncoder
from qa import Corpus
from qa.errors import CorpusBroken
from qa.storage.sqlite import SqliteStore
from qa.storage.sqlite.migrations import MIGRATIONS

FIXTURES = Path(__file__).parents[1] / "fixtures"
EXPECTED = json.loads((FIXTURES / "schema-3.json").read_text("utf-8"))
for _stored in EXPECTED["articles"]:  # this version also gives the names apart
    _author = _stored["article"]["author"]
    _stored["article"]["authors"] = [_author] if _author else []
QUESTIONS = ("Who guides ships?", "What does The Harbour Gazette report?", "What delays everyone?")
QUOTES = ("The pilot boards at dawn.", "A harbour pilot guides boats.", "Nobody said any of this.")


def answers(corpus):
    """Articles, passages, raw inputs, answers and verdicts, as plain values."""
    ids = [stored.article.id for stored, _, _ in corpus.articles()]
    stored = [asdict(corpus.article(id_)) for id_ in ids]
    passages = [p for id_ in ids for p in corpus.passages_of(corpus.article(id_))]
    asked = [corpus.ask(question) for question in QUESTIONS]
    found = {
        "counts": corpus.counts(),
        "generation": corpus.view.version,
        "articles": [_recorded(one) for one in stored],
        "raw": [corpus.raw(id_).decode() for id_ in ids],
        "passages": [passage.id for passage in passages],
        "asked": [[_hit(hit) for hit in answer.hits] for answer in asked],
        "confidence": [round(answer.confidence, 3) for answer in asked],
        "related": [_hit(hit) for hit in corpus.related(passage_id=passages[0].id).hits],
        "checked": [_verdict(corpus.check(quote)) for quote in QUOTES],
    }
    return json.loads(json.dumps(found))


def _recorded(stored):
    """What was recorded of an article: its fingerprint was not, though it was stored."""
    assert len(stored.pop("fingerprint")) == 64
    return {**stored, "key": 0}


def _hit(hit):
    marked = [[span.start, span.end] for span in hit.highlights]
    also = [passage.id for _, passage in hit.also_in]
    return [hit.passage.id, hit.citation, hit.words, marked, also]


def _verdict(verdict):
    return [verdict.verdict, [[m.passage_id, m.start, m.end, m.text] for m in verdict.matches]]


def structure(path):
    """Tables with columns and references, and indexes."""
    with closing(sqlite3.connect(path)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE sql > ''")]
        return {
            name: [
                db.execute(f"PRAGMA {what}({name})").fetchall()
                for what in ("table_xinfo", "foreign_key_list", "index_xinfo")
            ]
            for name in tables
        }


def execute(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def version(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0]


@pytest.fixture
def folder(tmp_path):
    """A corpus of version 3, whose indexes are lost."""
    (tmp_path / "corpus").mkdir()
    shutil.copy(FIXTURES / "schema-3.db", tmp_path / "corpus" / "footnote.db")
    return tmp_path / "corpus"


@pytest.fixture
def path(folder):
    return folder / "footnote.db"


@pytest.fixture
def fresh(tmp_path):
    SqliteStore(tmp_path / "fresh.db").close()
    return structure(tmp_path / "fresh.db")


def assert_upgraded(folder, fresh):
    assert structure(folder / "footnote.db") == fresh
    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        assert corpus.problems() == []
        assert answers(corpus) == EXPECTED


@pytest.mark.parametrize("earlier", ["3", "4", "5", "6"])
def test_a_corpus_of_an_earlier_version_answers_as_it_did(folder, path, fresh, document, earlier):
    # The last is this version, until the next: no release may forget how to read it.
    shutil.copy(FIXTURES / f"schema-{earlier}.db", path)
    SqliteStore(path).close()
    assert version(path) == "6"
    assert_upgraded(folder, fresh)

    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        before = corpus.storage.published.indexes.vectors.keys().max()
        corpus.add_batch([document("new", "Nothing of the sort.")])
        corpus.remove(["pilots"])
        assert corpus.storage.published.indexes.vectors.keys().max() == before + 1
        assert corpus.problems() == []


def test_a_key_is_not_used_again_after_an_upgrade(path):
    with closing(sqlite3.connect(path)) as db:
        [used] = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    execute(path, "DELETE FROM passages", "DELETE FROM readings", "DELETE FROM chunks")
    store = SqliteStore(path)
    [now] = store._database.reader.execute(
        "SELECT seq FROM sqlite_sequence WHERE name = 'chunks'"
    ).fetchone()
    store.close()

    assert now == used == 8


def test_a_step_that_fails_has_not_happened(folder, path, fresh, monkeypatch):
    for step in (4, 5):
        with monkeypatch.context() as patch:
            failing = (*MIGRATIONS[step], "CREATE INDEX other ON nowhere (x)")
            patch.setitem(MIGRATIONS, step, failing)
            with pytest.raises(CorpusBroken, match="no such table"):
                SqliteStore(path)
        assert version(path) == str(step - 1)

    SqliteStore(path).close()
    assert_upgraded(folder, fresh)


KILLED = """
import os, signal, sys
from pathlib import Path
from qa.storage.sqlite import SqliteStore, migrations

migrations.CHUNKS_AT_ONCE = migrations.ARTICLES_AT_ONCE = 2
left = 1
def dying(*arguments):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return before(*arguments)
before = migrations._next_articles
migrations._next_articles = dying
SqliteStore(Path(sys.argv[1])).close()
"""


def test_an_upgrade_that_is_killed_goes_on(folder, path, fresh):
    """Each time it gets on by one transaction, and is killed within the next."""
    codes = []
    while not codes or codes[-1] != 0:
        assert len(codes) < 20
        run = subprocess.run([sys.executable, "-c", KILLED, path], timeout=60)
        codes.append(run.returncode)

    assert codes == [-signal.SIGKILL] * 4 + [0]
    assert_upgraded(folder, fresh)


def test_what_an_earlier_version_wrote_between_two_tries_is_in(folder, path, fresh, monkeypatch):
    monkeypatch.setattr("qa.storage.sqlite.migrations.CHUNKS_AT_ONCE", 100)
    with monkeypatch.context() as patch:
        patch.setitem(MIGRATIONS, 4, ("CREATE INDEX other ON nowhere (x)",))
        with pytest.raises(CorpusBroken, match="no such table"):
            SqliteStore(path)
    execute(  # as version 3 takes an article out
        path,
        "UPDATE meta SET value = '8' WHERE key = 'generation'",
        "INSERT INTO generations VALUES (8, 0)",
        "UPDATE articles SET removed_in = 8 WHERE id = 'report' AND removed_in IS NULL",
        "UPDATE chunks SET removed_in = 8 WHERE removed_in IS NULL AND key IN (SELECT p.chunk"
        " FROM passages p JOIN articles a ON a.key = p.article WHERE a.id = 'report')",
    )

    with Corpus.open(folder, encoder=HashEncoder()) as corpus:
        assert corpus.problems() == []
        assert [s.article.id for s, _, _ in corpus.articles()] == ["copy", "pilots", "čaj"]
        assert corpus.counts()["passages"] == 3
    assert structure(path) == fresh


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE chunks SET vector = x'00'", "the vector of passage"),
        ("UPDATE readings SET data = x''", "the token vectors of passage"),
        ("UPDATE articles SET raw = x'00'", "the input of article"),
        ("UPDATE articles SET tags = '['", "what is known of article"),
    ],
)
def test_an_upgrade_vouches_for_nothing_that_is_damaged_already(path, damage, said):
    execute(path, damage)
    store = SqliteStore(path)
    problems = store.check()
    store.close()

    assert problems
    assert all(problem.startswith(said) for problem in problems)
