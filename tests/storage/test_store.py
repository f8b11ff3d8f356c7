import threading
from dataclasses import replace

import numpy as np
import pytest

from qa.citations.line import source
from qa.errors import CorpusBroken
from qa.filters import Filters
from qa.storage.records import Chunk, Entry, fingerprint, text_digest
from qa.storage.sql import writes
from qa.types import Article, Removed
from tests.storage.conftest import VECTOR, put, remove

# --- generations -------------------------------------------------------------------------------


def test_a_new_store_is_at_generation_0_and_empty(store):
    assert store.generation() == 0
    assert store.reading(0).counts == {"articles": 0, "passages": 0, "embedded": 0}
    assert store.meta() == {"schema": "6", "generation": "0", "dimension": "2"}
    assert store.check() == []


def test_a_reader_at_a_generation_sees_the_articles_of_that_generation(store, entry):
    first = put(store, entry("a", "Old text", title="Old"))
    second = put(store, entry("a", "New text", title="New"), entry("b", "Other"))
    third, gone = remove(store, "a", "none")

    assert (first, second, third, gone) == (1, 2, 3, ["a"])
    seen = [store.reading(generation).article("a") for generation in (0, 1, 2, 3)]
    assert [s and s.article.text for s in seen] == [None, "Old text", "New text", None]
    assert [s and s.article.title for s in seen] == [None, "Old", "New", None]
    assert [s[0].article.id for s in store.reading(1).articles()] == ["a"]
    assert [s[0].article.id for s in store.reading(2).articles()] == ["a", "b"]
    assert [s[0].article.id for s in store.reading(3).articles()] == ["b"]
    assert [store.reading(g).counts["articles"] for g in range(4)] == [0, 1, 2, 1]
    assert [store.live_chunks(g).tolist() for g in range(4)] == [[], [1], [2, 3], [3]]
    assert [store.reading(g).matching(Filters(article_ids=("a",))).tolist() for g in range(4)] == [
        [],
        [1],
        [2],
        [],
    ]
    for generation, there in enumerate(([], [1], [2, 3], [3])):
        reads = store.reading(generation)
        assert list(reads.occurrences(there)) == there
        with pytest.raises(CorpusBroken, match="is in the indexes and not in the store"):
            reads.occurrences([1, 2, 3])


def test_a_reader_does_not_wait_for_a_writer_and_sees_nothing_of_it(store, entry):
    put(store, entry("a", "One"))
    seen = []

    def read():
        seen.append(
            (store.generation(), store.reading(store.generation()).article("a").article.text)
        )

    with store.changing() as change:
        change.put(entry("a", "Two"))
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

    assert store.reading(1).passages_of(1) == [(0, 3, 1), (4, 7, 2), (8, 11, 2)]
    assert store.reading(1).passages_of(2) == [(0, 3, 1), (4, 7, 2)]
    assert store.reading(1).counts == {"articles": 2, "passages": 5, "embedded": 2}
    places = store.reading(1).occurrences([2])[2]
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
    assert [o.start for o in store.reading(2).occurrences([1])[1]] == [0]


def test_an_article_that_comes_twice_in_a_generation_is_there_once(store, entry):
    put(store, entry("a", "One"), entry("a", "Two"))

    assert store.reading(1).article("a").article.text == "Two"
    assert store.live_chunks(1).tolist() == [2]
    assert store.changes(0, 1).added.tolist() == [2]


def test_vectors_and_texts_come_in_the_order_asked_for(store, entry):
    vectors = [np.array([n, -n], "<f4") for n in (1, 2, 3)]
    put(store, *(entry(f"a{n}", f"Text {n}", v.tobytes()) for n, v in enumerate(vectors, 1)))

    wanted = np.array([3, 1, 2])
    assert store.vectors(wanted).tolist() == [[3, -3], [1, -1], [2, -2]]
    assert list(store.texts(wanted)) == [(3, "Text 3"), (1, "Text 1"), (2, "Text 2")]
    assert store.vectors(wanted[:0]).shape == (0, 2)


def test_a_chunk_has_the_words_of_title_and_byline_once(store, entry):
    put(store, entry("a", "Pilots\nThey board.", title="Pilots", publisher="Gazette"))

    assert list(store.texts(np.array([1, 2]))) == [
        (1, "Gazette\nPilots"),
        (2, "Pilots\nGazette\nThey board."),
    ]
    [place] = store.reading(1).occurrences([2])[2]
    assert (place.words, place.lead) == ("Pilots\nGazette", False)


def test_thousands_of_chunks_are_read_in_one_call(store, entry):
    put(store, entry("a", "\n".join(f"Line {n}" for n in range(2100))))
    keys = store.live_chunks(1)

    assert len(keys) == 2100
    assert [key for key, _ in store.texts(keys[::-1])] == keys[::-1].tolist()
    assert len(store.reading(1).occurrences(keys.tolist())) == 2100
    digests = [Chunk("", "", n == 0, f"Line {n}").encoded for n in range(2100)]
    assert len(store.known_vectors(digests)) == 2100


def test_known_vectors_are_those_of_live_chunks(store, entry):
    put(store, entry("a", "One"), entry("b", "Two"))
    remove(store, "b")
    one, two = (Chunk("", "", True, text).encoded for text in ("One", "Two"))

    assert store.known_vectors([one, two, b"none"]) == {one: (VECTOR, b"tokens")}


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
    assert store.tidy() == 0

    assert store.reading(1).article("a").article.text == "One"


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
    stored = store.reading(1).article("a")

    assert stored.article == whole.article
    assert store.reading(1).raw(stored.key) == b"\xff\x00raw"
    assert (stored.removed, stored.notes) == (whole.removed, whole.notes)
    assert stored.digest == text_digest("Zoë 🚢")
    assert replace(store.document(stored.key), size=whole.size) == whole


def test_listing_gives_length_and_passages_but_no_text_page_by_page(store, entry):
    put(store, *(entry(id_, "One\nTwo") for id_ in "cabd"))
    page = store.reading(1).articles(limit=2)
    rest = store.reading(1).articles(after="b", limit=2)

    assert [(s.article.id, s.article.text, length, n) for s, length, n in [*page, *rest]] == [
        (id_, "", 7, 2) for id_ in "abcd"
    ]
    assert store.reading(1).articles(after="d") == []


@pytest.mark.parametrize(("start", "page"), [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (10**9, 3)])
def test_the_page_of_a_place_is_that_on_which_it_begins(store, document, start, page):
    put(store, Entry(document("a", "text", pages=(0, 10, 20)), ()))

    assert source(store.reading(1).article("a"), start).page == page


def test_an_article_without_pages_has_no_page(store, document):
    put(store, Entry(document("a", "text", author="A"), ()))

    found = source(store.reading(1).article("a"), 3)
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


# --- what is asked often reads indexes alone ---------------------------------------------------


# --- filters from one generation to the next ---------------------------------------------------


@pytest.mark.parametrize("most", [0, 20_000])
def test_filters_are_right_at_every_generation_however_they_were_asked(
    store, entry, monkeypatch, most
):
    monkeypatch.setattr("qa.storage.sql.matching.MOST_CHANGES", most)
    blic, expected = Filters(publishers=("Blic",)), [[]]
    put(store, entry("a", "One\nTwo", publisher="Blic"), entry("b", "Three", publisher="TASS"))
    expected.append([1, 2])
    assert store.reading(1).matching(blic).tolist() == expected[1]
    put(store, entry("c", "Four\nTwo", publisher="Blic"), entry("b", "Five", publisher="Blic"))
    expected.append([1, 2, 4, 5])
    assert store.reading(2).matching(blic).tolist() == expected[2]
    remove(store, "a")
    put(store, entry("c", "Four", publisher="TASS"))
    expected += [[2, 4, 5], [5]]

    for generation in (4, 0, 1, 2, 3, 4):
        assert store.reading(generation).matching(blic).tolist() == expected[generation]


def test_filters_are_right_after_what_went_out_was_purged(store, entry, purged_at_once):
    blic = Filters(publishers=("Blic",))
    put(store, entry("a", "One", publisher="Blic"), entry("b", "Two", publisher="Blic"))
    assert store.reading(1).matching(blic).tolist() == [1, 2]
    remove(store, "a")
    store.tidy()

    assert store.purged_to() == 2
    assert store.reading(2).matching(blic).tolist() == [2]


# --- giving back -------------------------------------------------------------------------------


def test_large_inputs_are_not_all_in_one_statement(store, entry, monkeypatch):
    together = []
    insert = writes.Change.insert

    def recorded(self, *entries):
        together.append(len(entries))
        insert(self, *entries)

    monkeypatch.setattr(writes.Change, "insert", recorded)
    made = [entry(f"a{n}", f"Pilot {n}") for n in range(5)]
    monkeypatch.setattr(writes, "BYTES_AT_ONCE", 2 * len(made[0].document.raw))
    with store.changing() as change:
        change.put(*made)

    assert together == [2, 2, 1]
    assert store.generation() == 1
