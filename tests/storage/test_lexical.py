import math

import numpy as np
import pytest

from qa.storage.lexical import LexicalIndex
from qa.text.terms import terms

CHUNKS = {
    1: "The harbour pilot boards the ship",
    2: "A pilot flies the plane, and the pilot lands the plane",
    3: "Bread is baked at night",
    4: "The bakers of the harbour eat bread, and more bread",
    5: "Resolution 1244 is a compromise",
}


@pytest.fixture
def index(tmp_path):
    made = LexicalIndex(tmp_path / "lexical")
    made.update((), CHUNKS.items())
    return made


def found(searcher, text, limit=10, allowed=None, **options):
    allowed = None if allowed is None else np.array(allowed, np.int64)
    return searcher.best(terms(text), limit, allowed, **options).keys.tolist()


def _lists(ranked):
    return ranked.keys.tolist(), ranked.scores.tolist()


def bm25(texts, terms):
    """{key: score} by the textbook: k1 = 1.2, b = 0.75, and tantivy's idf."""
    mean = sum(map(len, texts.values())) / len(texts)
    scores = {}
    for key, words in texts.items():
        for term in terms:
            frequency = words.count(term)
            holding = sum(term in other for other in texts.values())
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            length = 1 - 0.75 + 0.75 * len(words) / mean
            scores[key] = scores.get(key, 0) + idf * frequency * 2.2 / (frequency + 1.2 * length)
    return {key: score for key, score in scores.items() if score}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("pilot", [2, 1]),  # twice, though in a longer text
        ("harbour pilot", [1, 2, 4]),  # both words, then the commoner, then the longer text
        ("bread", [4, 3]),
        ("resolution 1244", [5]),
        ("zebra", []),
    ],
)
def test_chunks_come_in_the_order_of_bm25(index, question, expected):
    assert found(index.searcher(), question) == expected


def test_scores_are_those_of_the_textbook(index):
    words = {
        1: ["harbour", "pilot", "board", "ship"],
        2: ["pilot", "fli", "plane", "pilot", "land", "plane"],
        3: ["bread", "bake", "night"],
        4: ["baker", "harbour", "eat", "bread", "bread"],
        5: ["resolut", "1244", "compromis"],
    }
    searcher = index.searcher()
    ranked = searcher.best(terms("harbour pilot"), 5)

    assert [terms(text) for text in CHUNKS.values()] == [
        list(dict.fromkeys(each)) for each in words.values()
    ]
    expected = bm25(words, ["harbour", "pilot"])
    assert dict(zip(*_lists(ranked), strict=True)) == pytest.approx(expected, rel=1e-6)


def test_of_equal_scores_the_older_come_first(index):
    index.update((), [(9, "zebra crossing"), (7, "zebra crossing")])
    index.update((), [(8, "zebra crossing"), (6, "zebra crossing")])

    assert found(index.searcher(), "zebra") == [6, 7, 8, 9]


def test_words_are_compared_by_their_stem_without_case_and_accent(index):
    searcher = index.searcher()

    assert terms("Pilots piloted, PILOT; Müller's café") == [
        "pilot",
        "muller",
        "s",
        "cafe",
    ]
    assert found(searcher, "HARBÔURS") == found(searcher, "harbour") == [1, 4]


def test_composed_and_decomposed_letters_are_one_word(index):
    assert terms("cafe\u0301") == terms("caf\u00e9")


@pytest.mark.parametrize("question", ["", " ", "?!", "Why does he do what they did?"])
def test_a_question_of_stop_words_alone_finds_nothing(index, question):
    assert found(index.searcher(), question) == []


def test_stop_words_beside_others_do_not_count(index):
    searcher = index.searcher()
    plain, asked = searcher.best(terms("bread"), 5), searcher.best(terms("Where is the bread?"), 5)

    assert plain.keys.tolist() == asked.keys.tolist()
    assert plain.scores.tolist() == asked.scores.tolist()


def test_a_word_of_more_than_60_letters_is_not_indexed(index):
    assert terms(f"{'x' * 59} {'y' * 80}") == ["x" * 59]


def test_all_terms_must_be_there_when_asked_for(index):
    searcher = index.searcher()

    assert found(searcher, "harbour bread", all_terms=True) == [4]
    assert found(searcher, "harbour zebra", all_terms=True) == []


def test_a_filter_is_applied_before_ranking_and_changes_no_score(index):
    searcher = index.searcher()
    free = dict(zip(*_lists(searcher.best(terms("harbour pilot"), 5)), strict=True))
    ranked = searcher.best(terms("harbour pilot"), 1, np.array([4, 2, 3]))

    assert ranked.keys.tolist() == [2]
    assert ranked.scores.tolist() == [free[2]]
    assert found(searcher, "harbour pilot", 5, [3, 4]) == [4]
    assert found(searcher, "harbour pilot", 5, []) == []


@pytest.mark.parametrize("price", [0, 10, 10**9])
@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.01])
def test_a_filter_finds_the_same_whichever_way_it_is_applied(tmp_path, monkeypatch, price, share):
    monkeypatch.setattr("qa.storage.lexical.PASSED_FOR_A_KEY", price)
    rng = np.random.default_rng(5)
    texts = {n: "harbour " * int(rng.integers(1, 30)) + f"pilot {n}" for n in range(500)}
    index = LexicalIndex(tmp_path)
    index.update((), texts.items())
    searcher = index.searcher()
    allowed = np.flatnonzero(rng.random(500) < share)

    everything = dict(zip(*_lists(searcher.best(terms("harbour"), 500)), strict=True))
    ranked = searcher.best(terms("harbour"), 7, allowed)
    expected = sorted((everything[key] for key in allowed.tolist()), reverse=True)[:7]
    assert ranked.scores.tolist() == expected
    assert [everything[key] for key in ranked.keys.tolist()] == expected
    assert np.isin(ranked.keys, allowed).all()


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_below_one_finds_nothing(index, limit):
    assert found(index.searcher(), "pilot", limit) == []


def test_an_empty_index_finds_nothing(tmp_path):
    searcher = LexicalIndex(tmp_path).searcher()

    assert (len(searcher), found(searcher, "pilot")) == (0, [])
    assert searcher.frequencies(["pilot"]).absent.tolist() == [True]


def test_updating_twice_does_no_harm(index):
    before = index.searcher().best(terms("bread harbour"), 5)
    for _ in range(2):
        index.update([1], [(6, "The harbour sleeps")])
    searcher = index.searcher()

    assert len(searcher) == 5
    assert found(searcher, "harbour") == [6, 4]
    assert before.keys.tolist() == [4, 3, 1]


def test_a_searcher_answers_the_same_while_the_index_goes_on(index):
    older = index.searcher()
    before = _lists(older.best(terms("harbour pilot"), 5))
    for key in range(10, 20):
        index.update([key - 9], [(key, f"harbour pilot {key}")])

    assert _lists(older.best(terms("harbour pilot"), 5)) == before
    assert (len(older), len(index.searcher())) == (5, 9)


def test_an_index_is_opened_again_with_what_is_in_it(index):
    again = LexicalIndex(index.folder)

    assert found(again.searcher(), "pilot") == [2, 1]
    again.update([2], ())
    assert found(again.searcher(), "pilot") == [1]


def test_frequencies_count_the_chunks_of_a_term(index):
    found = index.searcher().frequencies(["pilot", "ship", "zebra"])

    assert (found.counts.tolist(), found.total) == ([2, 1, 0], 5)
    assert found.absent.tolist() == [False, False, True]


def test_rarity_is_the_logarithm_of_the_odds(index):
    searcher = index.searcher()
    found = searcher.frequencies(["pilot", "ship", "zebra"])

    expected = [math.log(1 + 3.5 / 2.5), math.log(1 + 4.5 / 1.5), math.log(1 + 5.5 / 0.5)]
    assert found.rarity.dtype == np.float32
    assert found.rarity.tolist() == pytest.approx(expected, rel=1e-6)
    assert found.highest_rarity == pytest.approx(expected[-1], rel=1e-6)
    assert searcher.frequencies([]).rarity.tolist() == []


def test_a_term_of_chunks_that_were_all_taken_out_is_absent_and_the_rarest(index):
    index.update([1, 2, 3, 4], [(6, "pilot")])
    found = index.searcher().frequencies(["ship", "pilot", "bread", "1244"])

    assert found.absent.tolist() == [True, False, True, False]
    assert found.rarity[[0, 2]].tolist() == pytest.approx([found.highest_rarity] * 2, rel=1e-6)


def test_a_term_weighs_more_than_nothing_though_more_chunks_had_it_than_there_are(index):
    index.update([], [(key, "pilot") for key in range(6, 16)])
    index.update(range(1, 15), ())
    found = index.searcher().frequencies(["pilot"])

    assert (found.counts.tolist(), found.total) == ([1], 1)
    assert found.rarity.tolist() == pytest.approx([math.log(1 + 0.5 / 1.5)], rel=1e-6)


def test_what_was_taken_out_counts_until_the_index_is_rewritten(index):
    fresh = _lists(index.searcher().best(terms("harbour pilot"), 5))
    index.update([1, 3], [(1, CHUNKS[1]), (3, CHUNKS[3])])
    assert index.taken_out() == 2

    index.rewrite(CHUNKS.items())
    assert index.taken_out() == 0
    assert _lists(index.searcher().best(terms("harbour pilot"), 5)) == fresh


def test_a_damaged_folder_is_refused(index):
    (index.folder / "meta.json").write_text("{", "utf-8")

    with pytest.raises(ValueError, match=r"meta\.json|parse|corrupt"):
        LexicalIndex(index.folder)
