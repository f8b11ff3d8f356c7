import sqlite3
import threading
from dataclasses import replace

import numpy as np
import pytest

from qa.errors import CorpusBroken, StorageError
from qa.filters import Filters
from qa.storage.records import LIVE
from qa.storage.sqlite import (
    Chunk,
    Entry,
    Placed,
    Store,
    database,
    fingerprint,
    source,
    text_digest,
    writes,
)
from qa.types import Article, Removed

VECTOR = np.array([0.6, 0.8], "<f4").tobytes()


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "footnote.db")
    yield opened
    opened.close()


@pytest.fixture
def entry(document):
    """Makes an entry whose passages are the lines of its text."""

    def make(id_, text, vector=VECTOR, **fields):
        placed, start = [], 0
        for line in text.split("\n"):
            title = fields.get("title") or ""
            chunk = Chunk(title, fields.get("publisher") or "", start == 0, line)
            placed.append(Placed(start, start + len(line), chunk, vector, b"reading"))
            start += len(line) + 1
        return Entry(document(id_, text, **fields), tuple(placed))

    return make


def put(store, *entries):
    """One generation with these entries; its number."""
    with store.transaction():
        generation = store.next_generation()
        for item in entries:
            store.put(item, generation)
        store.retire_orphans(generation)
    return generation


def remove(store, *ids):
    with store.transaction():
        generation = store.next_generation()
        count = store.retire(ids, generation)
        store.retire_orphans(generation)
    return generation, count


def rows(store, table):
    return store.reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


# --- generations -------------------------------------------------------------------------------


def test_a_new_store_is_at_generation_0_and_empty(store):
    assert store.generation() == 0
    assert store.counts(0) == {"articles": 0, "passages": 0, "embedded": 0}
    assert store.meta() == {"schema": "4", "generation": "0"}
    assert store.check() == []


def test_a_reader_at_a_generation_sees_the_articles_of_that_generation(store, entry):
    first = put(store, entry("a", "Old text", title="Old"))
    second = put(store, entry("a", "New text", title="New"), entry("b", "Other"))
    third, count = remove(store, "a", "none")

    assert (first, second, third, count) == (1, 2, 3, 1)
    seen = [store.article("a", generation) for generation in (0, 1, 2, 3)]
    assert [s and s.article.text for s in seen] == [None, "Old text", "New text", None]
    assert [s and s.article.title for s in seen] == [None, "Old", "New", None]
    assert [s[0].article.id for s in store.articles(1)] == ["a"]
    assert [s[0].article.id for s in store.articles(2)] == ["a", "b"]
    assert [s[0].article.id for s in store.articles(3)] == ["b"]
    assert [store.counts(g)["articles"] for g in range(4)] == [0, 1, 2, 1]
    assert [store.live_chunks(g).tolist() for g in range(4)] == [[], [1], [2, 3], [3]]
    assert [store.matching_chunks(Filters(article_ids=("a",)), g).tolist() for g in range(4)] == [
        [],
        [1],
        [2],
        [],
    ]
    assert [list(store.occurrences([1, 2, 3], g)) for g in range(4)] == [[], [1], [2, 3], [3]]


def test_a_transaction_that_fails_changes_nothing(store, entry):
    put(store, entry("a", "One"))

    def fail():
        with store.transaction():
            store.put(entry("a", "Two"), store.next_generation())
            raise RuntimeError("midway")

    with pytest.raises(RuntimeError, match="midway"):
        fail()
    assert store.generation() == 1
    assert store.article("a", 9).article.text == "One"
    assert (rows(store, "articles"), rows(store, "chunks")) == (1, 1)


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_of_it(store, entry):
    put(store, entry("a", "One"))
    seen = []

    def read():
        seen.append((store.generation(), store.article("a", store.generation()).article.text))

    with store.transaction():
        store.put(entry("a", "Two"), store.next_generation())
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(5)
        assert seen == [(1, "One")]
    read()
    assert seen == [(1, "One"), (2, "Two")]


def test_changes_are_what_came_and_what_went_between_two_generations(store, entry):
    put(store, entry("a", "One\nTwo"))  # 1, 2
    put(store, entry("b", "Three"))  # 3
    put(store, entry("a", "Two"))  # 4: it leads now, so it is another chunk
    remove(store, "b")

    def between(since, until):
        changes = store.changes(since, until)
        return changes.added.tolist(), changes.removed.tolist()

    assert between(0, 1) == ([1, 2], [])
    assert between(1, 3) == ([3, 4], [1, 2])
    assert between(3, 4) == ([], [3])
    assert between(1, 4) == ([4], [1, 2, 3])
    assert between(4, 4) == ([], [])


# --- chunks ------------------------------------------------------------------------------------


def test_the_same_text_is_one_chunk_wherever_it_stands(store, entry):
    put(store, entry("a", "One\nTwo\nTwo"), entry("b", "One\nTwo"))

    assert store.passages_of(1) == [(0, 3, 1), (4, 7, 2), (8, 11, 2)]
    assert store.passages_of(2) == [(0, 3, 1), (4, 7, 2)]
    assert store.counts(1) == {"articles": 2, "passages": 5, "embedded": 2}
    places = store.occurrences([2], 1)[2]
    assert [(p.stored.article.id, p.start, p.end, p.text) for p in places] == [
        ("a", 4, 7, "Two"),
        ("a", 8, 11, "Two"),
        ("b", 4, 7, "Two"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        ("T", "b", True, "text"),
        ("t", "B", True, "text"),
        ("t", "b", False, "text"),
        ("t", "b", True, "Text"),
        ("tb", "", True, "text"),
    ],
)
def test_title_byline_lead_and_text_make_a_chunk(other):
    assert Chunk(*other).digest != Chunk("t", "b", True, "text").digest


def test_a_chunk_goes_out_with_the_last_article_that_has_it(store, entry):
    put(store, entry("a", "One"), entry("b", "One"))
    remove(store, "a")
    assert store.live_chunks(2).tolist() == [1]

    remove(store, "b")
    assert store.live_chunks(3).tolist() == []


def test_a_chunk_that_a_new_version_keeps_stays_what_it_is(store, entry):
    put(store, entry("a", "One\nTwo"))
    put(store, entry("a", "One\nThree"))

    assert store.live_chunks(2).tolist() == [1, 3]
    assert [o.start for o in store.occurrences([1], 2)[1]] == [0]


def test_a_key_is_never_used_twice(store, entry, monkeypatch):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    put(store, entry("a", "One"))
    remove(store, "a")
    with store.transaction():
        assert store.purge() == 1
    put(store, entry("a", "One"))

    assert rows(store, "chunks") == 1
    assert store.live_chunks(store.generation()).tolist() == [2]


def test_an_article_that_comes_twice_in_a_generation_is_there_once(store, entry):
    put(store, entry("a", "One"), entry("a", "Two"))

    assert store.article("a", 1).article.text == "Two"
    assert store.live_chunks(1).tolist() == [2]
    assert store.changes(0, 1).added.tolist() == [2]


def test_vectors_and_texts_come_in_the_order_asked_for(store, entry):
    vectors = [np.array([n, -n], "<f4") for n in (1, 2, 3)]
    put(store, *(entry(f"a{n}", f"Text {n}", v.tobytes()) for n, v in enumerate(vectors, 1)))

    wanted = np.array([3, 1, 2])
    assert store.vectors(wanted, 2).tolist() == [[3, -3], [1, -1], [2, -2]]
    assert list(store.texts(wanted)) == [(3, "Text 3"), (1, "Text 1"), (2, "Text 2")]
    assert store.vectors(wanted[:0], 2).shape == (0, 2)


def test_a_chunk_has_the_words_of_title_and_byline_once(store, entry):
    put(store, entry("a", "Pilots\nThey board.", title="Pilots", publisher="Gazette"))

    assert list(store.texts(np.array([1, 2]))) == [
        (1, "Gazette\nPilots"),
        (2, "Pilots\nGazette\nThey board."),
    ]
    [place] = store.occurrences([2], 1)[2]
    assert (place.words, place.lead) == ("Pilots\nGazette", False)


def test_readings_are_those_of_the_chunks_asked_for_and_go_out_with_them(store, entry, monkeypatch):
    put(store, entry("a", "One\nTwo"))
    assert store.readings([2, 1]) == {1: b"reading", 2: b"reading"}
    with pytest.raises(CorpusBroken, match="passage 7 is in the indexes and not in the store"):
        store.readings([2, 7])
    assert store.readings([]) == {}

    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    remove(store, "a")
    with store.transaction():
        store.purge()
    assert rows(store, "readings") == 0


def test_thousands_of_chunks_are_read_in_one_call(store, entry):
    put(store, entry("a", "\n".join(f"Line {n}" for n in range(2100))))
    keys = store.live_chunks(1)

    assert len(keys) == 2100
    assert [key for key, _ in store.texts(keys[::-1])] == keys[::-1].tolist()
    assert len(store.occurrences(keys.tolist(), 1)) == 2100
    digests = [Chunk("", "", n == 0, f"Line {n}").encoded for n in range(2100)]
    assert len(store.known_vectors(digests)) == 2100


def test_known_vectors_are_those_of_live_chunks(store, entry):
    put(store, entry("a", "One"), entry("b", "Two"))
    remove(store, "b")
    one, two = (Chunk("", "", True, text).encoded for text in ("One", "Two"))

    assert store.known_vectors([one, two, b"none"]) == {one: (VECTOR, b"reading")}


# --- copies ------------------------------------------------------------------------------------


def test_a_copy_of_an_article_has_its_passages(store, entry):
    original = entry("a", "One\nTwo", title="Title")
    put(store, original)

    assert store.copy_of(Article("b", "One\nTwo")) == original.placed


def test_an_article_is_no_copy_of_itself_of_another_text_or_of_one_that_is_gone(store, entry):
    put(store, entry("a", "One"), entry("b", "Two"))
    remove(store, "b")

    assert store.copy_of(Article("a", "One")) is None
    assert store.copy_of(Article("c", "one")) is None
    assert store.copy_of(Article("c", "Two")) is None


# --- purging -----------------------------------------------------------------------------------


def test_what_went_out_is_kept_while_a_reader_may_still_be_there(store, entry):
    put(store, entry("a", "One"))
    put(store, entry("a", "Two"))
    with store.transaction():
        assert store.purge() == 0

    assert store.article("a", 1).article.text == "One"


def test_what_went_out_long_ago_is_deleted_and_nothing_else(store, entry, monkeypatch):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    put(store, entry("a", "One\nShared"), entry("b", "Lead\nShared"), entry("c", "Three"))
    put(store, entry("a", "Two"))
    remove(store, "c")
    with store.transaction():
        assert store.purge() == 2

    assert store.article("a", 1) is None
    assert (rows(store, "articles"), rows(store, "chunks"), rows(store, "passages")) == (2, 3, 3)
    assert store.counts(3) == {"articles": 2, "passages": 3, "embedded": 3}
    assert rows(store, "generations") == 1
    assert store.check() == []


# --- what an article says ----------------------------------------------------------------------


def test_an_article_comes_back_as_it_was_stored(store, document):
    whole = replace(
        document(
            "a",
            "Zoë 🚢",
            title="Ti'tle",
            url="https://example.org/?a=1",
            publisher="P",
            author="A",
            published="2023-05",
            language="en",
            tags=("x", "y"),
            extra={"k": [1, None, {"n": 2.5}]},
            pages=(0, 3),
        ),
        raw=b"\xff\x00raw",
        media_type="application/pdf",
        encoding="latin-1",
        removed=(Removed("caption", "Photo: Zoë"),),
        notes=("a note",),
    )
    put(store, Entry(whole, ()))
    stored = store.article("a", 1)

    assert stored.article == whole.article
    assert store.raw(stored.key) == b"\xff\x00raw"
    assert (stored.removed, stored.notes) == (whole.removed, whole.notes)
    assert stored.digest == text_digest("Zoë 🚢")
    assert replace(store.document(stored.key), size=whole.size) == whole


def test_listing_gives_length_and_passages_but_no_text_page_by_page(store, entry):
    put(store, *(entry(id_, "One\nTwo") for id_ in "cabd"))
    page = store.articles(1, limit=2)
    rest = store.articles(1, after="b", limit=2)

    assert [(s.article.id, s.article.text, length, n) for s, length, n in [*page, *rest]] == [
        (id_, "", 7, 2) for id_ in "abcd"
    ]
    assert store.articles(1, after="d") == []


@pytest.mark.parametrize(("start", "page"), [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (10**9, 3)])
def test_the_page_of_a_place_is_that_on_which_it_begins(store, document, start, page):
    put(store, Entry(document("a", "text", pages=(0, 10, 20)), ()))

    assert source(store.article("a", 1), start).page == page


def test_an_article_without_pages_has_no_page(store, document):
    put(store, Entry(document("a", "text", author="A"), ()))

    found = source(store.article("a", 1), 3)
    assert (found.article_id, found.author, found.title, found.page) == ("a", "A", None, None)


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Text"},
        {"title": "t"},
        {"published": "2023"},
        {"tags": ("x",)},
        {"extra": {"a": 1}},
        {"pages": (0,)},
    ],
)
def test_the_fingerprint_is_that_of_everything_a_user_sees(other):
    article = Article("a", "text")

    assert fingerprint(article) == fingerprint(replace(article))
    assert fingerprint(article) != fingerprint(replace(article, **other))


# --- integrity ---------------------------------------------------------------------------------


def test_a_text_that_was_tampered_with_is_found(store, entry):
    put(store, entry("a", "One\nTwo"), entry("b", "Three"))
    with store.transaction() as db:
        db.execute("UPDATE articles SET text = 'One\nTwo.' WHERE id = 'a'")

    assert store.check() == [
        "the text of article 'a' is not what was stored: "
        "restore it from a backup, or add the article again"
    ]


def test_a_span_that_was_tampered_with_is_found(store, entry):
    put(store, entry("a", "One\nTwo"))
    with store.transaction() as db:
        db.execute("UPDATE passages SET end = 6 WHERE start = 4")

    assert store.check() == ["1 of the passages of article 'a' are not what was stored: qa reindex"]


def test_a_row_that_refers_to_nothing_is_found(store, entry):
    put(store, entry("a", "One"))
    with sqlite3.connect(store.path) as other:
        other.execute("DELETE FROM chunks")
    other.close()

    assert store.check() == [
        "SQLite: row None of passages refers to nothing",
        "SQLite: row 1 of readings refers to nothing",
        "0 chunks are live where 1 were stored, or not the same ones: qa reindex",
        "1 of the passages of article 'a' are not what was stored: qa reindex",
    ]


def test_a_passage_without_its_token_vectors_is_found(store, entry):
    put(store, entry("a", "One"), entry("b", "Two"))
    with sqlite3.connect(store.path) as other:
        other.execute("DELETE FROM readings WHERE chunk = 2")
    other.close()

    assert store.check() == ["the token vectors of passage 2 are not what was stored: qa reindex"]


def test_a_file_that_is_no_database_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "footnote.db"
    path.write_bytes(b"no database" * 1000)

    with pytest.raises(
        CorpusBroken, match=r"is not a database\. Restore it from a backup, or move"
    ):
        Store(path)


def test_a_store_of_another_version_is_refused(store):
    with store.transaction():
        store.set_meta({"schema": "7"})

    with pytest.raises(CorpusBroken, match="has schema 7, this version reads 4: use the version"):
        Store(store.path)


# --- what is asked often reads indexes alone ---------------------------------------------------


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.live_chunks(1),
        lambda store: store.changes(0, 1),
        lambda store: store.counts(1),
        lambda store: store.matching_chunks(Filters(publishers=("x",), published_from="2020"), 1),
        lambda store: store.matching_chunks(Filters(article_ids=("x",)), 1),
    ],
)
def test_no_texts_and_vectors_are_read_for(store, entry, ask):
    put(store, entry("a", "One"))
    asked = []
    store.reader.set_trace_callback(asked.append)
    ask(store)
    store.reader.set_trace_callback(None)

    plans = [
        row["detail"]
        for query in asked
        if "FROM generations" not in query
        for row in store.reader.execute(f"EXPLAIN QUERY PLAN {query}")
    ]
    read = [p for p in plans if p.startswith(("SCAN a", "SEARCH a", "SCAN c", "SEARCH c"))]
    assert read
    assert all("COVERING INDEX" in plan for plan in read), plans


def test_an_article_is_found_by_its_id_without_a_scan(store):
    plan = store.reader.execute(
        f"EXPLAIN QUERY PLAN SELECT a.text FROM articles a WHERE a.id = 'x' AND {LIVE}", {"g": 1}
    ).fetchall()

    assert [row["detail"] for row in plan] == [
        "SEARCH a USING INDEX article_by_id (id=? AND added_in<?)"
    ]


# --- filters from one generation to the next ---------------------------------------------------


@pytest.mark.parametrize("most", [0, 20_000])
def test_filters_are_right_at_every_generation_however_they_were_asked(
    store, entry, monkeypatch, most
):
    monkeypatch.setattr("qa.storage.sqlite.matching.MOST_CHANGES", most)
    blic, expected = Filters(publishers=("Blic",)), [[]]
    put(store, entry("a", "One\nTwo", publisher="Blic"), entry("b", "Three", publisher="TASS"))
    expected.append([1, 2])
    assert store.matching_chunks(blic, 1).tolist() == expected[1]
    put(store, entry("c", "Four\nTwo", publisher="Blic"), entry("b", "Five", publisher="Blic"))
    expected.append([1, 2, 4, 5])
    assert store.matching_chunks(blic, 2).tolist() == expected[2]
    remove(store, "a")
    put(store, entry("c", "Four", publisher="TASS"))
    expected += [[2, 4, 5], [5]]

    for generation in (4, 0, 1, 2, 3, 4):
        assert store.matching_chunks(blic, generation).tolist() == expected[generation]


def test_filters_are_right_after_what_went_out_was_purged(store, entry, monkeypatch):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    blic = Filters(publishers=("Blic",))
    put(store, entry("a", "One", publisher="Blic"), entry("b", "Two", publisher="Blic"))
    assert store.matching_chunks(blic, 1).tolist() == [1, 2]
    remove(store, "a")
    with store.transaction():
        store.purge()

    assert store.purged_to() == 2
    assert store.matching_chunks(blic, 2).tolist() == [2]


def test_filters_are_right_when_what_went_out_is_purged_while_they_are_resolved(
    store, entry, monkeypatch
):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    filters = Filters(publishers=("blic",))
    put(store, entry("a", "One", publisher="Blic"))
    assert store.matching_chunks(filters, 1).tolist() == [1]
    put(store, entry("a", "Two", publisher="Blic"))
    ask = store._numbers

    def purging(*arguments):
        monkeypatch.setattr(store, "_numbers", ask)
        with store.transaction():
            assert store.purge() == 1
        return ask(*arguments)

    monkeypatch.setattr(store, "_numbers", purging)
    assert store.matching_chunks(filters, 2).tolist() == [2]


def test_only_the_filters_used_last_are_remembered(store, entry, monkeypatch):
    monkeypatch.setattr("qa.storage.sqlite.matching.REMEMBERED", 2)
    put(store, entry("a", "One"))
    for name in "abcd":
        store.matching_chunks(Filters(article_ids=(name,)), 1)

    assert [filters.article_ids for filters in store._matched] == [("c",), ("d",)]


# --- giving back -------------------------------------------------------------------------------


def test_a_purge_takes_so_many_at_a_time_and_the_rest_the_next(store, entry, monkeypatch):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    put(store, *(entry(f"a{n}", f"Text {n}") for n in range(5)))
    remove(store, *(f"a{n}" for n in range(4)))
    left = []
    for _ in range(4):
        with store.transaction():
            store.purge(most=2)
        left.append((rows(store, "articles"), rows(store, "chunks"), rows(store, "readings")))

    assert left == [(3, 3, 3), (1, 1, 1), (1, 1, 1), (1, 1, 1)]


def test_free_pages_are_given_back_some_at_a_time(store, entry, monkeypatch):
    monkeypatch.setattr(writes, "PURGE_AFTER_SECONDS", -1.0)
    put(store, *(entry(f"a{n}", f"{n} " * 5000) for n in range(20)))
    remove(store, *(f"a{n}" for n in range(20)))
    with store.transaction():
        store.purge()

    assert store.shrink(pages=10) == 10
    assert store.shrink() > 50
    assert store.shrink() == 0


def test_of_two_that_write_one_waits_for_the_other(store, monkeypatch):
    other = Store(store.path)
    monkeypatch.setattr(database, "PATIENCE_SECONDS", 0.05)
    with (
        store.transaction(),
        pytest.raises(StorageError, match="another process is writing"),
        other.transaction(),
    ):
        pass
    with other.transaction():
        other.set_meta({"mine": "now"})
    assert store.meta()["mine"] == "now"
    other.close()
