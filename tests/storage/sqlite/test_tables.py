"""What only a store in SQLite has: rows to count and to tamper with, query plans, pages."""

import sqlite3
from contextlib import closing, contextmanager

import pytest

from qa.errors import CorpusBroken, StorageError
from qa.filters import Filters
from qa.storage.sql import purging
from qa.storage.sql.columns import LIVE
from qa.storage.sqlite import SqliteStore, database
from tests.storage.conftest import put, remove


@contextmanager
def sql(store):
    """A connection of somebody else's, for whom nothing is forbidden."""
    with closing(sqlite3.connect(store.path)) as db, db:
        yield db


def rows(store, table):
    with sql(store) as db:
        return db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def purge(store, most=purging.PURGED_AT_ONCE):
    with store._database.transaction():
        return purging.purge(store._database, most)


def shrink(store, pages=purging.SHRUNK_AT_ONCE):
    return store._database.shrink(pages)


def test_a_transaction_that_fails_changes_nothing(store, entry):
    put(store, entry("a", "One"))

    def fail():
        with store.changing() as change:
            change.put(entry("a", "Two"))
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        fail()
    assert store.generation() == 1
    assert store.reading(9).article("a").article.text == "One"
    assert (rows(store, "articles"), rows(store, "chunks")) == (1, 1)


def test_a_key_is_never_used_twice(store, entry, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    put(store, entry("a", "One"))
    remove(store, "a")
    assert purge(store) == 1
    put(store, entry("a", "One"))

    assert rows(store, "chunks") == 1
    assert store.live_chunks(store.generation()).tolist() == [2]


def test_token_vectors_are_those_of_the_chunks_asked_for_and_go_out_with_them(
    store, entry, monkeypatch
):
    put(store, entry("a", "One\nTwo"))
    assert store.reading(1).token_vectors([2, 1]) == {1: b"tokens", 2: b"tokens"}
    with pytest.raises(CorpusBroken, match="passage 7 is in the indexes and not in the store"):
        store.reading(1).token_vectors([2, 7])
    assert store.reading(1).token_vectors([]) == {}

    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    remove(store, "a")
    purge(store)
    assert rows(store, "token_vectors") == 0


def test_what_went_out_long_ago_is_deleted_and_nothing_else(store, entry, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    put(store, entry("a", "One\nShared"), entry("b", "Lead\nShared"), entry("c", "Three"))
    put(store, entry("a", "Two"))
    remove(store, "c")
    assert purge(store) == 2

    assert store.reading(1).article("a") is None
    assert (rows(store, "articles"), rows(store, "chunks"), rows(store, "passages")) == (2, 3, 3)
    assert store.reading(3).counts == {"articles": 2, "passages": 3, "embedded": 3}
    assert rows(store, "generations") == 1
    assert store.check() == []


def test_a_text_that_was_tampered_with_is_found(store, entry):
    put(store, entry("a", "One\nTwo"), entry("b", "Three"))
    with sql(store) as db:
        db.execute("UPDATE articles SET text = 'One\nTwo.' WHERE id = 'a'")

    assert store.check() == [
        "the text of article 'a' is not what was stored: "
        "restore it from a backup, or add the article again"
    ]


def test_a_span_that_was_tampered_with_is_found(store, entry):
    put(store, entry("a", "One\nTwo"))
    with sql(store) as db:
        db.execute("UPDATE passages SET end = 6 WHERE start = 4")

    assert store.check() == ["1 of the passages of article 'a' are not what was stored: qa reindex"]


def test_a_row_that_refers_to_nothing_is_found(store, entry):
    put(store, entry("a", "One"))
    with sql(store) as db:
        db.execute("DELETE FROM chunks")

    assert store.check() == [
        "SQLite: row None of passages refers to nothing",
        "SQLite: row 1 of token_vectors refers to nothing",
        "0 chunks are live where 1 were stored, or not the same ones: qa reindex",
        "1 of the passages of article 'a' are not what was stored: qa reindex",
    ]


def test_a_passage_without_its_token_vectors_is_found(store, entry):
    put(store, entry("a", "One"), entry("b", "Two"))
    with sql(store) as db:
        db.execute("DELETE FROM token_vectors WHERE chunk = 2")

    assert store.check() == ["the token vectors of passage 2 are not what was stored: qa reindex"]


def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "footnote.db"
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(
        CorpusBroken, match=r"is not a database\. Restore it from a backup, or move"
    ):
        SqliteStore(path)


def test_a_store_of_another_version_is_refused(store):
    with store.changing() as change:
        change.set_meta({"schema": "7"})

    with pytest.raises(CorpusBroken, match="has schema 7, this version reads 6: use the version"):
        SqliteStore(store.path)


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.live_chunks(1),
        lambda store: store.changes(0, 1),
        lambda store: store.reading(1).counts,
        lambda store: store.reading(1).matching(Filters(publishers=("x",), published_from="2020")),
        lambda store: store.reading(1).matching(Filters(article_ids=("x",))),
    ],
)
def test_no_texts_and_vectors_are_read_for(store, entry, ask):
    put(store, entry("a", "One"))
    asked = []
    store._database.reader.set_trace_callback(asked.append)
    ask(store)
    store._database.reader.set_trace_callback(None)

    plans = [
        row["detail"]
        for query in asked
        if "FROM generations" not in query
        for row in store._database.reader.execute(f"EXPLAIN QUERY PLAN {query}")
    ]
    read = [p for p in plans if p.startswith(("SCAN a", "SEARCH a", "SCAN c", "SEARCH c"))]
    assert read
    assert all("COVERING INDEX" in plan for plan in read), plans


def test_an_article_is_found_by_its_id_without_a_scan(store):
    plan = store._database.reader.execute(
        f"EXPLAIN QUERY PLAN SELECT a.text FROM articles a WHERE a.id = 'x' AND {LIVE}", {"g": 1}
    ).fetchall()

    assert [row["detail"] for row in plan] == [
        "SEARCH a USING INDEX article_by_id (id=? AND added_in<?)"
    ]


def test_filters_are_right_when_what_went_out_is_purged_while_they_are_resolved(
    store, entry, monkeypatch
):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    filters = Filters(publishers=("blic",))
    put(store, entry("a", "One", publisher="Blic"))
    assert store.reading(1).matching(filters).tolist() == [1]
    put(store, entry("a", "Two", publisher="Blic"))
    ask = store._database.numbers

    def meanwhile(*arguments):
        monkeypatch.setattr(store._database, "numbers", ask)
        assert purge(store) == 1
        return ask(*arguments)

    monkeypatch.setattr(store._database, "numbers", meanwhile)
    assert store.reading(2).matching(filters).tolist() == [2]


def test_only_the_filters_used_last_are_remembered(store, entry, monkeypatch):
    monkeypatch.setattr("qa.storage.sql.matching.REMEMBERED", 2)
    put(store, entry("a", "One"))
    for name in "abcd":
        store.reading(1).matching(Filters(article_ids=(name,)))

    assert [filters.article_ids for filters in store._matching._matched] == [("c",), ("d",)]


def test_a_purge_takes_so_many_at_a_time_and_the_rest_the_next(store, entry, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    put(store, *(entry(f"a{n}", f"Text {n}") for n in range(5)))
    remove(store, *(f"a{n}" for n in range(4)))
    left = []
    for _ in range(4):
        purge(store, most=2)
        left.append((rows(store, "articles"), rows(store, "chunks"), rows(store, "token_vectors")))

    assert left == [(3, 3, 3), (1, 1, 1), (1, 1, 1), (1, 1, 1)]


def test_free_pages_are_given_back_some_at_a_time(store, entry, monkeypatch):
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)
    put(store, *(entry(f"a{n}", f"{n} " * 5000) for n in range(20)))
    remove(store, *(f"a{n}" for n in range(20)))
    purge(store)

    assert shrink(store, 10) == 10
    assert shrink(store) > 50
    assert shrink(store) == 0


def test_of_two_that_write_one_waits_for_the_other(store, monkeypatch):
    other = SqliteStore(store.path)
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.05)
    with (
        store.changing(),
        pytest.raises(StorageError, match="another process is writing"),
        other.changing(),
    ):
        pass
    with other.changing() as change:
        change.set_meta({"mine": "now"})
    assert store.meta()["mine"] == "now"
    other.close()
