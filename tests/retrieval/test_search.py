import numpy as np
import pytest

from qa.citations.line import citation
from qa.filters import Filters
from qa.retrieval.fusion import lead
from qa.retrieval.search import Query, candidates, search
from qa.storage.lexical import LexicalIndex
from qa.storage.published import Indexes
from qa.storage.records import Chunk, Entry, Placed, text_digest
from qa.storage.sqlite import SqliteStore
from qa.storage.vectors import VectorIndex
from qa.storage.view import View
from qa.text.terms import terms
from qa.types import Source

EAST, NORTH = np.array([1, 0], np.float32), np.array([0, 1], np.float32)


def direction(cosine):
    """A unit vector at that cosine to EAST."""
    return np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)


@pytest.fixture
def make(tmp_path, document):
    """Builds store and snapshot of articles: id, text, [(start, end, cosine to EAST)], fields."""
    store = SqliteStore(tmp_path / "footnote.db")

    def build(*articles):
        with store.changing() as change:
            change.set_meta({"dimension": "2"})
            for id_, text, places, *fields in articles:
                placed = [
                    Placed(s, e, Chunk("", "", s == 0, text[s:e]), direction(cosine).tobytes(), b"")
                    for s, e, cosine in places
                ]
                change.put(Entry(document(id_, text, **(dict(*fields))), tuple(placed)))
        generation = store.generation()
        keys = store.live_chunks(generation)
        none = np.empty(0, np.int64)
        vectors = VectorIndex(2).with_changes(keys, store.vectors(keys), none)
        lexical = LexicalIndex(tmp_path / "lexical")
        lexical.update((), store.texts(keys))
        indexes = Indexes(generation, vectors, lexical.searcher())
        return View(store.reading(generation), indexes)

    yield build
    store.close()


def ids(hits):
    return [hit.passage.article_id for hit in hits]


@pytest.fixture
def four(make):
    """Four articles of one passage each."""
    return make(
        ("pilots", "Pilots board.", [(0, 13, 0.8)], {"language": "en"}),
        ("boats", "Boats sail.", [(0, 11, 0.6)], {"language": "en"}),
        ("bakers", "Bakers board boats.", [(0, 19, 0.0)], {"language": "sr"}),
        ("bread", "Bread rises.", [(0, 12, -0.6)], {"language": "sr"}),
    )


# --- candidates --------------------------------------------------------------------------------


def test_a_candidate_has_cosine_bm25_and_their_fused_score(four):
    view = four
    bm25 = view.best(terms("boats board"), 5)
    assert bm25.keys.tolist() == [3, 1, 2]

    best, low, high = bm25.scores.tolist()[0], bm25.scores.min(), bm25.scores.max()
    found = {c.chunk: c for c in candidates(view, Query("boats board", EAST))}
    dense = {1: 0.8, 2: 0.6, 3: 0.0, 4: -0.6}
    lexical = {**dict(zip(bm25.keys.tolist(), bm25.scores.tolist(), strict=True)), 4: None}
    assert {key: c.dense for key, c in found.items()} == pytest.approx(dense, abs=1e-6)
    assert {key: c.lexical for key, c in found.items()} == lexical
    # The fewer of the words it can find, the more the vectors count.
    rarity = float(view.frequencies(terms("boats board")).rarity.sum())
    ahead = lead(view.nearest(EAST, 200)) - lead(bm25)
    weight = max(0.1, 0.55 - 0.6 * best / (2.2 * rarity) + 0.04 * ahead)
    assert {key: c.score for key, c in found.items()} == pytest.approx(
        {
            1: weight * 1.0 + (1 - weight) * (lexical[1] - low) / (high - low),
            2: weight * (0.6 + 0.6) / 1.4 + (1 - weight) * (lexical[2] - low) / (high - low),
            3: weight * 0.6 / 1.4 + (1 - weight) * (best - low) / (high - low),
            4: 0.0,
        },
        abs=1e-6,
    )


def test_each_mode_asks_its_own_leg(four):
    view = four
    dense = search(view, Query("bread", EAST, "dense"))
    lexical = search(view, Query("bread", EAST, "lexical"))

    assert ids(dense) == ["pilots", "boats", "bakers", "bread"]
    assert [hit.lexical for hit in dense] == [None] * 4
    assert [hit.score for hit in dense] == pytest.approx([1, 1.2 / 1.4, 0.6 / 1.4, 0], abs=1e-6)
    assert [(h.passage.article_id, h.score, h.dense) for h in lexical] == [("bread", 1.0, None)]


def test_excluded_chunks_do_not_come_back_and_do_not_stretch_the_scores(four):
    view = four
    hits = search(view, Query("none", EAST, "dense", exclude=frozenset([1, 4])))

    assert [(h.passage.article_id, h.score) for h in hits] == [("boats", 1.0), ("bakers", 0.0)]


def test_filters_are_applied_before_ranking(four):
    view = four
    serbian = Filters(languages=("sr",))

    assert ids(search(view, Query("bread", EAST, "dense", serbian, 1))) == ["bakers"]
    assert ids(search(view, Query("bread", EAST, "hybrid", serbian, 1))) == ["bread"]
    assert ids(search(view, Query("boats", EAST, "lexical", serbian))) == ["bakers"]
    assert search(view, Query("bread", EAST, filters=Filters(tags=("none",)))) == []


@pytest.mark.parametrize("top_k", [1, 2, 3, 4, 100])
def test_at_most_so_many_hits_are_given(four, top_k):
    view = four
    hits = search(view, Query("none", EAST, "dense", top_k=top_k))

    assert ids(hits) == ["pilots", "boats", "bakers", "bread"][:top_k]


def test_two_hundred_hits_are_found_when_asked_for(make):
    articles = [(f"a{n}", f"Text {n}.", [(0, len(f"Text {n}."), n / 400)]) for n in range(250)]
    view = make(*articles)
    hits = search(view, Query("none", EAST, "dense", top_k=220))

    assert ids(hits) == [f"a{n}" for n in range(249, 29, -1)]


# --- hits --------------------------------------------------------------------------------------


def test_a_hit_is_an_exact_slice_with_its_source(make):
    text = "First part. Second part."
    fields = {"title": "Title", "author": "A. Author", "published": "2023-05", "pages": (0, 12)}
    view = make(("a", text, [(0, 11, 0.0), (12, 24, 1.0)], fields))
    [hit, _] = search(view, Query("none", EAST, "dense"))

    digest = text_digest(text)[:8]
    assert (hit.passage.id, hit.passage.text) == (f"a.{digest}.12-24", "Second part.")
    assert hit.source == Source("a", 2, title="Title", author="A. Author", published="2023-05")
    assert hit.citation == "A. Author, “Title”, 2023-05, p. 2, characters 12–24"


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        (["i", "ii", "1"], "ii"),
        (["1", "2", "3"], None),
        (["i", "ii"], None),  # of another text
        (["i", "", "1"], None),
        (["i", "i" * 41, "1"], None),
        ("ii.", None),
        ([1, 2, 3], None),
        (None, None),
    ],
)
def test_a_source_says_what_its_page_is_called_where_that_is_not_its_number(make, labels, label):
    fields = {"pages": (0, 12, 25), "extra": {"page_labels": labels}}
    view = make(("a", "First part. Second part. Third.", [(12, 24, 1.0)], fields))
    [hit] = search(view, Query("none", EAST, "dense"))

    assert (hit.source.page, hit.source.page_label) == (2, label)
    assert f", p. {'ii (2)' if label else 2}, " in hit.citation


def test_a_passage_that_a_better_hit_shows_by_half_is_left_out(make):
    text = "abcdefghij" * 3
    view = make(
        ("a", text, [(0, 20, 0.9), (10, 30, 0.8), (11, 31, 0.7), (25, 30, 0.6)]),
        ("b", text[:10] + "x", [(10, 11, 0.1)]),
    )
    hits = search(view, Query("none", EAST, "dense"))

    # 10-30 is half shown by 0-20; 11-31 less than half.
    assert [(h.passage.article_id, h.passage.start, h.passage.end) for h in hits] == [
        ("a", 0, 20),
        ("a", 11, 31),
        ("b", 10, 11),
    ]


def test_the_same_text_in_several_articles_is_one_hit_of_the_oldest(make):
    same = "The very same text."
    view = make(
        ("z", same, [(0, 19, 0.5)], {"publisher": "Z"}),
        ("a", f"{same} {same}", [(0, 19, 0.5), (20, 39, 0.5)], {"publisher": "A"}),
        ("m", same, [(0, 19, 0.5)], {"publisher": "M"}),
        ("o", "Another text.", [(0, 13, 0.4)]),
    )
    hits = search(view, Query("none", EAST, "dense"))

    # The copy in the middle of "a" is no lead, so it is a chunk of its own.
    assert [(h.passage.article_id, h.passage.start) for h in hits] == [
        ("z", 0),
        ("a", 20),
        ("o", 0),
    ]
    assert [(s.article_id, s.publisher, p.id) for s, p in hits[0].also_in] == [
        ("a", "A", f"a.{text_digest(f'{same} {same}')[:8]}.0-19"),
        ("m", "M", f"m.{text_digest(same)[:8]}.0-19"),
    ]
    assert [hit.also_in for hit in hits[1:]] == [(), ()]


def test_of_the_same_text_only_articles_that_pass_the_filters_are_named(make):
    same = "The very same text."
    view = make(*((id_, same, [(0, 19, 0.5)], {"language": id_}) for id_ in ("de", "en", "fr")))
    [hit] = search(view, Query("none", EAST, filters=Filters(languages=("en", "fr"))))

    assert hit.passage.article_id == "en"
    assert [source.article_id for source, _ in hit.also_in] == ["fr"]


def test_a_text_that_stands_twice_in_an_article_is_shown_where_it_stands_first(make):
    view = make(("a", "x. Again. Again.", [(3, 9, 0.5), (10, 16, 0.5)]))
    [hit] = search(view, Query("none", EAST, "dense"))

    assert (hit.passage.start, hit.also_in) == (3, ())


def test_a_reader_finds_what_was_there_at_its_generation(make):
    older = make(("a", "Pilots board.", [(0, 13, 0.8)]))
    newer = make(("a", "Bakers bake.", [(0, 12, 0.5)]))

    [before] = search(older, Query("none", EAST, "dense"))
    [after] = search(newer, Query("none", EAST, "dense"))
    assert (before.passage.text, after.passage.text) == ("Pilots board.", "Bakers bake.")


def test_an_empty_corpus_has_no_hit(make):
    view = make()

    assert search(view, Query("pilots", NORTH)) == []


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Source("a"), "a, characters 3–9"),
        (Source("a", 4, "iv"), "a, p. iv (4), characters 3–9"),
        (
            Source(
                "a",
                4,
                title="T",
                url="https://e.org/",
                publisher="P",
                author="A",
                published="2023",
                language="en",
            ),
            "A, “T”, P, 2023, p. 4, characters 3–9, https://e.org/",
        ),
    ],
)
def test_a_citation_says_what_is_known(source, expected):
    assert citation(source, 3, 9) == expected
